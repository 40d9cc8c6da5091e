import { PullRequest } from '@clawtank/contracts';
import { Controller, Get, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import * as z from 'zod';
import type { Caller } from '../../platform/caller.js';
import { Answers } from '../../platform/http/answers.js';
import { CurrentCaller } from '../../platform/http/caller.guard.js';
import { IdParam } from '../../platform/http/parameters.js';
import { RoomPullRequests } from './room-pull-requests.service.js';

@ApiTags('git')
@ApiBearerAuth()
@Controller('rooms/:id/pulls')
export class RoomPullRequestsController {
  constructor(private readonly pullRequests: RoomPullRequests) {}

  @Get()
  @Answers(z.array(PullRequest))
  list(@CurrentCaller() caller: Caller, @IdParam('id') roomId: string): Promise<PullRequest[]> {
    return this.pullRequests.list(caller, roomId);
  }

  @Get(':number')
  @Answers(PullRequest)
  get(
    @CurrentCaller() caller: Caller,
    @IdParam('id') roomId: string,
    @Param('number', { schema: z.coerce.number().int().min(1).max(2_147_483_647) }) number: number,
  ): Promise<PullRequest> {
    return this.pullRequests.get(caller, roomId, number);
  }
}
