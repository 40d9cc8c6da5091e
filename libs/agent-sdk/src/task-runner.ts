import { setTimeout as delay } from 'node:timers/promises';
import { type AgentSelf, type ErrorCode, type ReceiptStep, type RoomState, type Task } from '@clawtank/contracts';
import type { Agent } from './agent.js';
import type { AgentClient } from './agent-client.js';
import { AgentAtWork, AgentStopping, CommandRefused, ConnectionEnded } from './errors.js';
import { LeasedTask } from './leased-task.js';

const TAKEN: ReadonlySet<ErrorCode> = new Set(['task_not_open', 'task_blocked', 'agent_paused', 'not_found']);
/** What the server says when a claim would succeed at another time. */
const LATER: ReadonlySet<ErrorCode> = new Set([
  'agent_busy',
  'limit_reached',
  'rate_limited',
  'unavailable',
  'internal',
]);
const FIRST_PAUSE_MS = 5000;
const LONGEST_PAUSE_MS = 300_000;
/** How many tasks that were given up are remembered. */
const MAX_REMEMBERED = 1000;
/** How long a handler has to react to the abort signal, and the server to take a task back, when the agent stops. */
const LAST_WORDS_MS = 3000;

const STOPPING = new AgentStopping().message;

interface Offer {
  readonly roomId: string;
  readonly taskId: string;
}

interface Running {
  session: LeasedTask | null;
  /** The task was given to the agent anew while the handler was still coming to its end. */
  isOfferedAgain: boolean;
  done: Promise<void>;
}

/** Reports what went wrong where nobody waits for an answer. */
export type Report = (doing: string, error: unknown) => void;

/** Claims the tasks that are given to the agent and takes them to its handler: each once, as many at a time as allowed, the rest in turn. */
export class TaskRunner {
  private readonly waiting = new Map<string, Offer>();
  private readonly running = new Map<string, Running>();
  private readonly postponed = new Map<string, NodeJS.Timeout>();
  private readonly timesGivenUp = new Map<string, number>();
  private isStopping = false;
  private lastStatus: string | undefined;

  constructor(
    private readonly agent: Agent,
    private readonly client: AgentClient,
    private readonly concurrency: number,
    private readonly report: Report,
  ) {
    client.on('task_assignment', (assignment) => {
      this.offer(assignment);
      this.confirm(assignment, 'acknowledged');
    });
    client.on('lease_lost', ({ taskId, leaseId, reason }) => {
      this.running.get(taskId)?.session?.loseLease(leaseId, reason);
    });
    client.on('connected', () => this.reconnected());
    client.on('ended', ({ message }) => this.abandon(message));
  }

  /** Takes up what the room says is this agent's: given to it, or held since before it was started again. */
  resumeFrom(state: RoomState, self: AgentSelf): void {
    for (const task of state.tasks) {
      if (isFor(task, self)) {
        this.offer({ roomId: task.roomId, taskId: task.id });
      }
    }
  }

  /** Claims nothing more; gives handlers `graceMs` to finish, then asks them to stop and releases what is left. */
  async stop(graceMs: number): Promise<void> {
    this.isStopping = true;
    this.forgetWaiting();
    await this.settled(graceMs);
    const sessions = this.sessions();
    for (const session of sessions) {
      session.stop();
    }
    await this.settled(LAST_WORDS_MS);
    const left = this.sessions().map((session) => this.giveBack(session));
    await Promise.race([Promise.all(left), delay(LAST_WORDS_MS, undefined, { ref: false })]);
  }

  /** Claims a task of the agent's own choice and takes it to its handler, as if it had been given to it. */
  async claimNow(offer: Offer): Promise<LeasedTask> {
    const { taskId } = offer;
    const held = this.running.get(taskId)?.session;
    if (held) {
      return held;
    }
    if (this.isStopping || this.running.has(taskId) || this.running.size >= this.concurrency) {
      throw new AgentAtWork();
    }
    this.waiting.delete(taskId);
    clearTimeout(this.postponed.get(taskId));
    this.postponed.delete(taskId);
    const claiming = this.lease(offer);
    this.begin(
      offer,
      claiming.catch(() => null), // whoever asked hears of it
    );
    return claiming;
  }

  private offer({ roomId, taskId }: Offer): void {
    const running = this.running.get(taskId);
    if (running) {
      running.isOfferedAgain ||= running.session?.isEnding ?? false;
      return;
    }
    if (this.isStopping || this.waiting.has(taskId) || this.postponed.has(taskId)) {
      return;
    }
    const givenUp = this.timesGivenUp.get(taskId) ?? 0;
    if (givenUp > 0) {
      this.postpone({ roomId, taskId }, Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(givenUp - 1, 10)));
      return;
    }
    this.waiting.set(taskId, { roomId, taskId });
    this.startNext();
  }

  /** People want to know whether anybody is there. What is lost on the way is told by the claim. */
  private confirm({ roomId, taskId }: Offer, step: ReceiptStep): void {
    this.client.ask('task_receipt', { roomId, taskId, step }).catch(() => undefined);
  }

  private postpone(offer: Offer, milliseconds: number): void {
    const timer = setTimeout(() => {
      this.postponed.delete(offer.taskId);
      this.waiting.set(offer.taskId, offer);
      this.startNext();
    }, milliseconds);
    this.postponed.set(offer.taskId, timer);
  }

  private startNext(): void {
    for (const [taskId, offer] of this.waiting) {
      if (this.isStopping || this.running.size >= this.concurrency) {
        return;
      }
      this.waiting.delete(taskId);
      this.begin(offer, this.claim(offer));
    }
  }

  private begin(offer: Offer, claiming: Promise<LeasedTask | null>): void {
    const entry: Running = { session: null, isOfferedAgain: false, done: Promise.resolve() };
    this.running.set(offer.taskId, entry);
    entry.done = this.run(offer, entry, claiming).finally(() => {
      this.running.delete(offer.taskId);
      if (entry.isOfferedAgain) {
        this.offer(offer);
      }
      this.startNext();
      this.sayStatus();
    });
  }

  private async run(offer: Offer, entry: Running, claiming: Promise<LeasedTask | null>): Promise<void> {
    const session = await claiming;
    if (!session) {
      return;
    }
    if (this.isStopping) {
      await this.giveBack(session);
      return;
    }
    entry.session = session;
    this.sayStatus();
    this.confirm(offer, 'woken');
    try {
      await this.agent.onTaskAssignment(session);
      await this.conclude(session, 'The agent ended its work without a result');
    } catch (error) {
      await this.concludeFailed(session, error);
    } finally {
      session.end();
    }
    this.remember(session);
  }

  private async claim(offer: Offer): Promise<LeasedTask | null> {
    try {
      return await this.lease(offer);
    } catch (error) {
      if (error instanceof CommandRefused && LATER.has(error.code) && !this.isStopping) {
        this.postpone(offer, error.retryAfter ?? FIRST_PAUSE_MS);
      } else if (!(error instanceof ConnectionEnded) && !isTaken(error)) {
        this.report('claiming a task', error);
      }
      return null;
    }
  }

  private async lease(offer: Offer): Promise<LeasedTask> {
    const task = this.client.room(offer.roomId).state?.tasks.find(({ id }) => id === offer.taskId);
    const paths = task && this.agent.pathsOf?.(task);
    const claimed = await this.client.command('claim_task', { ...offer, ...(paths && { paths: [...paths] }) });
    return new LeasedTask(this.client, this.client.self ?? (await this.client.ready()), claimed);
  }

  private async conclude(session: LeasedTask, reason: string): Promise<void> {
    if (!session.isOver) {
      await session.release(session.isStopping ? STOPPING : reason);
    }
  }

  private async concludeFailed(session: LeasedTask, error: unknown): Promise<void> {
    try {
      if (session.isStopping && !session.isOver) {
        await session.release(STOPPING);
      } else if (!isExpected(error, session.signal)) {
        this.report('working on a task', error);
        await (session.isOver ? undefined : session.fail(messageOf(error)));
      }
    } catch (refused) {
      if (!isExpected(refused, session.signal)) {
        this.report('concluding a task', refused);
      }
    }
  }

  private async giveBack(session: LeasedTask): Promise<void> {
    await session.release(STOPPING).catch(() => undefined); // best effort: otherwise the lease expires
    session.end();
  }

  /** A task that was given up is offered again at once; without a pause, an agent that cannot do it would never rest. */
  private remember(session: LeasedTask): void {
    const { taskId } = session.assignment;
    const times = this.timesGivenUp.get(taskId) ?? 0;
    this.timesGivenUp.delete(taskId);
    if (!session.isGivenUp) {
      return;
    }
    const [oldest] = this.timesGivenUp.keys();
    if (oldest !== undefined && this.timesGivenUp.size >= MAX_REMEMBERED) {
      this.timesGivenUp.delete(oldest);
    }
    this.timesGivenUp.set(taskId, times + 1);
  }

  private reconnected(): void {
    this.lastStatus = undefined;
    this.sayStatus();
    for (const session of this.sessions()) {
      void session.reclaim();
    }
  }

  private sayStatus(): void {
    const [session] = this.sessions();
    const currentTask = session?.assignment.task.title;
    const status = currentTask === undefined ? 'idle' : 'working';
    if (this.lastStatus === `${status}:${currentTask}`) {
      return;
    }
    this.lastStatus = `${status}:${currentTask}`;
    this.client.ask('agent_status', { status, ...(currentTask && { currentTask }) }).catch(() => {
      this.lastStatus = undefined; // it is said again with the next change, or after the next connection
    });
  }

  private abandon(reason: string): void {
    this.isStopping = true;
    this.forgetWaiting();
    for (const session of this.sessions()) {
      session.lose(reason);
    }
  }

  private forgetWaiting(): void {
    this.waiting.clear();
    for (const timer of this.postponed.values()) {
      clearTimeout(timer);
    }
    this.postponed.clear();
  }

  private sessions(): LeasedTask[] {
    return [...this.running.values()].flatMap(({ session }) => session ?? []);
  }

  private async settled(withinMs: number): Promise<void> {
    const all = Promise.all([...this.running.values()].map(({ done }) => done));
    const waiting = new AbortController();
    const limit = delay(withinMs, undefined, { signal: waiting.signal }).catch(() => undefined);
    await Promise.race([all, limit]);
    waiting.abort();
  }
}

function isFor({ state, assignedTo, lease, waitsUntil }: Task, { agentId }: AgentSelf): boolean {
  const isFree = (state === 'open' || state === 'changes_requested') && waitsUntil === null;
  return (
    (isFree && assignedTo?.id === agentId) ||
    ((state === 'claimed' || state === 'in_progress') && lease?.holder.id === agentId)
  );
}

/** Somebody was faster, the task is gone or waits for another, or the agent is to rest: the ordinary end of an offer. It comes again. */
function isTaken(error: unknown): boolean {
  return error instanceof CommandRefused && TAKEN.has(error.code);
}

/** What an aborted handler throws: the reason itself, or an `AbortError` on its account. */
function isExpected(error: unknown, { aborted, reason }: AbortSignal): boolean {
  return (
    error instanceof ConnectionEnded ||
    (aborted && (error === reason || (error instanceof Error && error.name === 'AbortError')))
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
