import { UserReputation } from '@clawtank/contracts';
import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Caller } from '../platform/caller.js';
import { Answers } from '../platform/http/answers.js';
import { CurrentCaller, ForAnyone } from '../platform/http/caller.guard.js';
import { IdParam } from '../platform/http/parameters.js';
import { ReputationReader } from './reputation.reader.js';

@ApiTags('users')
@Controller('users/:id/reputation')
export class ReputationController {
  constructor(private readonly reputation: ReputationReader) {}

  @Get()
  @ForAnyone()
  @Answers(UserReputation)
  get(@CurrentCaller() caller: Caller | null, @IdParam('id') userId: string): Promise<UserReputation> {
    return this.reputation.of(userId, caller);
  }
}
