import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AgentsModule } from '../agents/index.js';
import { ActiveFiles } from './active-files.js';
import { Audience } from './audience.js';
import { InvitationEntity } from './invitation.entity.js';
import { InvitationService } from './invitation.service.js';
import { Lobby } from './lobby.js';
import { MemberBroadcast } from './member-broadcast.js';
import { MemberEntity } from './member.entity.js';
import { PresenceUpdates } from './presence-updates.js';
import { RoomAccess } from './room-access.js';
import { RoomEntity } from './room.entity.js';
import { RoomRepository } from './room-repository.js';
import { RoomService } from './room.service.js';
import { RoomSnapshot } from './room-snapshot.js';
import { InvitationsController, RoomsController } from './rooms.controller.js';
import { RoomsGateway } from './rooms.gateway.js';
import { SeatService } from './seat.service.js';
import { RoomFeed } from './stream/room-feed.js';
import { RoomLog } from './stream/room-log.js';

@Module({
  imports: [TypeOrmModule.forFeature([RoomEntity, MemberEntity, InvitationEntity]), AgentsModule],
  controllers: [RoomsController, InvitationsController],
  providers: [
    ActiveFiles,
    Audience,
    InvitationService,
    Lobby,
    MemberBroadcast,
    PresenceUpdates,
    RoomAccess,
    RoomFeed,
    RoomLog,
    RoomRepository,
    RoomService,
    RoomSnapshot,
    RoomsGateway,
    SeatService,
  ],
  exports: [
    ActiveFiles,
    Audience,
    PresenceUpdates,
    RoomAccess,
    RoomFeed,
    RoomLog,
    RoomRepository,
    RoomService,
    RoomSnapshot,
    SeatService,
  ],
})
export class RoomsModule {}
