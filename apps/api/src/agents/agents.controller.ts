import { Agent, CreateAgent, NewAgent, UpdateAgent } from '@clawtank/contracts';
import { Body, Controller, Delete, Get, Patch, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiTags } from '@nestjs/swagger';
import * as z from 'zod';
import type { HumanCaller } from '../platform/caller.js';
import { Answers, AnswersNothing } from '../platform/http/answers.js';
import { CurrentCaller, ForPeople } from '../platform/http/caller.guard.js';
import { IdempotencyKey, IdParam } from '../platform/http/parameters.js';
import { Agents } from './agents.service.js';

@ApiTags('agents')
@ApiBearerAuth()
@ForPeople()
@Controller('agents')
export class AgentsController {
  constructor(private readonly agents: Agents) {}

  @Post()
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: 'Makes a repeat of this request create nothing.',
  })
  @Answers(NewAgent, 201)
  create(
    @CurrentCaller() caller: HumanCaller,
    @Body({ schema: CreateAgent }) request: CreateAgent,
    @IdempotencyKey() commandId?: string,
  ): Promise<NewAgent> {
    return this.agents.create(caller, request, commandId);
  }

  @Get()
  @Answers(z.array(Agent))
  list(@CurrentCaller() caller: HumanCaller): Promise<Agent[]> {
    return this.agents.ownedBy(caller.userId);
  }

  @Patch(':id')
  @Answers(Agent)
  update(
    @CurrentCaller() caller: HumanCaller,
    @IdParam('id') id: string,
    @Body({ schema: UpdateAgent }) request: UpdateAgent,
  ): Promise<Agent> {
    return this.agents.update(caller, id, request);
  }

  @Post(':id/token')
  @Answers(NewAgent)
  renewToken(@CurrentCaller() caller: HumanCaller, @IdParam('id') id: string): Promise<NewAgent> {
    return this.agents.renewToken(caller, id);
  }

  @Delete(':id')
  @AnswersNothing()
  revoke(@CurrentCaller() caller: HumanCaller, @IdParam('id') id: string): Promise<void> {
    return this.agents.revoke(caller, id);
  }
}
