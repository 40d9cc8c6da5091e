import * as z from 'zod';
import { Agent, AgentStatusName } from './agents.js';
import { ApprovalState } from './approvals.js';
import { Actor, Id, Instant } from './primitives.js';
import { ReviewVerdict } from './tasks.js';

/** A task that an agent holds right now, and until when if it says nothing more. */
export const HeldTask = z
  .object({ roomId: Id, taskId: Id, taskNumber: z.int(), title: z.string(), expiresAt: Instant })
  .meta({ id: 'HeldTask' });
export type HeldTask = z.infer<typeof HeldTask>;

/** What is true of a room's agent at this moment and stands in no log. */
export const AgentAtWork = z
  .object({
    agentId: Id,
    /** When it last answered for work of this room: by saying so, or by claiming it. */
    lastAcknowledgedAt: Instant.nullable(),
    held: z.array(HeldTask),
  })
  .meta({ id: 'AgentAtWork' });
export type AgentAtWork = z.infer<typeof AgentAtWork>;

const Count = z.object({ own: z.int(), all: z.int() });

/** What an agent costs one room, and what it did for it. */
export const AgentInRoom = z
  .object({
    id: Id,
    name: z.string(),
    pausedAt: Instant.nullable(),
    /** All agents of the room rest. */
    agentsPaused: z.boolean(),
    archivedAt: Instant.nullable(),
    /** Messages of the last 24 hours: the agent’s, and everybody’s. */
    messagesOfDay: Count,
    /** The same of the last seven days. */
    messagesOfWeek: Count,
    tasksDone: z.int(),
    tasksFailed: z.int(),
  })
  .meta({ id: 'AgentInRoom' });
export type AgentInRoom = z.infer<typeof AgentInRoom>;

export const AgentOverview = z
  .object({
    agent: Agent,
    /** What it last said of itself. */
    status: AgentStatusName,
    currentTask: z.string().nullable(),
    lastAcknowledgedAt: Instant.nullable(),
    held: z.array(HeldTask),
    rooms: z.array(AgentInRoom),
  })
  .meta({ id: 'AgentOverview', description: 'An agent as its owner looks after it.' });
export type AgentOverview = z.infer<typeof AgentOverview>;

/** What stands in an agent's history. */
export const AGENT_DEEDS = [
  'agent.claimed_task',
  'task.submitted',
  'task.reviewed',
  'task.completed',
  'task.released',
  'task.failed',
  'task.cancelled',
  'approval.requested',
  'approval.decided',
] as const;

/** Something an agent did, or that was done about its work. */
export const AgentDeed = z
  .object({
    id: Id,
    type: z.enum(AGENT_DEEDS),
    at: Instant,
    by: Actor,
    room: z.object({ id: Id, name: z.string() }),
    /** Its place in the room's log. */
    seq: z.int(),
    task: z.object({ id: Id, number: z.int(), title: z.string() }),
    pullRequest: z.int().nullable(),
    /** Why it was released, what a review said, or what was decided. */
    outcome: z
      .union([
        z.enum(['released', 'lease_expired', 'agent_left', 'agent_paused', 'room_archived']),
        ReviewVerdict,
        ApprovalState,
      ])
      .nullable(),
    /** The words that belong to it: why it failed, what leave was asked for. */
    note: z.string(),
  })
  .meta({ id: 'AgentDeed' });
export type AgentDeed = z.infer<typeof AgentDeed>;

export const ListDeeds = z
  .object({
    cursor: z.string().max(300).optional(),
    limit: z.coerce.number().int().min(1).max(100).default(30),
  })
  .meta({ id: 'ListDeeds' });
export type ListDeeds = z.infer<typeof ListDeeds>;

/** Newest first, of the rooms in which the owner has a seat. */
export const AgentHistory = z
  .object({ deeds: z.array(AgentDeed), nextCursor: z.string().nullable() })
  .meta({ id: 'AgentHistory' });
export type AgentHistory = z.infer<typeof AgentHistory>;
