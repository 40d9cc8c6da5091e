import { AssignRole, Ban, BanPerson, Member, MuteMember, TransferRoom } from '@clawtank/contracts';
import { Body, Controller, Delete, Get, Post, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import * as z from 'zod';
import type { HumanCaller } from '../../platform/caller.js';
import { Answers, AnswersNothing } from '../../platform/http/answers.js';
import { CurrentCaller, ForPeople } from '../../platform/http/caller.guard.js';
import { IdParam } from '../../platform/http/parameters.js';
import { ModerationService } from './moderation.service.js';
import { RoleService } from './role.service.js';

@ApiTags('moderation')
@ApiBearerAuth()
@ForPeople()
@Controller('rooms/:id')
export class ModerationController {
  constructor(
    private readonly moderation: ModerationService,
    private readonly roles: RoleService,
  ) {}

  @Post('transfer')
  @AnswersNothing()
  transfer(
    @CurrentCaller() caller: HumanCaller,
    @IdParam('id') roomId: string,
    @Body({ schema: TransferRoom }) { userId }: TransferRoom,
  ): Promise<void> {
    return this.roles.transfer(caller, roomId, userId);
  }

  @Put('members/:userId/role')
  @Answers(Member)
  assignRole(
    @CurrentCaller() caller: HumanCaller,
    @IdParam('id') roomId: string,
    @IdParam('userId') userId: string,
    @Body({ schema: AssignRole }) request: AssignRole,
  ): Promise<Member> {
    return this.roles.assign(caller, roomId, userId, request);
  }

  @Put('members/:userId/mute')
  @Answers(Member)
  mute(
    @CurrentCaller() caller: HumanCaller,
    @IdParam('id') roomId: string,
    @IdParam('userId') memberId: string,
    @Body({ schema: MuteMember }) { minutes }: MuteMember,
  ): Promise<Member> {
    return this.moderation.mute(caller, roomId, memberId, minutes);
  }

  @Delete('members/:userId/mute')
  @Answers(Member)
  unmute(
    @CurrentCaller() caller: HumanCaller,
    @IdParam('id') roomId: string,
    @IdParam('userId') memberId: string,
  ): Promise<Member> {
    return this.moderation.unmute(caller, roomId, memberId);
  }

  @Delete('members/:userId')
  @AnswersNothing()
  remove(
    @CurrentCaller() caller: HumanCaller,
    @IdParam('id') roomId: string,
    @IdParam('userId') userId: string,
  ): Promise<void> {
    return this.moderation.remove(caller, roomId, userId);
  }

  @Get('bans')
  @Answers(z.array(Ban))
  bans(@CurrentCaller() caller: HumanCaller, @IdParam('id') roomId: string): Promise<Ban[]> {
    return this.moderation.bans(caller, roomId);
  }

  @Post('bans')
  @Answers(Ban)
  ban(
    @CurrentCaller() caller: HumanCaller,
    @IdParam('id') roomId: string,
    @Body({ schema: BanPerson }) request: BanPerson,
  ): Promise<Ban> {
    return this.moderation.ban(caller, roomId, request);
  }

  @Delete('bans/:userId')
  @AnswersNothing()
  liftBan(
    @CurrentCaller() caller: HumanCaller,
    @IdParam('id') roomId: string,
    @IdParam('userId') userId: string,
  ): Promise<void> {
    return this.moderation.liftBan(caller, roomId, userId);
  }
}
