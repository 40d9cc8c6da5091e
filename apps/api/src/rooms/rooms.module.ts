import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AgentsModule } from '../agents/index.js';
import { UsersModule } from '../users/index.js';
import { AbilityUpdates } from './ability-updates.js';
import { ActiveFiles } from './active-files.js';
import { ActivityFeed } from './activity-feed.js';
import { AgentView } from './agent-view.js';
import { AgentPauseController } from './agent-pause.controller.js';
import { AgentPauseService } from './agent-pause.service.js';
import { Audience } from './audience.js';
import { AuditController } from './audit/audit.controller.js';
import { AuditLog } from './audit/audit-log.js';
import { ConnectionMap } from './connection-map.js';
import { DirectTalk } from './direct-talk.js';
import { JoinPushes } from './join-pushes.js';
import { AgentInbox } from './inbox/agent-inbox.js';
import { InboxController } from './inbox/inbox.controller.js';
import { InboxGateway } from './inbox/inbox.gateway.js';
import { InboxReader } from './inbox/inbox-reader.js';
import { InboxSignals } from './inbox/inbox-signals.js';
import { SweepInboxes } from './inbox/sweep-inboxes.jobs.js';
import { InvitationEntity } from './invitations/invitation.entity.js';
import { InvitationService } from './invitations/invitation.service.js';
import { InvitationsController } from './invitations/invitations.controller.js';
import { PersonalInvitationService } from './invitations/personal-invitation.service.js';
import { AgentLimitsService } from './limits/agent-limits.service.js';
import { AgentReach } from './limits/agent-reach.js';
import { AgentUses } from './limits/agent-uses.js';
import { OwnAgentLimitsController } from './limits/own-agent-limits.controller.js';
import { RoomAgentLimitsController } from './limits/room-agent-limits.controller.js';
import { Lobby } from './lobby/lobby.js';
import { RoomCards } from './lobby/room-cards.js';
import { MemberBroadcast } from './member-broadcast.js';
import { MemberEntity } from './member.entity.js';
import { ModerationController } from './moderation/moderation.controller.js';
import { ModerationService } from './moderation/moderation.service.js';
import { RoleService } from './moderation/role.service.js';
import { PresenceUpdates } from './presence-updates.js';
import { RoomAccess } from './room-access.js';
import { RoomLeases } from './room-leases.js';
import { RoomMoments } from './room-moments.js';
import { RoomEntity } from './room.entity.js';
import { RoomRepository } from './room-repository.js';
import { RoomService } from './room.service.js';
import { RoomSnapshot } from './room-snapshot.js';
import { RoomsController } from './rooms.controller.js';
import { RoomsGateway } from './rooms.gateway.js';
import { SeatService } from './seat.service.js';
import { Seating } from './seating.js';
import { HotHistory } from './stream/hot-history.js';
import { TypingGateway } from './typing.gateway.js';
import { RoomContexts } from './room-contexts.js';
import { RoomWork } from './room-work.js';
import { RoomFeed } from './stream/room-feed.js';
import { RoomLog } from './stream/room-log.js';

@Module({
  imports: [TypeOrmModule.forFeature([RoomEntity, MemberEntity, InvitationEntity]), UsersModule, AgentsModule],
  controllers: [
    AgentPauseController,
    AuditController,
    ModerationController,
    OwnAgentLimitsController,
    RoomAgentLimitsController,
    RoomsController,
    InboxController,
    InvitationsController,
  ],
  providers: [
    AbilityUpdates,
    ActiveFiles,
    ActivityFeed,
    AgentInbox,
    AgentLimitsService,
    AgentPauseService,
    AgentReach,
    AgentUses,
    AgentView,
    Audience,
    AuditLog,
    HotHistory,
    InboxGateway,
    InboxReader,
    InboxSignals,
    ConnectionMap,
    DirectTalk,
    InvitationService,
    JoinPushes,
    Lobby,
    MemberBroadcast,
    ModerationService,
    PersonalInvitationService,
    PresenceUpdates,
    RoleService,
    RoomAccess,
    RoomCards,
    RoomContexts,
    RoomWork,
    RoomFeed,
    RoomLeases,
    RoomLog,
    RoomMoments,
    RoomRepository,
    RoomService,
    RoomSnapshot,
    RoomsGateway,
    SeatService,
    Seating,
    SweepInboxes,
    TypingGateway,
  ],
  exports: [
    ActiveFiles,
    AgentReach,
    RoomContexts,
    RoomWork,
    AgentUses,
    AgentInbox,
    AgentView,
    InboxReader,
    InboxSignals,
    Audience,
    AuditLog,
    ConnectionMap,
    DirectTalk,
    MemberBroadcast,
    PresenceUpdates,
    RoomAccess,
    RoomFeed,
    RoomLeases,
    RoomLog,
    RoomRepository,
    RoomService,
    RoomSnapshot,
    SeatService,
  ],
})
export class RoomsModule {}
