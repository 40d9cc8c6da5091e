export { ActiveFiles } from './active-files.js';
export { AgentView } from './agent-view.js';
export { Audience, type AudienceCount } from './audience.js';
export { type Addressee, waitingAs } from './domain/addressing.js';
export { abilitiesByRole } from './domain/permissions.js';
export { AgentReach, type Reach } from './limits/agent-reach.js';
export { AgentUses } from './limits/agent-uses.js';
export {
  type ChangedPath,
  firstForbidden,
  permittedInWords,
  permittedPattern,
  whyForbidden,
} from './limits/domain/permitted-paths.js';
export { requirePermitted } from './limits/not-permitted.js';
export { limitsOf } from './limits/limits-of-seats.js';
export { AuditLog, type Deed } from './audit/audit-log.js';
export { publicText } from './domain/public-text.js';
export { publicView } from './domain/public-view.js';
export { AgentInbox } from './inbox/agent-inbox.js';
export { InboxReader } from './inbox/inbox-reader.js';
export { InboxSignals } from './inbox/inbox-signals.js';
export { type DirectAnswers, DirectTalk } from './direct-talk.js';
export { groupOf, MemberBroadcast } from './member-broadcast.js';
export { spectatorTag } from './moderation/spectator-tag.js';
export { MemberEntity } from './member.entity.js';
export { PresenceUpdates } from './presence-updates.js';
export { type Entered, RoomAccess } from './room-access.js';
export { RoomEntity } from './room.entity.js';
export { presentRoom, readMembers } from './room.presenter.js';
export { type AgentPush, type LeaseKeeper, RoomLeases } from './room-leases.js';
export {
  type BranchChanges,
  type Departure,
  isSeen,
  MAX_OWN_COMMITS,
  type OwnChanges,
  type OwnCommits,
  type RepositoryCommit,
  type RepositoryLookout,
  RoomRepository,
  type SeenRepository,
  type Unseen,
} from './room-repository.js';
export { RoomContexts } from './room-contexts.js';
export { RoomWork } from './room-work.js';
export { RoomService } from './room.service.js';
export { RoomSnapshot } from './room-snapshot.js';
export { RoomsModule } from './rooms.module.js';
export { SeatService } from './seat.service.js';
export { spoken } from './spoken.js';
export { type LogEntry, storedPayload } from './stream/log-entry.js';
export { RoomFeed } from './stream/room-feed.js';
export { RoomLog } from './stream/room-log.js';
export { ConnectionMap } from './connection-map.js';
