import {
  AgentAtWork,
  AgentHistory as AgentHistoryPage,
  AgentOverview as AgentOverviewView,
  ListDeeds,
} from '@clawtank/contracts';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import * as z from 'zod';
import type { Caller, HumanCaller } from '../platform/caller.js';
import { Answers } from '../platform/http/answers.js';
import { CurrentCaller, ForPeople } from '../platform/http/caller.guard.js';
import { IdParam } from '../platform/http/parameters.js';
import { AgentHistory } from './agent-history.js';
import { AgentOverview } from './agent-overview.js';
import { AgentsAtWork } from './agents-at-work.js';

@ApiTags('agents')
@ApiBearerAuth()
@ForPeople()
@Controller('agents/:id')
export class OversightController {
  constructor(
    private readonly overviews: AgentOverview,
    private readonly histories: AgentHistory,
  ) {}

  @Get('overview')
  @Answers(AgentOverviewView)
  overview(@CurrentCaller() caller: HumanCaller, @IdParam('id') agentId: string): Promise<AgentOverviewView> {
    return this.overviews.of(caller, agentId);
  }

  @Get('history')
  @Answers(AgentHistoryPage)
  history(
    @CurrentCaller() caller: HumanCaller,
    @IdParam('id') agentId: string,
    @Query({ schema: ListDeeds }) query: ListDeeds,
  ): Promise<AgentHistoryPage> {
    return this.histories.page(caller, agentId, query);
  }
}

@ApiTags('agents')
@ApiBearerAuth()
@Controller('rooms/:id/agents')
export class AgentsAtWorkController {
  constructor(private readonly atWork: AgentsAtWork) {}

  @Get()
  @Answers(z.array(AgentAtWork))
  list(@CurrentCaller() caller: Caller, @IdParam('id') roomId: string): Promise<AgentAtWork[]> {
    return this.atWork.inRoom(caller, roomId);
  }
}
