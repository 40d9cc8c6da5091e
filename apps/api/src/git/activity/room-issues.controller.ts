import { Issue, type TakeIssue } from '@clawtank/contracts';
import { Controller, Get, Injectable } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import * as z from 'zod';
import type { Caller, HumanCaller } from '../../platform/caller.js';
import { Answers } from '../../platform/http/answers.js';
import { CurrentCaller } from '../../platform/http/caller.guard.js';
import { IdParam } from '../../platform/http/parameters.js';
import { Command } from '../../platform/sockets/command.js';
import { RoomIssues } from './room-issues.service.js';

@ApiTags('git')
@ApiBearerAuth()
@Controller('rooms/:id/issues')
export class RoomIssuesController {
  constructor(private readonly issues: RoomIssues) {}

  @Get()
  @Answers(z.array(Issue))
  list(@CurrentCaller() caller: Caller, @IdParam('id') roomId: string): Promise<Issue[]> {
    return this.issues.list(caller, roomId);
  }
}

@Injectable()
export class RoomIssuesGateway {
  constructor(private readonly issues: RoomIssues) {}

  @Command('take_issue')
  take(caller: HumanCaller, request: TakeIssue): Promise<Issue> {
    return this.issues.take(caller, request);
  }
}
