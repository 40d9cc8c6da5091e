import {
  ActivityPage,
  CreateInvitation,
  CreateRoom,
  Invitation,
  InvitationPreview,
  JoinRoomRequest,
  ListActivity,
  ListRooms,
  Member,
  NewInvitation,
  Room,
  RoomInfo,
  RoomList,
  RoomState,
  UpdateRoom,
} from '@clawtank/contracts';
import { Body, Controller, Delete, Get, Param, Post, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import * as z from 'zod';
import type { Caller, HumanCaller } from '../platform/caller.js';
import { Answers, AnswersNothing } from '../platform/http/answers.js';
import { CurrentCaller, ForAnyone, ForPeople } from '../platform/http/caller.guard.js';
import { IdempotencyKey, IdParam } from '../platform/http/parameters.js';
import { InvitationService } from './invitation.service.js';
import { Lobby } from './lobby.js';
import { RoomAccess } from './room-access.js';
import { RoomService } from './room.service.js';
import { RoomSnapshot } from './room-snapshot.js';
import { SeatService } from './seat.service.js';
import { RoomLog } from './stream/room-log.js';

@ApiTags('rooms')
@ApiBearerAuth()
@Controller('rooms')
export class RoomsController {
  constructor(
    private readonly rooms: RoomService,
    private readonly seats: SeatService,
    private readonly lobby: Lobby,
    private readonly access: RoomAccess,
    private readonly snapshots: RoomSnapshot,
    private readonly log: RoomLog,
  ) {}

  @Get()
  @ForAnyone()
  @Answers(RoomList)
  list(@CurrentCaller() caller: Caller | null, @Query({ schema: ListRooms }) query: ListRooms): Promise<RoomList> {
    return this.lobby.list(caller, query);
  }

  @Post()
  @ForPeople()
  @Answers(Room, 201)
  create(
    @CurrentCaller() caller: HumanCaller,
    @Body({ schema: CreateRoom }) request: CreateRoom,
    @IdempotencyKey() commandId?: string,
  ): Promise<Room> {
    return this.rooms.create(caller, request, commandId);
  }

  @Get(':id')
  @ForAnyone()
  @Answers(Room)
  get(@CurrentCaller() caller: Caller | null, @IdParam('id') roomId: string): Promise<Room> {
    return this.rooms.get(caller, roomId);
  }

  @Put(':id')
  @ForPeople()
  @Answers(RoomInfo)
  update(
    @CurrentCaller() caller: HumanCaller,
    @IdParam('id') roomId: string,
    @Body({ schema: UpdateRoom }) change: UpdateRoom,
  ): Promise<RoomInfo> {
    return this.rooms.update(caller, roomId, change);
  }

  @Delete(':id')
  @ForPeople()
  @AnswersNothing()
  delete(@CurrentCaller() caller: HumanCaller, @IdParam('id') roomId: string): Promise<void> {
    return this.rooms.delete(caller, roomId);
  }

  @Post(':id/join')
  @ForPeople()
  @Answers(Room)
  async join(
    @CurrentCaller() caller: HumanCaller,
    @IdParam('id') roomId: string,
    @Body({ schema: JoinRoomRequest.optional() }) request?: JoinRoomRequest,
  ): Promise<Room> {
    await this.seats.join(caller, roomId, request?.invitation);
    return this.rooms.get(caller, roomId);
  }

  @Post(':id/leave')
  @ForPeople()
  @AnswersNothing()
  leave(@CurrentCaller() caller: HumanCaller, @IdParam('id') roomId: string): Promise<void> {
    return this.seats.leave(caller, roomId);
  }

  @Delete(':id/members/:userId')
  @ForPeople()
  @AnswersNothing()
  removeMember(
    @CurrentCaller() caller: HumanCaller,
    @IdParam('id') roomId: string,
    @IdParam('userId') userId: string,
  ): Promise<void> {
    return this.seats.removeMember(caller, roomId, userId);
  }

  @Post(':id/agents/:agentId')
  @ForPeople()
  @Answers(Member)
  seatAgent(
    @CurrentCaller() caller: HumanCaller,
    @IdParam('id') roomId: string,
    @IdParam('agentId') agentId: string,
  ): Promise<Member> {
    return this.seats.seatAgent(caller, roomId, agentId);
  }

  @Delete(':id/agents/:agentId')
  @ForPeople()
  @AnswersNothing()
  unseatAgent(
    @CurrentCaller() caller: HumanCaller,
    @IdParam('id') roomId: string,
    @IdParam('agentId') agentId: string,
  ): Promise<void> {
    return this.seats.unseatAgent(caller, roomId, agentId);
  }

  @Get(':id/state')
  @Answers(RoomState)
  async state(@CurrentCaller() caller: Caller, @IdParam('id') roomId: string): Promise<RoomState> {
    await this.access.look(caller, roomId, 'read');
    return this.snapshots.read(roomId);
  }

  @Get(':id/activity')
  @Answers(ActivityPage)
  async activity(
    @CurrentCaller() caller: Caller,
    @IdParam('id') roomId: string,
    @Query({ schema: ListActivity }) { before, limit }: ListActivity,
  ): Promise<ActivityPage> {
    await this.access.look(caller, roomId, 'read');
    const activity = await this.log.activity(roomId, limit + 1, before);
    return { activity: activity.slice(-limit), hasMore: activity.length > limit };
  }
}

@ApiTags('invitations')
@ApiBearerAuth()
@Controller()
export class InvitationsController {
  constructor(
    private readonly invitations: InvitationService,
    private readonly seats: SeatService,
    private readonly rooms: RoomService,
  ) {}

  @Post('rooms/:id/invitations')
  @ForPeople()
  @Answers(NewInvitation, 201)
  create(
    @CurrentCaller() caller: HumanCaller,
    @IdParam('id') roomId: string,
    @Body({ schema: CreateInvitation }) request: CreateInvitation,
  ): Promise<NewInvitation> {
    return this.invitations.create(caller, roomId, request);
  }

  @Get('rooms/:id/invitations')
  @ForPeople()
  @Answers(z.array(Invitation))
  list(@CurrentCaller() caller: HumanCaller, @IdParam('id') roomId: string): Promise<Invitation[]> {
    return this.invitations.list(caller, roomId);
  }

  @Delete('rooms/:id/invitations/:invitationId')
  @ForPeople()
  @AnswersNothing()
  revoke(
    @CurrentCaller() caller: HumanCaller,
    @IdParam('id') roomId: string,
    @IdParam('invitationId') invitationId: string,
  ): Promise<void> {
    return this.invitations.revoke(caller, roomId, invitationId);
  }

  @Get('invitations/:token')
  @ForAnyone()
  @Answers(InvitationPreview)
  preview(@CurrentCaller() caller: Caller | null, @Param('token') token: string): Promise<InvitationPreview> {
    return this.invitations.preview(caller, token);
  }

  @Post('invitations/:token/accept')
  @ForPeople()
  @Answers(Room)
  async accept(@CurrentCaller() caller: HumanCaller, @Param('token') token: string): Promise<Room> {
    return this.rooms.get(caller, await this.seats.accept(caller, token));
  }
}
