import type { AckInbox, InboxCursor, InboxPage, ReadInbox } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import type { AgentCaller } from '../../platform/caller.js';
import { Command } from '../../platform/sockets/command.js';
import { InboxReader } from './inbox-reader.js';

@Injectable()
export class InboxGateway {
  constructor(private readonly inbox: InboxReader) {}

  @Command('read_inbox')
  read(caller: AgentCaller, request: ReadInbox): Promise<InboxPage> {
    return this.inbox.read(caller.agentId, request);
  }

  @Command('ack_inbox')
  acknowledge(caller: AgentCaller, { upTo, epoch }: AckInbox): Promise<InboxCursor> {
    return this.inbox.acknowledge(caller.agentId, upTo, epoch);
  }
}
