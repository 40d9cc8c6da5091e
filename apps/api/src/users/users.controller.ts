import { UpdateProfile, UserProfile } from '@clawtank/contracts';
import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { HumanCaller } from '../platform/caller.js';
import { Answers } from '../platform/http/answers.js';
import { CurrentCaller, ForAnyone, ForPeople } from '../platform/http/caller.guard.js';
import { IdParam } from '../platform/http/parameters.js';
import { Users } from './users.service.js';

@ApiTags('users')
@ApiBearerAuth()
@Controller('users')
export class UsersController {
  constructor(private readonly users: Users) {}

  @Get(':id')
  @ForAnyone()
  @Answers(UserProfile)
  profile(@IdParam('id') id: string): Promise<UserProfile> {
    return this.users.profile(id);
  }

  @Put(':id')
  @ForPeople()
  @Answers(UserProfile)
  update(
    @CurrentCaller() caller: HumanCaller,
    @IdParam('id') id: string,
    @Body({ schema: UpdateProfile }) change: UpdateProfile,
  ): Promise<UserProfile> {
    return this.users.updateProfile(caller, id, change);
  }
}
