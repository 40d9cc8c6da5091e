import * as z from 'zod';
import { AgentState, Member, RepositoryView, RoomInfo } from './rooms.js';
import { ChatMessage } from './chat.js';
import { PullRequest, Push } from './git.js';
import { Actor, Id, Instant } from './primitives.js';
import { Task } from './tasks.js';

/** Everything that can happen in a room, and what its log keeps of it. An event reports what was; it never asks. */
export const ROOM_EVENT_DATA = {
  'room.created': z.object({ room: RoomInfo }),
  'room.updated': z.object({ room: RoomInfo }),
  'member.joined': z.object({ member: Member }),
  'member.left': z.object({ memberId: Id, name: z.string(), reason: z.enum(['left', 'removed', 'account_closed']) }),
  'agent.joined': z.object({ member: Member }),
  'agent.left': z.object({
    memberId: Id,
    name: z.string(),
    reason: z.enum(['left', 'removed', 'revoked', 'owner_left']),
  }),
  'agent.status_change': z.object({ memberId: Id, name: z.string(), state: AgentState }),
  'chat.message': z.object({ message: ChatMessage }),
  'task.created': z.object({ task: Task }),
  'agent.claimed_task': z.object({ task: Task, ownerName: z.string() }),
  'task.progressed': z.object({ task: Task }),
  'task.submitted': z.object({ task: Task }),
  'task.released': z.object({
    task: Task,
    reason: z.enum(['released', 'lease_expired', 'agent_left']),
    note: z.string(),
  }),
  'task.failed': z.object({ task: Task }),
  'task.cancelled': z.object({ task: Task }),
  'task.completed': z.object({ task: Task }),
  'git.connected': z.object({ repository: RepositoryView }),
  'git.disconnected': z.object({ provider: z.string(), repository: RepositoryView.nullable() }),
  'git.commit': z.object({ push: Push }),
  'git.pr_opened': z.object({ pullRequest: PullRequest }),
  'git.pr_updated': z.object({ pullRequest: PullRequest }),
  'git.pr_merged': z.object({ pullRequest: PullRequest }),
  'git.pr_closed': z.object({ pullRequest: PullRequest }),
  'xp.awarded': z.object({
    userId: Id,
    name: z.string(),
    amount: z.int(),
    reason: z.string(),
    totalXP: z.int(),
    level: z.int(),
  }),
  'xp.level_up': z.object({ userId: Id, name: z.string(), level: z.int() }),
} as const;

export type RoomEventType = keyof typeof ROOM_EVENT_DATA;
export const ROOM_EVENT_TYPES = Object.keys(ROOM_EVENT_DATA) as RoomEventType[];

export type RoomEventData = { readonly [Type in RoomEventType]: z.infer<(typeof ROOM_EVENT_DATA)[Type]> };

/** One entry of a room's log. `seq` starts at 1 and has neither gaps nor ties, so a reader can tell when it has missed something. */
export type RoomEventOf<Type extends RoomEventType> = {
  readonly seq: number;
  readonly id: string;
  readonly type: Type;
  readonly actor: Actor;
  readonly timestamp: string;
  readonly data: RoomEventData[Type];
};

export type RoomEvent = { [Type in RoomEventType]: RoomEventOf<Type> }[RoomEventType];

/** Everything but chat: what a room's activity feed lists. */
export type ActivityItem = Exclude<RoomEvent, { type: 'chat.message' }>;

const eventSchema = <Type extends RoomEventType>(type: Type) =>
  z.object({
    seq: z.int(),
    id: Id,
    type: z.literal(type),
    actor: Actor,
    timestamp: Instant,
    data: ROOM_EVENT_DATA[type],
  });

export const ActivityItemSchema = z
  .union(ROOM_EVENT_TYPES.filter((type) => type !== 'chat.message').map((type) => eventSchema(type)))
  .meta({
    id: 'ActivityItem',
    description: 'An entry of the room’s log other than a chat message; `data` depends on `type`.',
  });

export const ActivityPage = z
  .object({ activity: z.array(ActivityItemSchema), hasMore: z.boolean() })
  .meta({ id: 'ActivityPage' });
export interface ActivityPage {
  readonly activity: readonly ActivityItem[];
  readonly hasMore: boolean;
}

export const ListActivity = z
  .object({
    before: z.coerce.number().int().min(1).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  })
  .meta({ id: 'ListActivity' });
export type ListActivity = z.infer<typeof ListActivity>;
