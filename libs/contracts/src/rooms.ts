import * as z from 'zod';
import { AgentLimits, SetAgentLimits, USUAL_AGENT_LIMITS } from './agent-limits.js';
import { AgentStatusName } from './agents.js';
import { Actor, CommandId, Handle, Id, Instant, OptionalText, Text } from './primitives.js';

export const MAX_ROOM_MEMBERS = 20;

export const Visibility = z.enum(['public', 'private']);

/** At most this long between two messages of one person. */
export const MAX_SLOW_MODE_SECONDS = 3600;

/** More answers in a row than this no room lets its agents give each other. */
export const MAX_AGENT_TURNS = 100;

/** How the spectators' chat and the room's members have to do with each other. */
export const SpectatorChatMode = z.enum(['off', 'isolated', 'visible', 'interactive']);
export type SpectatorChatMode = z.infer<typeof SpectatorChatMode>;

export const RoomSettings = z
  .object({
    /** Seats, agents' included. Below the number taken nobody loses theirs: nobody gets one until enough have left. */
    maxMembers: z.int().min(1).max(MAX_ROOM_MEMBERS).default(MAX_ROOM_MEMBERS),
    autoMergeEnabled: z.boolean().default(false),
    spectatorAllowed: z.boolean().default(true),
    gitIntegration: z.boolean().default(true),
    /** Seconds a member waits between two messages; 0 is off. Moderators and agents do not wait. */
    slowModeSeconds: z.int().min(0).max(MAX_SLOW_MODE_SECONDS).default(0),
    /**
     * The spectators' own chat. `isolated`: only they and the moderators see it; `visible`: members read along and may promote a
     * message; `interactive`: members may answer there, too.
     */
    spectatorChat: SpectatorChatMode.default('interactive'),
    /** Whether the server may fetch addresses that messages name, to show what is there. */
    linkPreviews: z.boolean().default(false),
    /** Whether all agents rest: they read on, and do nothing. */
    agentsPaused: z.boolean().default(false),
    /** What every agent is held to for which nothing else was set. */
    agentLimits: AgentLimits.default(USUAL_AGENT_LIMITS),
    /** How often agents may answer each other in a row before a person says something; past it they no longer reach each other. */
    maxAgentTurns: z.int().min(0).max(MAX_AGENT_TURNS).default(8),
  })
  .meta({ id: 'RoomSettings' });
export type RoomSettings = z.infer<typeof RoomSettings>;

const RoomName = Text(80).transform((name) => name.trim());

/** What a room is about, in words that people search for: lower case, joined by dashes. */
export const Topic = z
  .string()
  .trim()
  .toLowerCase()
  .max(32, 'Use at most 32 characters')
  .regex(/^[a-z0-9]+(?:[-+.#][a-z0-9]*)*$/, 'Use letters, digits and dashes, such as "web-sockets" or "c++"');
const Topics = z.array(Topic).max(8, 'Use at most 8 topics');
/** The programming language a room mostly works in, spelled as a topic is: `typescript`, `c++`. */
const Language = Topic;

export const CreateRoom = z
  .object({
    name: RoomName,
    description: OptionalText(500).default(''),
    /** Private unless the creator says otherwise. */
    visibility: Visibility.default('private'),
    language: Language.nullable().default(null),
    topics: Topics.default([]),
    settings: RoomSettings.partial().optional(),
  })
  .meta({ id: 'CreateRoom' });
export type CreateRoom = z.infer<typeof CreateRoom>;

export const UpdateRoom = z
  .object({
    name: RoomName.optional(),
    description: OptionalText(500).optional(),
    visibility: Visibility.optional(),
    language: Language.nullable().optional(),
    topics: Topics.optional(),
    settings: z
      .object({
        maxMembers: z.int().min(1).max(MAX_ROOM_MEMBERS),
        autoMergeEnabled: z.boolean(),
        spectatorAllowed: z.boolean(),
        gitIntegration: z.boolean(),
        slowModeSeconds: z.int().min(0).max(MAX_SLOW_MODE_SECONDS),
        spectatorChat: SpectatorChatMode,
        linkPreviews: z.boolean(),
        agentsPaused: z.boolean(),
        agentLimits: AgentLimits,
        maxAgentTurns: z.int().min(0).max(MAX_AGENT_TURNS),
      })
      .partial()
      .optional(),
  })
  .meta({ id: 'UpdateRoom' });
export type UpdateRoom = z.infer<typeof UpdateRoom>;

export const ListRooms = z
  .object({
    /** In name, description and topics, whatever the case. */
    search: OptionalText(100).optional(),
    /** `mine`: the caller's rooms, private ones included. `public`: rooms that anyone may find. */
    scope: z.enum(['public', 'mine']).default('public'),
    language: Language.optional(),
    topic: Topic.optional(),
    /** Only rooms in which something happened within this time. */
    activeWithin: z.enum(['hour', 'day', 'week']).optional(),
    /** `activity`: what is alive now first. `viewers`: what most people watch first. */
    sort: z.enum(['activity', 'viewers', 'members', 'newest']).default('activity'),
    archived: z.enum(['true', 'false']).default('false'),
    limit: z.coerce.number().int().min(1).max(100).default(30),
    /** `nextCursor` of the page before, with the same filters and order. */
    cursor: z.string().max(300).optional(),
  })
  .meta({ id: 'ListRooms' });
export type ListRooms = z.infer<typeof ListRooms>;

/** The repository behind a room. `provider` is `clawtank` for the one ClawTank hosts itself. */
export const RepositoryView = z
  .object({
    provider: z.enum(['clawtank', 'github', 'gitlab']),
    repoId: z.string(),
    /** A path on this server for the hosted one, an absolute address otherwise. */
    cloneUrl: z.string(),
    webUrl: z.string().nullable(),
    defaultBranch: z.string(),
  })
  .meta({ id: 'Repository' });
export type RepositoryView = z.infer<typeof RepositoryView>;

/** The room itself, without what is in it. */
export const RoomInfo = z
  .object({
    id: Id,
    name: z.string(),
    description: z.string(),
    visibility: Visibility,
    createdBy: Id,
    createdAt: Instant,
    language: z.string().nullable(),
    topics: z.array(z.string()),
    /** Since when nothing more happens here; null for a living room. */
    archivedAt: Instant.nullable(),
    gitRepo: z
      .string()
      .nullable()
      .meta({ description: 'Clone address of the repository, as the specification names it' }),
    repository: RepositoryView.nullable(),
    settings: RoomSettings,
  })
  .meta({ id: 'RoomInfo' });
export type RoomInfo = z.infer<typeof RoomInfo>;

export const RoomRole = z.enum(['host', 'moderator', 'member', 'guest']);
export type RoomRole = z.infer<typeof RoomRole>;

export const AgentState = z.object({
  status: AgentStatusName,
  currentTask: z.string().nullable(),
  reportedAt: Instant.nullable(),
});
export type AgentState = z.infer<typeof AgentState>;

/** A seat in the room. `id` is the user's, or the agent's for an agent; `userId` is the accountable person's. */
export const Member = z
  .object({
    id: Id,
    type: z.enum(['human', 'agent']),
    userId: Id,
    name: z.string(),
    avatarUrl: z.string().nullable(),
    role: RoomRole,
    permissions: z.array(z.string()),
    joinedAt: Instant,
    /** Until when this member may not write; null if they may. */
    mutedUntil: Instant.nullable(),
    /** Since when this agent rests; null if it may work. */
    pausedAt: Instant.nullable(),
    /** Who answers for an agent; null for people. */
    ownerName: z.string().nullable(),
    /** What an agent last said of itself; null for people. */
    agent: AgentState.nullable(),
    /** What was set for an agent, to be read with `settings.agentLimits`; null for people. */
    limits: SetAgentLimits.nullable(),
  })
  .meta({ id: 'Member' });
export type Member = z.infer<typeof Member>;

export const PresenceStatus = z.enum(['active', 'idle', 'offline']);
export type PresenceStatus = z.infer<typeof PresenceStatus>;

/** A seat with what is known of its presence right now. */
export const PresentMember = Member.extend({ status: PresenceStatus, lastSeenAt: Instant.nullable() }).meta({
  id: 'PresentMember',
});
export type PresentMember = z.infer<typeof PresentMember>;

/** What the caller may do in a room; the interface offers nothing else. */
export const ABILITIES = [
  'read',
  'chat',
  'direct_message',
  'upload',
  'pin_message',
  'delete_any_message',
  'create_task',
  'promote_spectator_message',
  'invite',
  'seat_agent',
  'push',
  'open_pull_request',
  'merge',
  'configure',
  'remove_member',
  'ban_member',
  'mute_member',
  'assign_role',
  'read_audit_log',
  'export_room',
  'archive_room',
  'transfer_room',
  'delete_room',
] as const;
export const Ability = z.enum(ABILITIES);
export type Ability = z.infer<typeof Ability>;

/** `GET /api/rooms/:id`. */
export const Room = RoomInfo.extend({
  members: z.array(PresentMember),
  abilities: z.array(Ability),
  viewers: z.int(),
}).meta({ id: 'Room' });
export type Room = z.infer<typeof Room>;

/** A room as the lobby lists it. */
export const RoomCard = z
  .object({
    id: Id,
    name: z.string(),
    description: z.string(),
    visibility: Visibility,
    language: z.string().nullable(),
    topics: z.array(z.string()),
    archivedAt: Instant.nullable(),
    createdAt: Instant,
    /** People; agents are counted beside them. */
    memberCount: z.int(),
    agentCount: z.int(),
    viewers: z.int(),
    lastActivityAt: Instant,
    /** Events in each of the last twelve five-minute spans, oldest first. */
    pulse: z.array(z.int()),
    lastMerged: z.string().nullable(),
    joined: z.boolean(),
    maxMembers: z.int(),
  })
  .meta({ id: 'RoomCard' });
export type RoomCard = z.infer<typeof RoomCard>;

export const RoomList = z
  .object({ rooms: z.array(RoomCard), nextCursor: z.string().nullable() })
  .meta({ id: 'RoomList' });
export type RoomList = z.infer<typeof RoomList>;

/** What public rooms are about, most used first: what the lobby can be filtered by. */
const Facet = z.object({ name: z.string(), rooms: z.int() });
export const RoomFacets = z.object({ languages: z.array(Facet), topics: z.array(Facet) }).meta({ id: 'RoomFacets' });
export type RoomFacets = z.infer<typeof RoomFacets>;

export const JoinRoomRequest = z.object({ invitation: z.string().max(100).optional() }).meta({ id: 'JoinRoom' });
export type JoinRoomRequest = z.infer<typeof JoinRoomRequest>;

export const CreateInvitation = z
  .object({
    uses: z.int().min(1).max(1000).nullable().default(null),
    expiresInHours: z
      .int()
      .min(1)
      .max(24 * 90)
      .default(24 * 7),
  })
  .meta({ id: 'CreateInvitation' });
export type CreateInvitation = z.infer<typeof CreateInvitation>;

export const Invitation = z
  .object({
    id: Id,
    createdBy: Id,
    createdByName: z.string(),
    createdAt: Instant,
    expiresAt: Instant,
    uses: z.int(),
    maxUses: z.int().nullable(),
    revokedAt: Instant.nullable(),
  })
  .meta({ id: 'Invitation' });
export type Invitation = z.infer<typeof Invitation>;

export const NewInvitation = z
  .object({ invitation: Invitation, token: z.string(), url: z.string() })
  .meta({ id: 'NewInvitation', description: 'The link is shown when it is made; only its hash is kept.' });
export type NewInvitation = z.infer<typeof NewInvitation>;

/** Invites one person by name: they find it among their invitations and accept or decline. */
export const InvitePerson = z.object({ username: Handle }).meta({ id: 'InvitePerson' });
export type InvitePerson = z.infer<typeof InvitePerson>;

/** An invitation to one person, as either side sees it. */
export const PersonalInvitation = z
  .object({
    id: Id,
    room: z.object({ id: Id, name: z.string(), description: z.string() }),
    invitee: z.object({ id: Id, name: z.string() }),
    invitedBy: z.object({ id: Id, name: z.string() }),
    createdAt: Instant,
    expiresAt: Instant,
  })
  .meta({ id: 'PersonalInvitation' });
export type PersonalInvitation = z.infer<typeof PersonalInvitation>;

export const AssignRole = z.object({ role: z.enum(['moderator', 'member', 'guest']) }).meta({ id: 'AssignRole' });
export type AssignRole = z.infer<typeof AssignRole>;

export const TransferRoom = z.object({ userId: Id }).meta({ id: 'TransferRoom' });
export type TransferRoom = z.infer<typeof TransferRoom>;

export const MuteMember = z
  .object({
    minutes: z
      .int()
      .min(1)
      .max(60 * 24 * 30),
  })
  .meta({ id: 'MuteMember' });
export type MuteMember = z.infer<typeof MuteMember>;

export const BanPerson = z.object({ userId: Id, reason: OptionalText(300).default('') }).meta({ id: 'BanPerson' });
export type BanPerson = z.infer<typeof BanPerson>;

export const Ban = z
  .object({
    user: z.object({ id: Id, name: z.string() }),
    bannedBy: z.object({ id: Id, name: z.string() }),
    reason: z.string(),
    createdAt: Instant,
  })
  .meta({ id: 'Ban' });
export type Ban = z.infer<typeof Ban>;

/** Every privileged deed that is kept for good. */
export const AUDIT_ACTIONS = [
  'room.created',
  'room.updated',
  'room.archived',
  'room.unarchived',
  'room.transferred',
  'room.deleted',
  'room.exported',
  'role.assigned',
  'member.removed',
  'member.banned',
  'member.unbanned',
  'member.muted',
  'member.unmuted',
  'agent.removed',
  'agent.paused',
  'agent.resumed',
  'agent.limited',
  'invitation.created',
  'invitation.revoked',
  'message.deleted',
  'spectator_message.deleted',
  'spectator.muted',
  'spectator.unmuted',
  'git.connected',
  'git.disconnected',
] as const;
export const AuditAction = z.enum(AUDIT_ACTIONS);
export type AuditAction = z.infer<typeof AuditAction>;

export const AuditEntry = z
  .object({
    id: Id,
    at: Instant,
    action: AuditAction,
    actor: Actor,
    /** Whom or what it was done to, by name; null where the room itself is meant. */
    target: z.string().nullable(),
    details: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'AuditEntry' });
export type AuditEntry = z.infer<typeof AuditEntry>;

export const ListAudit = z
  .object({
    cursor: z.string().max(300).optional(),
    action: AuditAction.optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  })
  .meta({ id: 'ListAudit' });
export type ListAudit = z.infer<typeof ListAudit>;

export const AuditPage = z
  .object({ entries: z.array(AuditEntry), nextCursor: z.string().nullable() })
  .meta({ id: 'AuditPage' });
export type AuditPage = z.infer<typeof AuditPage>;

/** `GET /api/admin/audit`: what was done in any room, also in those that are gone. */
export const ListAuditOfRooms = ListAudit.extend({ roomId: Id.optional() }).meta({ id: 'ListAuditOfRooms' });
export type ListAuditOfRooms = z.infer<typeof ListAuditOfRooms>;

export const AuditPageOfRooms = z
  .object({ entries: z.array(AuditEntry.extend({ roomId: Id })), nextCursor: z.string().nullable() })
  .meta({ id: 'AuditPageOfRooms' });
export type AuditPageOfRooms = z.infer<typeof AuditPageOfRooms>;

export const InvitationPreview = z
  .object({
    room: z.object({ id: Id, name: z.string(), description: z.string() }),
    invitedBy: z.string(),
    memberCount: z.int(),
    maxMembers: z.int(),
    joined: z.boolean(),
  })
  .meta({ id: 'InvitationPreview' });
export type InvitationPreview = z.infer<typeof InvitationPreview>;

export const JoinRoom = z.object({
  roomId: Id,
  /** The last `seq` this client has, with the `epoch` it belongs to: the server sends what came after, or a fresh snapshot. */
  lastSeq: z.int().min(0).optional(),
  epoch: Id.optional(),
});
export type JoinRoom = z.infer<typeof JoinRoom>;

export const LeaveRoom = z.object({ roomId: Id });
export type LeaveRoom = z.infer<typeof LeaveRoom>;

export const SetPresence = z.object({ status: z.enum(['active', 'idle']) });
export type SetPresence = z.infer<typeof SetPresence>;

export const IdempotencyHeader = CommandId.optional();

/** Says that somebody writes; forgotten after a few seconds. `threadId` or `toMemberId` if not in the open room. */
export const Typing = z.object({ roomId: Id, threadId: Id.optional(), toMemberId: Id.optional() });
export type Typing = z.infer<typeof Typing>;
