import { AgentLimitsInRoom, Member, SetRoomAgentLimits } from '@clawtank/contracts';
import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { Caller, HumanCaller } from '../../platform/caller.js';
import { Answers } from '../../platform/http/answers.js';
import { CurrentCaller, ForPeople } from '../../platform/http/caller.guard.js';
import { IdParam } from '../../platform/http/parameters.js';
import { AgentLimitsService } from './agent-limits.service.js';

/** What a room holds an agent to. Everybody in the room may know, the agent as well. */
@ApiTags('agents')
@ApiBearerAuth()
@Controller('rooms/:id/agents/:agentId/limits')
export class RoomAgentLimitsController {
  constructor(private readonly limits: AgentLimitsService) {}

  @Get()
  @Answers(AgentLimitsInRoom)
  read(
    @CurrentCaller() caller: Caller,
    @IdParam('id') roomId: string,
    @IdParam('agentId') agentId: string,
  ): Promise<AgentLimitsInRoom> {
    return this.limits.inRoom(caller, roomId, agentId);
  }

  @Put()
  @ForPeople()
  @Answers(Member)
  set(
    @CurrentCaller() caller: HumanCaller,
    @IdParam('id') roomId: string,
    @IdParam('agentId') agentId: string,
    @Body({ schema: SetRoomAgentLimits }) { limits }: SetRoomAgentLimits,
  ): Promise<Member> {
    return this.limits.setByRoom(caller, roomId, agentId, limits);
  }
}
