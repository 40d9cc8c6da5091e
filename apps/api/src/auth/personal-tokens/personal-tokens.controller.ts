import { AccessToken, CreateAccessToken, NewAccessToken } from '@clawtank/contracts';
import { Body, Controller, Delete, Get, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import * as z from 'zod';
import type { HumanCaller } from '../../platform/caller.js';
import { Answers, AnswersNothing } from '../../platform/http/answers.js';
import { CurrentCaller, ForPeople } from '../../platform/http/caller.guard.js';
import { IdParam } from '../../platform/http/parameters.js';
import { PersonalTokens } from './personal-tokens.service.js';

@ApiTags('auth')
@ApiBearerAuth()
@ForPeople()
@Controller('auth/tokens')
export class PersonalTokensController {
  constructor(private readonly tokens: PersonalTokens) {}

  @Post()
  @Answers(NewAccessToken, 201)
  create(
    @CurrentCaller() caller: HumanCaller,
    @Body({ schema: CreateAccessToken }) request: CreateAccessToken,
  ): Promise<NewAccessToken> {
    return this.tokens.create(caller, request);
  }

  @Get()
  @Answers(z.array(AccessToken))
  list(@CurrentCaller() caller: HumanCaller): Promise<AccessToken[]> {
    return this.tokens.list(caller);
  }

  @Delete(':id')
  @AnswersNothing()
  revoke(@CurrentCaller() caller: HumanCaller, @IdParam('id') id: string): Promise<void> {
    return this.tokens.revoke(caller, id);
  }
}
