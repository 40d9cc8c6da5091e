import * as z from 'zod';
import { Approval } from './approvals.js';
import { Badges, DirectBadge, Notification, RoomBadge } from './attention.js';
import { ChatMessage, DirectMessage } from './chat.js';
import { ActiveFile } from './git.js';
import { Id } from './primitives.js';
import { RoomContext } from './room-context.js';
import { ActivityItemSchema, type ActivityItem, RoomChangeSchema, type RoomChange } from './room-events.js';
import { RoomMoment, RoomState, type RoomData } from './room-state.js';
import { Ability, PresentMember } from './rooms.js';
import { SpectatorMessageView } from './spectators.js';
import { TaskAssignment } from './tasks.js';

/** What the server sends to members and agents on its own account. Every entry of a room's log arrives in exactly one of the first two. */
export const PUSHES = {
  message_broadcast: {
    describe: 'A chat message was added to the room’s log.',
    schema: z.object({ roomId: Id, epoch: Id, message: ChatMessage }),
  },
  activity_update: {
    describe: 'Entries other than new chat messages were added to the room’s log, in order.',
    schema: z.object({ roomId: Id, epoch: Id, activity: z.array(RoomChangeSchema) }),
  },
  room_joined: {
    describe:
      'Follows `join_room`. With `recovered: true` the missed entries follow as ordinary pushes and `roomData` is absent; with `recovered: false`, `roomData` replaces everything the client had.',
    schema: z.object({
      roomId: Id,
      epoch: Id,
      seq: z.int(),
      recovered: z.boolean(),
      roomData: RoomState.and(RoomMoment).nullable(),
      moment: RoomMoment,
    }),
  },
  room_update: {
    describe: 'Who is here and how many watch, at most once a second. Lossy: the newest one is the truth.',
    schema: z.object({
      roomId: Id,
      activity: z.array(ActivityItemSchema),
      members: z.array(PresentMember),
      activeFiles: z.array(ActiveFile),
      viewers: z.int(),
      seq: z.int().meta({ description: 'The head of the room’s log; a client that is behind it asks again.' }),
    }),
  },
  room_closed: {
    describe: 'The caller no longer has access to the room: it was removed, left elsewhere, or the room was deleted.',
    schema: z.object({ roomId: Id, reason: z.enum(['left', 'removed', 'banned', 'deleted']) }),
  },
  abilities_changed: {
    describe: 'What the caller may do in the room from now on.',
    schema: z.object({ roomId: Id, abilities: z.array(Ability) }),
  },
  typing: {
    describe: 'Somebody writes. Lossy; forget it after five seconds or when their message comes.',
    schema: z.object({
      roomId: Id,
      memberId: Id,
      name: z.string(),
      threadId: Id.nullable(),
      /** True if they write to the receiver alone. */
      direct: z.boolean(),
    }),
  },
  spectator_chat: {
    describe:
      'To people: messages of the spectators’ chat are new, were deleted or were promoted. Not part of the log; a client that was away asks `GET /api/rooms/:id/spectator-chat?sinceRevision=`.',
    schema: z.object({ roomId: Id, messages: z.array(SpectatorMessageView) }),
  },
  direct_message: {
    describe: 'A direct message of or to the caller is new, was edited or was deleted.',
    schema: z.object({ message: DirectMessage }),
  },
  badges_changed: {
    describe:
      'What the caller has not read, where it changed: in rooms that this connection has not joined, and everywhere when another device has read. Lossy; `GET /api/me/badges` is the truth.',
    schema: z.object({
      rooms: z.array(RoomBadge),
      direct: z.array(DirectBadge),
      notifications: z.int().meta({ description: 'How many are unread.' }),
    }),
  },
  notification: {
    describe: 'Something to tell the person about, once. Decided by the server: never for muted rooms.',
    schema: z.object({ notification: Notification }),
  },
  notifications_read: {
    describe: 'These were read, on whatever device: take them off the screen.',
    schema: z.object({ ids: z.array(Id) }),
  },
  task_assignment: {
    describe: 'To an agent: a task was given to it. Sent again after each reconnect until it is claimed.',
    schema: TaskAssignment,
  },
  lease_lost: {
    describe: 'To an agent: it no longer holds the task. Stop at once, push nothing.',
    schema: z.object({ roomId: Id, taskId: Id, leaseId: Id, reason: z.string() }),
  },
  approval_decided: {
    describe:
      'To an agent: what it asked leave for was decided, or no longer has to be. The room’s state says so, too.',
    schema: z.object({ roomId: Id, approval: Approval }),
  },
  inbox: {
    describe:
      'To an agent: something is addressed to it; its inbox has come to `head`. A hint: `read_inbox` tells, also what came while it was away.',
    schema: z.object({ epoch: Id, head: z.int() }),
  },
  room_context: {
    describe:
      'To an agent: it was given a seat in this room, and what it has to know to work there. Join it to follow. `get_room_context` tells the same at any time.',
    schema: RoomContext,
  },
  session_closed: {
    describe: 'The connection is about to be closed for good; reconnecting with the same token will be refused.',
    schema: z.object({
      reason: z.string(),
      code: z
        .enum(['closed', 'superseded'])
        .meta({ description: '`superseded`: a newer instance of the agent took over.' }),
    }),
  },
} as const;

/** Why the server closes a member's or an agent's WebSocket, where the protocol below says nothing more fitting. */
export const MEMBER_CLOSE_CODES = {
  /** The client read too slowly and too much was waiting for it. It may reconnect at once and recover. */
  tooSlow: 4008,
} as const;

export type PushName = keyof typeof PUSHES;

export interface RoomJoined {
  readonly roomId: string;
  readonly epoch: string;
  readonly seq: number;
  readonly recovered: boolean;
  readonly roomData: RoomData | null;
  readonly moment: RoomMoment;
}

export interface RoomUpdate {
  readonly roomId: string;
  readonly activity: readonly ActivityItem[];
  readonly members: readonly PresentMember[];
  readonly activeFiles: readonly z.infer<typeof ActiveFile>[];
  readonly viewers: number;
  readonly seq: number;
}

/** The same pushes as Socket.IO listeners. */
export interface ServerToClientEvents {
  message_broadcast: (push: { roomId: string; epoch: string; message: ChatMessage }) => void;
  activity_update: (push: { roomId: string; epoch: string; activity: readonly RoomChange[] }) => void;
  room_joined: (push: RoomJoined) => void;
  room_update: (push: RoomUpdate) => void;
  room_closed: (push: { roomId: string; reason: 'left' | 'removed' | 'banned' | 'deleted' }) => void;
  abilities_changed: (push: { roomId: string; abilities: readonly Ability[] }) => void;
  typing: (push: { roomId: string; memberId: string; name: string; threadId: string | null; direct: boolean }) => void;
  spectator_chat: (push: { roomId: string; messages: readonly SpectatorMessageView[] }) => void;
  direct_message: (push: { message: DirectMessage }) => void;
  badges_changed: (push: Badges) => void;
  notification: (push: { notification: Notification }) => void;
  notifications_read: (push: { ids: readonly string[] }) => void;
  task_assignment: (push: TaskAssignment) => void;
  lease_lost: (push: { roomId: string; taskId: string; leaseId: string; reason: string }) => void;
  approval_decided: (push: { roomId: string; approval: Approval }) => void;
  inbox: (push: { epoch: string; head: number }) => void;
  room_context: (push: RoomContext) => void;
  session_closed: (push: { reason: string; code: 'closed' | 'superseded' }) => void;
}
