import {
  CreateInvitation,
  Invitation,
  InvitationPreview,
  InvitePerson,
  NewInvitation,
  PersonalInvitation,
  Room,
} from '@clawtank/contracts';
import { Body, Controller, Delete, Get, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import * as z from 'zod';
import type { Caller, HumanCaller } from '../../platform/caller.js';
import { Answers, AnswersNothing } from '../../platform/http/answers.js';
import { CurrentCaller, ForAnyone, ForPeople } from '../../platform/http/caller.guard.js';
import { IdParam } from '../../platform/http/parameters.js';
import { RoomService } from '../room.service.js';
import { SeatService } from '../seat.service.js';
import { InvitationService } from './invitation.service.js';
import { PersonalInvitationService } from './personal-invitation.service.js';

@ApiTags('invitations')
@ApiBearerAuth()
@ForPeople()
@Controller()
export class InvitationsController {
  constructor(
    private readonly invitations: InvitationService,
    private readonly personal: PersonalInvitationService,
    private readonly seats: SeatService,
    private readonly rooms: RoomService,
  ) {}

  @Post('rooms/:id/invitations')
  @Answers(NewInvitation, 201)
  create(
    @CurrentCaller() caller: HumanCaller,
    @IdParam('id') roomId: string,
    @Body({ schema: CreateInvitation }) request: CreateInvitation,
  ): Promise<NewInvitation> {
    return this.invitations.create(caller, roomId, request);
  }

  @Get('rooms/:id/invitations')
  @Answers(z.array(Invitation))
  list(@CurrentCaller() caller: HumanCaller, @IdParam('id') roomId: string): Promise<Invitation[]> {
    return this.invitations.list(caller, roomId);
  }

  @Post('rooms/:id/invitations/people')
  @Answers(PersonalInvitation)
  invitePerson(
    @CurrentCaller() caller: HumanCaller,
    @IdParam('id') roomId: string,
    @Body({ schema: InvitePerson }) { username }: InvitePerson,
  ): Promise<PersonalInvitation> {
    return this.personal.invite(caller, roomId, username);
  }

  @Get('rooms/:id/invitations/people')
  @Answers(z.array(PersonalInvitation))
  listPeople(@CurrentCaller() caller: HumanCaller, @IdParam('id') roomId: string): Promise<PersonalInvitation[]> {
    return this.personal.ofRoom(caller, roomId);
  }

  @Delete('rooms/:id/invitations/:invitationId')
  @AnswersNothing()
  revoke(
    @CurrentCaller() caller: HumanCaller,
    @IdParam('id') roomId: string,
    @IdParam('invitationId') invitationId: string,
  ): Promise<void> {
    return this.invitations.revoke(caller, roomId, invitationId);
  }

  @Get('me/invitations')
  @Answers(z.array(PersonalInvitation))
  mine(@CurrentCaller() caller: HumanCaller): Promise<PersonalInvitation[]> {
    return this.personal.mine(caller);
  }

  @Post('me/invitations/:id/accept')
  @Answers(Room)
  async acceptPersonal(@CurrentCaller() caller: HumanCaller, @IdParam('id') invitationId: string): Promise<Room> {
    return this.rooms.get(caller, await this.personal.accept(caller, invitationId));
  }

  @Post('me/invitations/:id/decline')
  @AnswersNothing()
  decline(@CurrentCaller() caller: HumanCaller, @IdParam('id') invitationId: string): Promise<void> {
    return this.personal.decline(caller, invitationId);
  }

  @Get('invitations/:token')
  @ForAnyone()
  @Answers(InvitationPreview)
  preview(@CurrentCaller() caller: Caller | null, @Param('token') token: string): Promise<InvitationPreview> {
    return this.invitations.preview(caller, token);
  }

  @Post('invitations/:token/accept')
  @Answers(Room)
  async accept(@CurrentCaller() caller: HumanCaller, @Param('token') token: string): Promise<Room> {
    return this.rooms.get(caller, await this.seats.accept(caller, token));
  }
}
