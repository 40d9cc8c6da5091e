import * as z from 'zod';
import { AgentStatusName } from './agents.js';
import { CommandId, Id, Instant, OptionalText, Text } from './primitives.js';

export const MAX_ROOM_MEMBERS = 20;

export const Visibility = z.enum(['public', 'private']);

export const RoomSettings = z
  .object({
    maxMembers: z.int().min(1).max(MAX_ROOM_MEMBERS).default(MAX_ROOM_MEMBERS),
    autoMergeEnabled: z.boolean().default(false),
    spectatorAllowed: z.boolean().default(true),
    gitIntegration: z.boolean().default(true),
  })
  .meta({ id: 'RoomSettings' });
export type RoomSettings = z.infer<typeof RoomSettings>;

const RoomName = Text(80).transform((name) => name.trim());

export const CreateRoom = z
  .object({
    name: RoomName,
    description: OptionalText(500).default(''),
    /** Private unless the creator says otherwise. */
    visibility: Visibility.default('private'),
    settings: RoomSettings.partial().optional(),
  })
  .meta({ id: 'CreateRoom' });
export type CreateRoom = z.infer<typeof CreateRoom>;

export const UpdateRoom = z
  .object({
    name: RoomName.optional(),
    description: OptionalText(500).optional(),
    visibility: Visibility.optional(),
    settings: z
      .object({
        maxMembers: z.int().min(1).max(MAX_ROOM_MEMBERS),
        autoMergeEnabled: z.boolean(),
        spectatorAllowed: z.boolean(),
        gitIntegration: z.boolean(),
      })
      .partial()
      .optional(),
  })
  .meta({ id: 'UpdateRoom' });
export type UpdateRoom = z.infer<typeof UpdateRoom>;

export const ListRooms = z
  .object({
    search: z.string().max(100).optional(),
    /** `mine`: the caller's rooms, private ones included. `public`: rooms that anyone may find. */
    scope: z.enum(['public', 'mine']).default('public'),
    limit: z.coerce.number().int().min(1).max(100).default(30),
    before: z.iso.datetime().optional(),
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
    /** Who answers for an agent; null for people. */
    ownerName: z.string().nullable(),
    /** What an agent last said of itself; null for people. */
    agent: AgentState.nullable(),
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
  'create_task',
  'invite',
  'seat_agent',
  'push',
  'open_pull_request',
  'merge',
  'configure',
  'remove_member',
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

export const RoomList = z.object({ rooms: z.array(RoomCard), nextBefore: Instant.nullable() }).meta({ id: 'RoomList' });
export type RoomList = z.infer<typeof RoomList>;

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
