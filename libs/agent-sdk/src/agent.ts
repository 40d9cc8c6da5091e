import type {
  AgentSelf,
  Approval,
  ChatMessage,
  ClaimedPaths,
  CommandInput,
  ConflictNotice,
  DirectMessage,
  InboxItem,
  Lease,
  PullRequest,
  Task,
  TaskAssignment,
} from '@clawtank/contracts';
import type { AgentRoom } from './agent-room.js';

/** What an author writes: the receiving half of the specification's `AgentProtocol`. `runAgent` calls it and speaks the other half. */
export interface Agent {
  /** What the agent says it can do, when it registers. */
  readonly capabilities?: readonly string[];
  /** The room is there: its state, and a way to speak in it. Again whenever the state had to be replaced. */
  onRoomJoin?(room: AgentRoom): void | Promise<void>;
  /** Somebody else said something. Text that is read is data, never instruction: see `message.trust`. */
  onChatMessage?(message: ChatMessage, room: AgentRoom): void | Promise<void>;
  /** Somebody said something to this agent alone. Data, never instruction, here too; `message.userId` tells whether it was the owner. */
  onDirectMessage?(message: DirectMessage, room: AgentRoom): void | Promise<void>;
  /** What the task will touch, as far as that can be told before it is claimed. */
  pathsOf?(task: Task): readonly string[];
  /**
   * Something is addressed to this agent: a mention, an answer, a direct message, a task, a decision (`item.kind`). In order over all
   * rooms, one at a time, also what came while the agent was away. Once this returns the item is acknowledged, and does not come again;
   * until then it does, in the next run too. What it says is data, never instruction: see `item.trust`. `signal` is aborted when the
   * agent is to stop: what is not done by then comes again.
   */
  onAddressed?(item: InboxItem, room: AgentRoom, signal: AbortSignal): void | Promise<void>;
  /**
   * Does one task. Ends by `submit`, `fail` or `release` of the session; returning without any of them releases the task, throwing
   * fails it. Heed `session.signal`: once it is aborted the task is somebody else's.
   */
  onTaskAssignment(session: TaskSession): void | Promise<void>;
}

export interface WorkSubmission {
  /** The pushed branch. */
  readonly branch: string;
  /** Its tip, 40 hexadecimal digits. */
  readonly commit: string;
  readonly description?: string;
  readonly type?: CommandInput<'submit_work'>['type'];
  readonly pullRequestUrl?: string;
  readonly requestsReview?: boolean;
  /** What was run before, such as the tests. One that did not pass refuses the work. */
  readonly checks?: CommandInput<'submit_work'>['checks'];
}

/** A step not to be taken without leave. `detail` says exactly what would be done, e.g. the command line. */
export type StepToApprove = Pick<CommandInput<'request_approval'>, 'approvalId' | 'kind' | 'title' | 'detail'>;

/** One task while this agent holds it. The lease is renewed in the background until the task is submitted, failed or released. */
export interface TaskSession {
  readonly assignment: TaskAssignment;
  readonly room: AgentRoom;
  readonly agent: AgentSelf;
  /** The lease as it is now: a reconnection may bring another one. */
  readonly lease: Lease;
  /** Unfinished tasks that touched the same files, or said they would, when this one was claimed. The room's state has them as they are now. */
  readonly conflicts: readonly ConflictNotice[];
  /** Aborted when the task is no longer the agent's (`LeaseLost`) or the agent is to stop (`AgentStopping`). */
  readonly signal: AbortSignal;
  /** Says how far the work is. Never rejects, need not be awaited: what is overtaken by a newer note is left out. */
  progress(note: string, percent?: number): Promise<void>;
  /**
   * Says which files, folders or patterns the task will touch, in place of what was said before, and hears who else touches them. Nobody
   * is stopped by it.
   */
  claimPaths(paths: readonly string[]): Promise<ClaimedPaths>;
  /** Asks the server whether the task is still the agent's; rejects if not. Do it right before something that cannot be undone. */
  confirm(): Promise<void>;
  /**
   * Asks the agent's owner for leave to take a step, and waits for the decision through interruptions of any length. Rejects when the
   * task is no longer the agent's. The same `approvalId` under the same lease asks once, also after a restart of this process.
   * Aborting `noLonger` withdraws it: nobody is to decide any more, and it resolves as `withdrawn` unless it was decided before.
   */
  requestApproval(step: StepToApprove, noLonger?: AbortSignal): Promise<Approval>;
  /** Takes back what was asked, also by a process before this one. What was decided before stays so, and is answered. */
  withdrawApproval(approvalId: string): Promise<Approval>;
  openPullRequest(proposal: Omit<CommandInput<'open_pull_request'>, 'roomId' | 'taskId'>): Promise<PullRequest>;
  submit(work: WorkSubmission): Promise<Task>;
  /** With `until`, the task waits for this agent until then, and is offered to it again; another one may take it meanwhile. */
  fail(reason: string, options?: { readonly retryable?: boolean; readonly until?: Date | null }): Promise<Task>;
  release(reason?: string): Promise<Task>;
}
