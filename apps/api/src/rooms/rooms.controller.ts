import {
  ActivityPage,
  CreateRoom,
  JoinRoomRequest,
  ListActivity,
  ListRooms,
  Member,
  Room,
  RoomFacets,
  RoomInfo,
  RoomList,
  RoomState,
  UpdateRoom,
} from '@clawtank/contracts';
import { Body, Controller, Delete, Get, Post, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { Caller, HumanCaller } from '../platform/caller.js';
import { Answers, AnswersNothing } from '../platform/http/answers.js';
import { CurrentCaller, ForAnyone, ForPeople } from '../platform/http/caller.guard.js';
import { IdempotencyKey, IdParam } from '../platform/http/parameters.js';
import { AgentView } from './agent-view.js';
import { ActivityFeed } from './activity-feed.js';
import { Lobby } from './lobby/lobby.js';
import { RoomAccess } from './room-access.js';
import { RoomService } from './room.service.js';
import { RoomSnapshot } from './room-snapshot.js';
import { SeatService } from './seat.service.js';

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
    private readonly activity: ActivityFeed,
    private readonly agentView: AgentView,
  ) {}

  @Get()
  @ForAnyone()
  @Answers(RoomList)
  list(@CurrentCaller() caller: Caller | null, @Query({ schema: ListRooms }) query: ListRooms): Promise<RoomList> {
    return this.lobby.list(caller, query);
  }

  @Get('facets')
  @ForAnyone()
  @Answers(RoomFacets)
  facets(): Promise<RoomFacets> {
    return this.lobby.facets();
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

  @Post(':id/archive')
  @ForPeople()
  @Answers(RoomInfo)
  archive(@CurrentCaller() caller: HumanCaller, @IdParam('id') roomId: string): Promise<RoomInfo> {
    return this.rooms.archive(caller, roomId);
  }

  @Post(':id/unarchive')
  @ForPeople()
  @Answers(RoomInfo)
  unarchive(@CurrentCaller() caller: HumanCaller, @IdParam('id') roomId: string): Promise<RoomInfo> {
    return this.rooms.unarchive(caller, roomId);
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
    return this.agentView.state(caller, await this.snapshots.read(roomId));
  }

  @Get(':id/activity')
  @Answers(ActivityPage)
  async listActivity(
    @CurrentCaller() caller: Caller,
    @IdParam('id') roomId: string,
    @Query({ schema: ListActivity }) query: ListActivity,
  ): Promise<ActivityPage> {
    const page = await this.activity.page(caller, roomId, query);
    return { ...page, activity: await this.agentView.activity(caller, roomId, page.activity) };
  }
}
