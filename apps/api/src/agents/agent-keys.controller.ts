import { AgentKey } from '@clawtank/contracts';
import { Controller, Delete, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import * as z from 'zod';
import type { HumanCaller } from '../platform/caller.js';
import { Answers, AnswersNothing } from '../platform/http/answers.js';
import { CurrentCaller, ForPeople } from '../platform/http/caller.guard.js';
import { IdParam } from '../platform/http/parameters.js';
import { AgentKeys } from './agent-keys.service.js';

@ApiTags('agents')
@ApiBearerAuth()
@ForPeople()
@Controller('agents/:id/keys')
export class AgentKeysController {
  constructor(private readonly keys: AgentKeys) {}

  @Get()
  @Answers(z.array(AgentKey))
  list(@CurrentCaller() caller: HumanCaller, @IdParam('id') agentId: string): Promise<AgentKey[]> {
    return this.keys.list(caller, agentId);
  }

  @Delete(':keyId')
  @AnswersNothing()
  revoke(
    @CurrentCaller() caller: HumanCaller,
    @IdParam('id') agentId: string,
    @IdParam('keyId') keyId: string,
  ): Promise<void> {
    return this.keys.revoke(caller, agentId, keyId);
  }
}
