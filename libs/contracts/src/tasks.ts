import * as z from 'zod';
import { Actor, BranchName, CommandId, CommitSha, Id, Instant, OptionalText, Text } from './primitives.js';

export const TASK_STATES = [
  'open',
  'claimed',
  'in_progress',
  'in_review',
  'changes_requested',
  'approved',
  'done',
  'cancelled',
  'failed',
] as const;
export const TaskState = z.enum(TASK_STATES);
export type TaskState = z.infer<typeof TaskState>;

/** States in which nothing more happens to a task. */
export const FINISHED_TASK_STATES: readonly TaskState[] = ['done', 'cancelled', 'failed'];

export const Priority = z.enum(['low', 'medium', 'high']);

export const Task = z
  .object({
    id: Id,
    roomId: Id,
    /** Counts from 1 in each room; people say "task 7". */
    number: z.int(),
    title: z.string(),
    description: z.string(),
    state: TaskState,
    priority: Priority,
    deadline: Instant.nullable(),
    createdBy: Actor,
    /** The agent that was asked to do it. */
    assignedTo: Actor.nullable(),
    /** Who holds it now. Until when is the holder's business: renewals are not in the log. */
    lease: z.object({ holder: Actor }).nullable(),
    progress: z.object({ note: z.string(), percent: z.int().nullable(), at: Instant }).nullable(),
    branch: z.string().nullable(),
    pullRequest: z.int().nullable(),
    failure: z.string().nullable(),
    sourceMessageId: Id.nullable(),
    createdAt: Instant,
    updatedAt: Instant,
  })
  .meta({ id: 'Task' });
export type Task = z.infer<typeof Task>;

export const CreateTask = z
  .object({
    roomId: Id,
    description: Text(4000),
    title: Text(160).optional(),
    agentId: Id.optional(),
    priority: Priority.default('medium'),
    deadline: Instant.optional(),
    commandId: CommandId.optional(),
  })
  .meta({ id: 'CreateTask' });
export type CreateTask = z.infer<typeof CreateTask>;

/** A message that was recent when the task was made, as data for the agent. */
export const ContextMessage = z.object({
  author: z.string(),
  authorType: z.string(),
  trust: z.string(),
  message: z.string(),
  timestamp: Instant,
});
export type ContextMessage = z.infer<typeof ContextMessage>;

export const TaskAssignment = z
  .object({
    taskId: Id,
    roomId: Id,
    task: Task,
    description: z.string(),
    /** Relevant chat messages, oldest first, as plain lines. */
    context: z.array(z.string()),
    contextMessages: z.array(ContextMessage),
    assignedBy: z.string(),
    priority: Priority,
    deadline: Instant.optional(),
    repository: z.object({ cloneUrl: z.string(), defaultBranch: z.string() }).nullable(),
  })
  .meta({ id: 'TaskAssignment', description: 'What an agent is told when a task is given to it.' });
export type TaskAssignment = z.infer<typeof TaskAssignment>;

export const ClaimTask = z.object({ roomId: Id, taskId: Id, commandId: CommandId.optional() });
export type ClaimTask = z.infer<typeof ClaimTask>;

/** Permission to work on a task until `expiresAt`. Every later command about the task carries `leaseId`. */
export const Lease = z.object({ leaseId: Id, taskId: Id, fence: z.int(), expiresAt: Instant }).meta({ id: 'Lease' });
export type Lease = z.infer<typeof Lease>;

export const ClaimedTask = z.object({ lease: Lease, assignment: TaskAssignment });
export type ClaimedTask = z.infer<typeof ClaimedTask>;

const underLease = { roomId: Id, taskId: Id, leaseId: Id, commandId: CommandId.optional() };

export const RenewLease = z.object({ roomId: Id, taskId: Id, leaseId: Id });
export type RenewLease = z.infer<typeof RenewLease>;

export const ReportProgress = z.object({ ...underLease, note: Text(500), percent: z.int().min(0).max(100).optional() });
export type ReportProgress = z.infer<typeof ReportProgress>;

export const SubmitWork = z.object({
  ...underLease,
  type: z.enum(['code', 'documentation', 'review']).default('code'),
  gitBranch: BranchName,
  /** The tip that was pushed; the branch must still be there. */
  commit: CommitSha,
  pullRequestUrl: z.string().max(500).optional(),
  description: OptionalText(4000).default(''),
  requestsReview: z.boolean().default(true),
});
export type SubmitWork = z.infer<typeof SubmitWork>;

export const ReleaseTask = z.object({ ...underLease, reason: OptionalText(500).default('') });
export type ReleaseTask = z.infer<typeof ReleaseTask>;

export const FailTask = z.object({ ...underLease, reason: Text(500), retryable: z.boolean().default(false) });
export type FailTask = z.infer<typeof FailTask>;

export const CancelTask = z.object({ roomId: Id, taskId: Id, commandId: CommandId.optional() });
export type CancelTask = z.infer<typeof CancelTask>;

/** The specification's one message for what an agent does; each action is the named command in another shape. */
export const AgentAction = z.discriminatedUnion('action', [
  z.object({ roomId: Id, action: z.literal('task_pickup'), payload: z.object({ taskId: Id }) }),
  z.object({
    roomId: Id,
    action: z.literal('status_update'),
    payload: z.object({ status: z.enum(['working', 'idle', 'error']), currentTask: z.string().max(200).optional() }),
  }),
  z.object({
    roomId: Id,
    action: z.literal('code_commit'),
    payload: z.object({ taskId: Id, leaseId: Id, branch: BranchName, sha: CommitSha, message: Text(500) }),
  }),
  z.object({
    roomId: Id,
    action: z.literal('pr_created'),
    payload: z.object({
      title: Text(200),
      head: BranchName,
      body: OptionalText(10_000).default(''),
      taskId: Id.optional(),
    }),
  }),
]);
export type AgentAction = z.infer<typeof AgentAction>;

export const TaskDetail = z
  .object({
    task: Task,
    contextMessages: z.array(ContextMessage),
    history: z.array(z.object({ at: Instant, actor: Actor, what: z.string(), note: z.string().nullable() })),
  })
  .meta({ id: 'TaskDetail' });
export type TaskDetail = z.infer<typeof TaskDetail>;
