import type { MarkRead } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import type { HumanCaller } from '../platform/caller.js';
import { Command } from '../platform/sockets/command.js';
import type { Connection } from '../platform/sockets/connection.js';
import { Reading } from './reading.service.js';

@Injectable()
export class AttentionGateway {
  constructor(private readonly reading: Reading) {}

  @Command('mark_read')
  markRead(caller: HumanCaller, request: MarkRead, connection: Connection): Promise<void> {
    return this.reading.markRead(caller, request, connection);
  }
}
