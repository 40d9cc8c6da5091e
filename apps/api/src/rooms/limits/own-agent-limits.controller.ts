import { AgentLimitsOverview, SetOwnAgentLimits } from '@clawtank/contracts';
import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { HumanCaller } from '../../platform/caller.js';
import { Answers } from '../../platform/http/answers.js';
import { CurrentCaller, ForPeople } from '../../platform/http/caller.guard.js';
import { IdParam } from '../../platform/http/parameters.js';
import { AgentLimitsService } from './agent-limits.service.js';

/** What a person holds their own agents to. */
@ApiTags('agents')
@ApiBearerAuth()
@ForPeople()
@Controller('agents/:id/limits')
export class OwnAgentLimitsController {
  constructor(private readonly limits: AgentLimitsService) {}

  @Get()
  @Answers(AgentLimitsOverview)
  read(@CurrentCaller() caller: HumanCaller, @IdParam('id') agentId: string): Promise<AgentLimitsOverview> {
    return this.limits.overview(caller, agentId);
  }

  @Put()
  @Answers(AgentLimitsOverview)
  set(
    @CurrentCaller() caller: HumanCaller,
    @IdParam('id') agentId: string,
    @Body({ schema: SetOwnAgentLimits }) { roomId, limits }: SetOwnAgentLimits,
  ): Promise<AgentLimitsOverview> {
    return this.limits.setByOwner(caller, agentId, roomId, limits);
  }
}
