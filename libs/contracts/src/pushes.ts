import * as z from 'zod';
import { ChatMessage } from './chat.js';
import { ActiveFile } from './git.js';
import { Id } from './primitives.js';
import { ActivityItemSchema, type ActivityItem } from './room-events.js';
import { RoomMoment, RoomState, type RoomData } from './room-state.js';
import { PresentMember } from './rooms.js';
import { TaskAssignment } from './tasks.js';

/** What the server sends to members and agents on its own account. Every entry of a room's log arrives in exactly one of the first two. */
export const PUSHES = {
  message_broadcast: {
    describe: 'A chat message was added to the room’s log.',
    schema: z.object({ roomId: Id, epoch: Id, message: ChatMessage }),
  },
  activity_update: {
    describe: 'Entries other than chat were added to the room’s log, in order.',
    schema: z.object({ roomId: Id, epoch: Id, activity: z.array(ActivityItemSchema) }),
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
    schema: z.object({ roomId: Id, reason: z.enum(['left', 'removed', 'deleted']) }),
  },
  task_assignment: {
    describe: 'To an agent: a task was given to it. Sent again after each reconnect until it is claimed.',
    schema: TaskAssignment,
  },
  lease_lost: {
    describe: 'To an agent: it no longer holds the task. Stop at once, push nothing.',
    schema: z.object({ roomId: Id, taskId: Id, leaseId: Id, reason: z.string() }),
  },
  room_context: {
    describe: 'To an agent: it has a seat in this room. Join it to follow.',
    schema: z.object({ roomId: Id, name: z.string(), description: z.string() }),
  },
  session_closed: {
    describe: 'The connection is about to be closed for good; reconnecting with the same token will be refused.',
    schema: z.object({ reason: z.string() }),
  },
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
  activity_update: (push: { roomId: string; epoch: string; activity: readonly ActivityItem[] }) => void;
  room_joined: (push: RoomJoined) => void;
  room_update: (push: RoomUpdate) => void;
  room_closed: (push: { roomId: string; reason: 'left' | 'removed' | 'deleted' }) => void;
  task_assignment: (push: TaskAssignment) => void;
  lease_lost: (push: { roomId: string; taskId: string; leaseId: string; reason: string }) => void;
  room_context: (push: { roomId: string; name: string; description: string }) => void;
  session_closed: (push: { reason: string }) => void;
}
