import * as z from 'zod';
import { Approval } from './approvals.js';
import { ChatMessage } from './chat.js';
import { PullRequest } from './git.js';
import { Id } from './primitives.js';
import { ActivityItemSchema, type ActivityItem } from './room-events.js';
import { Ability, Member, PresenceStatus, RoomInfo } from './rooms.js';
import { TaskConflict, TaskPaths } from './task-paths.js';
import { Task } from './tasks.js';

/** How much a snapshot holds; what is older is fetched page by page. */
export const SNAPSHOT_LIMITS = { messages: 50, activity: 50, finishedTasks: 30, closedPullRequests: 30 } as const;

/** A room at one moment: everything its log says up to `seq`, as far as a newcomer needs it. The reducer keeps it current. */
export const RoomState = z
  .object({
    epoch: Id,
    seq: z.int(),
    room: RoomInfo,
    /** In order of arrival. */
    members: z.array(Member),
    /** The newest messages, threads included, oldest first; deleted ones as empty places. */
    messages: z.array(ChatMessage),
    /** All unfinished tasks and the newest finished ones, by number. */
    tasks: z.array(Task),
    /** What unfinished tasks touch, as far as that is known, by the task's id. */
    paths: z.array(TaskPaths),
    /** Unfinished tasks that get in each other's way, by their ids. */
    conflicts: z.array(TaskConflict),
    /** What agents wait for leave to do, oldest first. */
    approvals: z.array(Approval),
    /** All open pull requests and the newest closed ones, by number. */
    pullRequests: z.array(PullRequest),
    /** The newest entries that do not concern chat, oldest first. */
    activity: z.array(ActivityItemSchema),
  })
  .meta({ id: 'RoomState' });

export interface RoomState extends Omit<z.infer<typeof RoomState>, 'activity'> {
  readonly activity: readonly ActivityItem[];
}

/** What is true of this moment and of this reader only; never in the log. */
export const RoomMoment = z
  .object({
    abilities: z.array(Ability),
    presence: z.record(z.string(), z.object({ status: PresenceStatus, lastSeenAt: z.string().nullable() })),
    viewers: z.int(),
  })
  .meta({ id: 'RoomMoment' });
export type RoomMoment = z.infer<typeof RoomMoment>;

export type RoomData = RoomState & RoomMoment;
