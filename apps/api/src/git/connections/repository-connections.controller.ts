import { ConnectedRepository, ConnectRepository, RepositoryConnection } from '@clawtank/contracts';
import { Body, Controller, Delete, Get, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { HumanCaller } from '../../platform/caller.js';
import { Answers, AnswersNothing } from '../../platform/http/answers.js';
import { CurrentCaller, ForPeople } from '../../platform/http/caller.guard.js';
import { IdParam } from '../../platform/http/parameters.js';
import { RepositoryConnections } from './repository-connections.service.js';

@ApiTags('git')
@ApiBearerAuth()
@ForPeople()
@Controller('rooms/:id/git')
export class RepositoryConnectionsController {
  constructor(private readonly connections: RepositoryConnections) {}

  @Get()
  @Answers(RepositoryConnection)
  show(@CurrentCaller() caller: HumanCaller, @IdParam('id') roomId: string): Promise<RepositoryConnection> {
    return this.connections.show(caller, roomId);
  }

  @Post()
  @Answers(ConnectedRepository, 201)
  connect(
    @CurrentCaller() caller: HumanCaller,
    @IdParam('id') roomId: string,
    @Body({ schema: ConnectRepository }) request: ConnectRepository,
  ): Promise<ConnectedRepository> {
    return this.connections.connect(caller, roomId, request);
  }

  @Delete()
  @AnswersNothing()
  disconnect(@CurrentCaller() caller: HumanCaller, @IdParam('id') roomId: string): Promise<void> {
    return this.connections.disconnect(caller, roomId);
  }
}
