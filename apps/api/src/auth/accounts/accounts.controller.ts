import { Controller, Delete, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { HumanCaller } from '../../platform/caller.js';
import { AnswersNothing } from '../../platform/http/answers.js';
import { CurrentCaller, ForPeople } from '../../platform/http/caller.guard.js';
import { IdParam } from '../../platform/http/parameters.js';
import { Accounts } from './accounts.service.js';

@ApiTags('users')
@ApiBearerAuth()
@ForPeople()
@Controller('users/:id')
export class AccountsController {
  constructor(private readonly accounts: Accounts) {}

  @Delete()
  @AnswersNothing()
  close(@CurrentCaller() caller: HumanCaller, @IdParam('id') id: string): Promise<void> {
    return this.accounts.close(caller, id);
  }

  @Put('ban')
  @AnswersNothing()
  ban(@CurrentCaller() caller: HumanCaller, @IdParam('id') id: string): Promise<void> {
    return this.accounts.ban(caller, id);
  }

  @Delete('ban')
  @AnswersNothing()
  liftBan(@CurrentCaller() caller: HumanCaller, @IdParam('id') id: string): Promise<void> {
    return this.accounts.liftBan(caller, id);
  }
}
