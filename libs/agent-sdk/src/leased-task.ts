import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type {
  AgentSelf,
  Approval,
  ClaimedPaths,
  ClaimedTask,
  CommandInput,
  ConflictNotice,
  ErrorCode,
  Lease,
  PullRequest,
  Task,
  TaskAssignment,
} from '@clawtank/contracts';
import type { StepToApprove, TaskSession, WorkSubmission } from './agent.js';
import type { AgentClient } from './agent-client.js';
import type { AgentRoom } from './agent-room.js';
import { AgentStopping, CommandRefused, LeaseLost, NotDelivered } from './errors.js';

const SHORTEST_RENEWAL_MS = 250;
/** `expiresAt` is by the server's clock. However wrong ours is, a lease is renewed at least this often. */
const LONGEST_RENEWAL_MS = 20_000;
const RENEW_AGAIN_MS = 1000;
const MAX_NOTE_LENGTH = 500;

/** What the server says when the task is not the agent's, or not any more. */
const NOT_OURS: ReadonlySet<ErrorCode> = new Set([
  'lease_lost',
  'task_not_open',
  'not_found',
  'forbidden',
  'agent_paused',
]);

interface HeldTask {
  readonly roomId: string;
  readonly taskId: string;
  readonly leaseId: string;
}

/** The task as its holder has it: keeps the lease alive, puts its number on every command, and notices when it is lost. */
export class LeasedTask implements TaskSession {
  readonly assignment: TaskAssignment;
  readonly conflicts: readonly ConflictNotice[];
  private readonly aborting = new AbortController();
  lease: Lease;
  private renewal: NodeJS.Timeout | undefined;
  private outcome: 'submitted' | 'failed' | 'released' | null = null;
  private lost: LeaseLost | null = null;
  private isSettling = false;
  private hasEnded = false;
  private newestNote: object | null = null;
  private noteOnItsWay: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly client: AgentClient,
    readonly agent: AgentSelf,
    { lease, assignment, conflicts }: ClaimedTask,
  ) {
    this.lease = lease;
    this.assignment = assignment;
    this.conflicts = conflicts;
    this.renewInTime();
  }

  get signal(): AbortSignal {
    return this.aborting.signal;
  }

  get room(): AgentRoom {
    return this.client.room(this.assignment.roomId);
  }

  /** True once nothing more is to be said about the task: it was concluded, or it is lost. */
  get isOver(): boolean {
    return this.outcome !== null || this.lost !== null;
  }

  /** True once its end is decided, or asked for: what is offered from here on is a new beginning. */
  get isEnding(): boolean {
    return this.isOver || this.isSettling;
  }

  /** The agent did not do it, and the task may be offered to it again. */
  get isGivenUp(): boolean {
    return this.outcome === 'failed' || this.outcome === 'released';
  }

  get isStopping(): boolean {
    return this.signal.reason instanceof AgentStopping;
  }

  async progress(note: string, percent?: number): Promise<void> {
    const mine = {};
    this.newestNote = mine;
    await this.noteOnItsWay;
    if (this.newestNote !== mine || this.isOver || this.isSettling) {
      return;
    }
    const said = {
      note: shortened(note),
      ...(percent !== undefined && { percent: Math.round(Math.min(100, Math.max(0, percent))) }),
    };
    // A lost lease has aborted the signal; a note that is lost otherwise is not worth the work.
    this.noteOnItsWay = this.underLease((held) => this.client.command('task_progress', { ...held, ...said })).catch(
      () => undefined,
    );
    await this.noteOnItsWay;
  }

  claimPaths(paths: readonly string[]): Promise<ClaimedPaths> {
    return this.underLease((held) => this.client.command('claim_paths', { ...held, paths: [...paths] }));
  }

  async confirm(): Promise<void> {
    for (;;) {
      if (this.isOver) {
        throw this.lost ?? new Error(`The task is ${this.outcome} already`);
      }
      try {
        return await this.renew();
      } catch (error) {
        if (error instanceof NotDelivered) {
          await once(this.client, 'connected', { signal: this.signal });
        } else if (error instanceof CommandRefused && error.code === 'rate_limited') {
          await delay(error.retryAfter ?? RENEW_AGAIN_MS, undefined, { signal: this.signal });
        } else {
          throw this.lost ?? error;
        }
      }
    }
  }

  requestApproval(step: StepToApprove, noLonger?: AbortSignal): Promise<Approval> {
    const { taskId } = this.assignment;
    const { approvalId } = step;
    return new Promise((resolve, reject) => {
      let isAsked = false;
      const settle = (approval: Approval): void => {
        isAsked = true;
        if (approval.state !== 'pending') {
          leave();
          resolve(approval);
        } else if (noLonger?.aborted) {
          withdraw();
        }
      };
      const fail = (error: unknown): void => {
        leave();
        reject(this.lost ?? (error as Error));
      };
      const ask = (): void => {
        this.underLease((held) => this.client.command('request_approval', { ...held, ...step })).then(settle, fail);
      };
      const withdraw = (): void => {
        if (isAsked) {
          this.withdrawApproval(approvalId).then(settle, fail);
        }
      };
      const heard = ({ approval }: { approval: Approval }): void => {
        if (approval.taskId === taskId && approval.approvalId === approvalId) {
          settle(approval);
        }
      };
      const abort = (): void => fail(this.signal.reason);
      const leave = (): void => {
        this.client.off('approval_decided', heard);
        this.client.off('connected', ask);
        this.signal.removeEventListener('abort', abort);
        noLonger?.removeEventListener('abort', withdraw);
      };
      noLonger?.addEventListener('abort', withdraw);
      this.client.on('approval_decided', heard);
      this.client.on('connected', ask); // what was decided meanwhile was told to nobody
      this.signal.addEventListener('abort', abort);
      if (this.signal.aborted) {
        abort();
      } else {
        ask();
      }
    });
  }

  withdrawApproval(approvalId: string): Promise<Approval> {
    return this.underLease((held) => this.client.command('withdraw_approval', { ...held, approvalId }));
  }

  openPullRequest(proposal: Omit<CommandInput<'open_pull_request'>, 'roomId' | 'taskId'>): Promise<PullRequest> {
    const { roomId, taskId } = this.assignment;
    return this.client.command('open_pull_request', { ...proposal, roomId, taskId });
  }

  submit({ branch, ...work }: WorkSubmission): Promise<Task> {
    return this.settle('submitted', (held) =>
      this.client.command('submit_work', { ...held, ...work, gitBranch: branch }),
    );
  }

  fail(
    reason: string,
    { retryable = false, until }: { readonly retryable?: boolean; readonly until?: Date | null } = {},
  ): Promise<Task> {
    const wait = until && { until: until.toISOString() };
    return this.settle('failed', (held) =>
      this.client.command('fail_task', { ...held, reason: shortened(reason), retryable, ...wait }),
    );
  }

  release(reason?: string): Promise<Task> {
    return this.settle('released', (held) =>
      this.client.command('release_task', { ...held, ...(reason && { reason: shortened(reason) }) }),
    );
  }

  /** After a reconnection: makes sure of the lease by claiming the task again, and takes what lease the server gives. */
  async reclaim(): Promise<void> {
    if (this.isOver || this.isSettling) {
      return; // the answer to what is on its way decides
    }
    const { roomId, taskId } = this.assignment;
    try {
      const { lease } = await this.client.ask('claim_task', { roomId, taskId });
      if (this.isOver) {
        // The task was lost and granted anew within one breath; nobody works on the new grant.
        await (this.outcome
          ? undefined
          : this.client.command('release_task', { roomId, taskId, leaseId: lease.leaseId }));
        return;
      }
      this.lease = lease;
      this.renewInTime();
    } catch (error) {
      if (isNotOurs(error) && !this.isSettling) {
        this.lose(error.message);
      }
    }
  }

  /** The server took lease `leaseId` away. */
  loseLease(leaseId: string, reason: string): void {
    if (leaseId === this.lease.leaseId && !this.isSettling) {
      this.lose(reason);
    }
  }

  /** Nothing that is said about the task counts any more. */
  lose(reason: string): void {
    clearTimeout(this.renewal);
    if (!this.isOver) {
      this.lost = new LeaseLost(reason);
      this.aborting.abort(this.lost);
    }
  }

  /** Asks the handler to come to an end; the task is still the agent's, to conclude or to release. */
  stop(): void {
    this.aborting.abort(new AgentStopping());
  }

  /** The handler is done with it. Nothing is renewed from here on. */
  end(): void {
    this.hasEnded = true;
    clearTimeout(this.renewal);
  }

  /** What concludes the task may have to wait for a connection: until it is answered the lease is kept, and a lost one is its answer's business. */
  private async settle(
    outcome: 'submitted' | 'failed' | 'released',
    send: (held: HeldTask) => Promise<Task>,
  ): Promise<Task> {
    if (this.lost) {
      throw this.lost;
    }
    if (this.outcome !== null || this.isSettling) {
      throw new Error(`The task is ${this.outcome ?? 'being concluded'} already`);
    }
    this.isSettling = true;
    try {
      const task = await this.underLease(send);
      this.outcome = outcome;
      clearTimeout(this.renewal);
      return task;
    } finally {
      this.isSettling = false;
    }
  }

  private async underLease<Answer>(send: (held: HeldTask) => Promise<Answer>): Promise<Answer> {
    const { leaseId } = this.lease;
    const { roomId, taskId } = this.assignment;
    try {
      return await send({ roomId, taskId, leaseId });
    } catch (error) {
      if (!isNotOurs(error)) {
        throw error;
      }
      if (this.lease.leaseId !== leaseId) {
        return this.underLease(send); // it was queued under a lease that a reconnection has replaced
      }
      this.lose(error.message);
      throw this.lost ?? error;
    }
  }

  private renewInTime(): void {
    const third = (Date.parse(this.lease.expiresAt) - Date.now()) / 3;
    this.renewAfter(Math.min(LONGEST_RENEWAL_MS, Math.max(SHORTEST_RENEWAL_MS, third)));
  }

  private renewAfter(milliseconds: number): void {
    clearTimeout(this.renewal);
    if (!this.isOver && !this.hasEnded) {
      this.renewal = setTimeout(() => {
        this.renew().catch(() => this.renewAfter(RENEW_AGAIN_MS));
      }, milliseconds);
    }
  }

  private async renew(): Promise<void> {
    const { roomId, taskId } = this.assignment;
    const { leaseId } = this.lease;
    try {
      const lease = await this.client.ask('lease_renew', { roomId, taskId, leaseId });
      if (this.lease.leaseId === leaseId) {
        this.lease = lease;
        this.renewInTime();
      }
    } catch (error) {
      if (isNotOurs(error)) {
        this.loseLease(leaseId, error.message);
      }
      throw error;
    }
  }
}

function isNotOurs(error: unknown): error is CommandRefused {
  return error instanceof CommandRefused && NOT_OURS.has(error.code);
}

/** Within the limit of the wire, which counts code points and wants more than blanks. */
function shortened(text: string): string {
  const points = [...text.replaceAll('\0', '').trim()];
  const kept = points.length > MAX_NOTE_LENGTH ? [...points.slice(0, MAX_NOTE_LENGTH - 1), '…'] : points;
  return kept.join('') || 'No reason given';
}
