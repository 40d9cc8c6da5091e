import { Member } from '@clawtank/contracts';
import { Controller, Delete, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { HumanCaller } from '../platform/caller.js';
import { Answers } from '../platform/http/answers.js';
import { CurrentCaller, ForPeople } from '../platform/http/caller.guard.js';
import { IdParam } from '../platform/http/parameters.js';
import { AgentPauseService } from './agent-pause.service.js';

@ApiTags('agents')
@ApiBearerAuth()
@ForPeople()
@Controller('rooms/:id/agents/:agentId/pause')
export class AgentPauseController {
  constructor(private readonly pauses: AgentPauseService) {}

  @Put()
  @Answers(Member)
  pause(
    @CurrentCaller() caller: HumanCaller,
    @IdParam('id') roomId: string,
    @IdParam('agentId') agentId: string,
  ): Promise<Member> {
    return this.pauses.pause(caller, roomId, agentId);
  }

  @Delete()
  @Answers(Member)
  resume(
    @CurrentCaller() caller: HumanCaller,
    @IdParam('id') roomId: string,
    @IdParam('agentId') agentId: string,
  ): Promise<Member> {
    return this.pauses.resume(caller, roomId, agentId);
  }
}
