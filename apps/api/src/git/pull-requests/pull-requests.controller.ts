import { MergePullRequest, OpenPullRequest, PullRequest, PullRequestDiff } from '@clawtank/contracts';
import { Body, Controller, Get, Injectable, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import * as z from 'zod';
import type { Caller, HumanCaller } from '../../platform/caller.js';
import { Answers } from '../../platform/http/answers.js';
import { CurrentCaller, ForPeople } from '../../platform/http/caller.guard.js';
import { IdempotencyKey, IdParam } from '../../platform/http/parameters.js';
import { Command } from '../../platform/sockets/command.js';
import { PullRequestService } from './pull-request.service.js';

const PullRequestNumber = z.coerce.number().int().min(1);
const OpenPullRequestBody = OpenPullRequest.omit({ roomId: true, commandId: true }).meta({ id: 'OpenPullRequestBody' });
type OpenPullRequestBody = z.infer<typeof OpenPullRequestBody>;

@ApiTags('git')
@ApiBearerAuth()
@Controller('rooms/:id/pulls')
export class PullRequestsController {
  constructor(private readonly pullRequests: PullRequestService) {}

  @Post()
  @Answers(PullRequest, 201)
  open(
    @CurrentCaller() caller: Caller,
    @IdParam('id') roomId: string,
    @Body({ schema: OpenPullRequestBody }) request: OpenPullRequestBody,
    @IdempotencyKey() commandId?: string,
  ): Promise<PullRequest> {
    return this.pullRequests.open(caller, { ...request, roomId, commandId });
  }

  @Get(':number/diff')
  @Answers(PullRequestDiff)
  diff(
    @CurrentCaller() caller: Caller,
    @IdParam('id') roomId: string,
    @Param('number', { schema: PullRequestNumber }) number: number,
  ): Promise<PullRequestDiff> {
    return this.pullRequests.diff(caller, roomId, number);
  }

  @Post(':number/merge')
  @ForPeople()
  @Answers(PullRequest)
  merge(
    @CurrentCaller() caller: HumanCaller,
    @IdParam('id') roomId: string,
    @Param('number', { schema: PullRequestNumber }) number: number,
    @Body({ schema: MergePullRequest }) { headSha }: MergePullRequest,
  ): Promise<PullRequest> {
    return this.pullRequests.merge(caller, roomId, number, headSha);
  }

  @Post(':number/close')
  @Answers(PullRequest)
  close(
    @CurrentCaller() caller: Caller,
    @IdParam('id') roomId: string,
    @Param('number', { schema: PullRequestNumber }) number: number,
  ): Promise<PullRequest> {
    return this.pullRequests.close(caller, roomId, number);
  }
}

@Injectable()
export class PullRequestsGateway {
  constructor(private readonly pullRequests: PullRequestService) {}

  @Command('open_pull_request')
  open(caller: Caller, request: OpenPullRequest): Promise<PullRequest> {
    return this.pullRequests.open(caller, request);
  }
}
