import * as z from 'zod';
import { Approval } from './approvals.js';
import { Actor, BranchName, CommandId, CommitSha, Id, Instant, OptionalText, Text } from './primitives.js';
import { ConflictNotice, PathPatterns, TaskPaths } from './task-paths.js';

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

/** How far the offer of a task has come with the agent that it is given to. */
export const TaskReceipt = z.object({
  offeredAt: Instant,
  /** It has reached the agent's program. */
  deliveredAt: Instant.nullable(),
  /** The program answers for it: the agent takes it, now or in its turn. Claiming says so, too. */
  acknowledgedAt: Instant.nullable(),
  /** The agent itself was set to work on it. */
  wokenAt: Instant.nullable(),
});
export type TaskReceipt = z.infer<typeof TaskReceipt>;

/** Without an acknowledgement after this long, an agent that is connected does not answer. */
export const ACKNOWLEDGE_WITHIN_MS = 10_000;

/** What a reviewer says of one place in the work. `line` counts in the new file, from 1; null for the file as a whole. */
export const ReviewRemark = z.object({
  path: Text(500),
  line: z.int().min(1).nullable().default(null),
  text: Text(2000),
});
export type ReviewRemark = z.infer<typeof ReviewRemark>;

export const ReviewVerdict = z.enum(['approved', 'changes_requested']);

/** What a person said of exactly one commit. A push after it takes an approval away. */
export const Review = z
  .object({
    verdict: ReviewVerdict,
    by: Actor,
    sha: CommitSha,
    comment: z.string(),
    remarks: z.array(ReviewRemark),
    at: Instant,
  })
  .meta({ id: 'Review' });
export type Review = z.infer<typeof Review>;

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
    /** Null unless it is given to an agent, and free to be done or being done. */
    receipt: TaskReceipt.nullable(),
    /** Who holds it now. Until when is the holder's business: renewals are not in the log. */
    lease: z.object({ holder: Actor }).nullable(),
    progress: z.object({ note: z.string(), percent: z.int().nullable(), at: Instant }).nullable(),
    branch: z.string().nullable(),
    /** The commit that was handed in last. */
    submittedSha: z.string().nullable(),
    /** The verdict that counts now. */
    review: Review.nullable(),
    /** The task that this one is a part of. */
    parentId: Id.nullable(),
    /** Tasks of the room that have to be done before this one can be claimed. */
    dependsOn: z.array(Id),
    pullRequest: z.int().nullable(),
    failure: z.string().nullable(),
    /** When the agent that it is given to can go on with it; null if it waits for nothing but to be taken. */
    waitsUntil: Instant.nullable(),
    sourceMessageId: Id.nullable(),
    /** The issue at the provider that it was made from. */
    issue: z
      .object({
        id: Id,
        provider: z.enum(['github', 'gitlab']),
        number: z.int(),
        /** A stranger's words, for people to read. The task has a title of its own. */
        title: z.string(),
        url: z.string().nullable(),
        /** As it was when the task last heard of it. Whoever works on it goes on when it is closed: the task says what to do. */
        state: z.enum(['open', 'closed', 'gone']),
      })
      .nullable(),
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
    parentId: Id.optional(),
    dependsOn: z.array(Id).max(20).default([]),
    /** The message of the room that asked for it. One that has a task already is answered with that task. */
    sourceMessageId: Id.optional(),
    /** What it will touch, as far as that is known. */
    paths: PathPatterns.default([]),
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

/** `paths`: what the agent will touch, if it knows. Left out, what was said before stays. */
export const ClaimTask = z.object({
  roomId: Id,
  taskId: Id,
  paths: PathPatterns.optional(),
  commandId: CommandId.optional(),
});
export type ClaimTask = z.infer<typeof ClaimTask>;

/** Permission to work on a task until `expiresAt`. Every later command about the task carries `leaseId`. */
export const Lease = z.object({ leaseId: Id, taskId: Id, fence: z.int(), expiresAt: Instant }).meta({ id: 'Lease' });
export type Lease = z.infer<typeof Lease>;

export const ClaimedTask = z.object({
  lease: Lease,
  assignment: TaskAssignment,
  /** Unfinished tasks that touch the same files, or say that they will. */
  conflicts: z.array(ConflictNotice),
});
export type ClaimedTask = z.infer<typeof ClaimedTask>;

export const ReceiptStep = z.enum(['delivered', 'acknowledged', 'woken']);
export type ReceiptStep = z.infer<typeof ReceiptStep>;

/** Each step stands for those before it. */
export const ConfirmReceipt = z.object({ roomId: Id, taskId: Id, step: ReceiptStep });
export type ConfirmReceipt = z.infer<typeof ConfirmReceipt>;

const underLease = { roomId: Id, taskId: Id, leaseId: Id, commandId: CommandId.optional() };

export const RenewLease = z.object({ roomId: Id, taskId: Id, leaseId: Id });
export type RenewLease = z.infer<typeof RenewLease>;

export const ReportProgress = z.object({ ...underLease, note: Text(500), percent: z.int().min(0).max(100).optional() });
export type ReportProgress = z.infer<typeof ReportProgress>;

/** Something that was run before the work was handed in, such as the tests. It is the agent's word, not the server's. */
export const WorkCheck = z
  .object({ name: Text(100), command: Text(500), passed: z.boolean(), summary: OptionalText(2000).optional() })
  .meta({ id: 'WorkCheck' });
export type WorkCheck = z.infer<typeof WorkCheck>;

export const SubmitWork = z.object({
  ...underLease,
  type: z.enum(['code', 'documentation', 'review']).default('code'),
  gitBranch: BranchName,
  /** The tip that was pushed; the branch must still be there, and every commit of its own signed by the agent. */
  commit: CommitSha,
  pullRequestUrl: z.string().max(500).optional(),
  description: OptionalText(4000).default(''),
  requestsReview: z.boolean().default(true),
  /** One that did not pass refuses the work. */
  checks: z.array(WorkCheck).max(20).default([]),
});
export type SubmitWork = z.infer<typeof SubmitWork>;

export const ReleaseTask = z.object({ ...underLease, reason: OptionalText(500).default('') });
export type ReleaseTask = z.infer<typeof ReleaseTask>;

export const FailTask = z.object({
  ...underLease,
  reason: Text(500),
  retryable: z.boolean().default(false),
  /**
   * When the agent can go on, if it knows: at most 31 days from now. The task waits for it until then and is offered to it again;
   * another agent may take it meanwhile. Only of a failure that is `retryable`.
   */
  until: Instant.optional(),
});
export type FailTask = z.infer<typeof FailTask>;

/** Changes what is named and leaves the rest; null takes away. What is being worked on keeps its title and description. */
export const UpdateTask = z.object({
  roomId: Id,
  taskId: Id,
  title: Text(160).optional(),
  description: Text(4000).optional(),
  priority: Priority.optional(),
  deadline: Instant.nullable().optional(),
  /** Whom it is given to; only while nobody holds it. */
  agentId: Id.nullable().optional(),
  parentId: Id.nullable().optional(),
  dependsOn: z.array(Id).max(20).optional(),
  /** What it will touch, in place of what was said before. */
  paths: PathPatterns.optional(),
  commandId: CommandId.optional(),
});
export type UpdateTask = z.infer<typeof UpdateTask>;

/** `sha` is the commit that was looked at; if it is no longer what was handed in, the review is refused with `head_moved`. */
export const ReviewTask = z.object({
  roomId: Id,
  taskId: Id,
  verdict: ReviewVerdict,
  sha: CommitSha,
  comment: OptionalText(4000).default(''),
  remarks: z.array(ReviewRemark).max(50).default([]),
  commandId: CommandId.optional(),
});
export type ReviewTask = z.infer<typeof ReviewTask>;

export const CancelTask = z.object({ roomId: Id, taskId: Id, commandId: CommandId.optional() });
export type CancelTask = z.infer<typeof CancelTask>;

/** The specification's one message for what an agent does; each action is the named command in another shape. */
export const AgentAction = z.discriminatedUnion('action', [
  z.object({
    roomId: Id,
    action: z.literal('task_pickup'),
    payload: z.object({ taskId: Id, paths: PathPatterns.optional() }),
  }),
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
    /** What it touches; null if nobody has said so and nothing was pushed. */
    paths: TaskPaths.nullable(),
    conflicts: z.array(ConflictNotice),
    /** What the work that was handed in last came with. */
    checks: z.array(WorkCheck),
    /** What the agent ever asked leave for, oldest first. */
    approvals: z.array(Approval),
    history: z.array(z.object({ at: Instant, actor: Actor, what: z.string(), note: z.string().nullable() })),
  })
  .meta({ id: 'TaskDetail' });
export type TaskDetail = z.infer<typeof TaskDetail>;
