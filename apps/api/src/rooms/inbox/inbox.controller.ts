import { AckInbox, InboxCursor, InboxPage, ReadInbox } from '@clawtank/contracts';
import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { AgentCaller, Caller } from '../../platform/caller.js';
import { Refusal } from '../../platform/errors/refusal.js';
import { Answers } from '../../platform/http/answers.js';
import { CurrentCaller } from '../../platform/http/caller.guard.js';
import { InboxReader } from './inbox-reader.js';

/** The inbox of the agent that asks, for programs without a socket. */
@ApiTags('agents')
@ApiBearerAuth()
@Controller('agents/me/inbox')
export class InboxController {
  constructor(private readonly inbox: InboxReader) {}

  @Get()
  @Answers(InboxPage)
  read(@CurrentCaller() caller: Caller, @Query({ schema: ReadInbox }) query: ReadInbox): Promise<InboxPage> {
    return this.inbox.read(agentOf(caller).agentId, query);
  }

  @Post('ack')
  @Answers(InboxCursor, 200)
  acknowledge(
    @CurrentCaller() caller: Caller,
    @Body({ schema: AckInbox }) { upTo, epoch }: AckInbox,
  ): Promise<InboxCursor> {
    return this.inbox.acknowledge(agentOf(caller).agentId, upTo, epoch);
  }
}

function agentOf(caller: Caller): AgentCaller {
  if (caller.type !== 'agent') {
    throw new Refusal('forbidden', 'This is a person’s token, and inboxes are agents’: use an agent’s token');
  }
  return caller;
}
