import { EventEmitter, once } from 'node:events';
import { type AgentKey, GitFailed, type StepToApprove, type TaskSession } from '@clawtank/agent-sdk';
import { type CheckResult, commitOfTask, handIn, RepositoryClosed, type RoomRepository } from '@clawtank/agent-work';
import type { CommandInput } from '@clawtank/contracts';
import { isOfOpenClaw } from '../domain/step.js';
import type { Begun, BegunTasks } from './begun-tasks.js';

type Checks = NonNullable<CommandInput<'submit_work'>['checks']>;

/** How long a turn may go on once its agent has ended the task: for a last word, not for more work. */
const LAST_WORDS_MS = 30_000;

/** What the agent asks of a task cannot be; the message is for it to read. */
export class NotPossible extends Error {}

/** A task while the agent works on it: the folder with its files, and the ways in which it ends. */
export class TaskInHand {
  private readonly concluding = new AbortController();
  private readonly silencing = new AbortController();
  private lastWords: NodeJS.Timeout | undefined;
  private readonly heard = new EventEmitter<{ words: []; settled: [] }>();
  /** What leave OpenClaw waits for; aborted when it does no more. */
  private readonly asked = new Map<string, AbortController>();
  private said: string[] = [];
  private isHandingIn = false;
  private isShutOut = false;

  constructor(
    readonly session: TaskSession,
    private readonly repository: RoomRepository,
    private readonly begunTasks: BegunTasks,
    private begun: Begun,
    private readonly key: AgentKey,
  ) {}

  get folder(): string {
    return this.begun.folder;
  }

  /** Aborted once the task has ended, in whichever way. */
  get ended(): AbortSignal {
    return AbortSignal.any([this.concluding.signal, this.session.signal]);
  }

  /** Aborted when no turn may go on: at once when the task is taken from the agent, a while after the agent has ended it. */
  get over(): AbortSignal {
    return AbortSignal.any([this.silencing.signal, this.session.signal]);
  }

  /** What the agent has said in this turn, by whichever way it came. */
  get words(): string {
    return this.said.join('\n\n');
  }

  /** The turn that was begun last, also by a process before this one; 0 is the first. */
  get turn(): number {
    return this.begun.turn;
  }

  async beginTurn(turn: number): Promise<void> {
    this.said = [];
    if (turn !== this.begun.turn) {
      this.begun = { ...this.begun, turn };
      await this.begunTasks.remember(this.session.assignment.taskId, this.begun);
    }
  }

  hear(words: string): void {
    this.said.push(words.trim());
    this.heard.emit('words');
  }

  /**
   * Asks the agent's owner for leave that OpenClaw waits for. Resolves with the decision, or with null if OpenClaw waits no more: it was
   * decided elsewhere, or it took too long. Then it is withdrawn in the room.
   */
  async ask(requestId: string, step: StepToApprove): Promise<'approved' | 'rejected' | null> {
    const noLonger = new AbortController();
    this.asked.set(requestId, noLonger);
    try {
      const { state } = await this.session.requestApproval(step, noLonger.signal);
      return noLonger.signal.aborted || state === 'withdrawn' ? null : state === 'approved' ? state : 'rejected';
    } catch {
      return null; // the task is no longer the agent's, and whatever waits for leave has ended with it
    } finally {
      this.settled(requestId);
    }
  }

  /** Withdraws what OpenClaw asked leave for before it was killed: nobody waits for that any more. */
  async withdrawAbandoned(): Promise<void> {
    const { assignment, room } = this.session;
    for (const approval of room.state?.approvals ?? []) {
      if (approval.taskId === assignment.taskId && approval.state === 'pending' && isOfOpenClaw(approval)) {
        await this.session.withdrawApproval(approval.approvalId);
      }
    }
  }

  /** OpenClaw waits for this leave no more. */
  settled(requestId: string): void {
    this.asked.get(requestId)?.abort();
    this.asked.delete(requestId);
    this.heard.emit('settled');
  }

  /**
   * OpenClaw ends the turn in which it asks for leave, and begins another by itself once it has it or not. Resolves when it waits for none
   * and has said something since, or was quiet for that long.
   */
  async followUps(quietMs: number): Promise<void> {
    while (this.asked.size > 0 && !this.ended.aborted) {
      await once(this.heard, 'settled', { signal: this.ended }).catch(() => undefined);
      if (this.asked.size === 0) {
        this.said = [];
        await this.quiet(quietMs);
      }
    }
  }

  /** Resolves when the agent has said something, when the task has ended, or when the time is over. */
  async quiet(withinMs: number): Promise<void> {
    const signal = AbortSignal.any([this.ended, AbortSignal.timeout(withinMs)]);
    await once(this.heard, 'words', { signal }).catch(() => undefined);
  }

  /** Whether anything was changed in the folder, and is not handed in; it may be committed already. */
  async hasChanges(): Promise<boolean> {
    if (this.begun.start !== this.begun.base) {
      return true;
    }
    return (await (await this.repository.reopen(this.begun))?.hasChanges()) ?? false;
  }

  /** Commits what is in the folder, signed, pushes it, proposes it for merging, and hands it in. Doing so again changes nothing. */
  async submit(summary: string, checks: Checks, assistedBy: string): Promise<string> {
    if (this.isHandingIn) {
      throw new NotPossible('The work is being handed in already');
    }
    this.isHandingIn = true;
    try {
      const commit = await this.commit(assistedBy);
      await handIn(
        this.session,
        this.repository,
        this.begun,
        { commit, summary, checks: checks.map(resultOf) },
        (text) => text,
      );
      this.conclude();
      return commit;
    } catch (error) {
      if (error instanceof RepositoryClosed) {
        // Nothing that the agent could do better. Somebody has to let it in, and what it has made is kept until then.
        this.isShutOut = true;
        await this.fail(error.message, isWorthAnotherTry(error));
      }
      throw error;
    } finally {
      this.isHandingIn = false;
    }
  }

  async fail(reason: string, retryable: boolean): Promise<void> {
    await this.session.fail(reason, { retryable });
    this.conclude();
  }

  async release(reason: string): Promise<void> {
    await this.session.release(reason);
    this.conclude();
  }

  /** No turn goes on. The files are no longer needed once the work is handed in; what was begun otherwise is kept for whoever looks for it. */
  async tidyUp(): Promise<void> {
    clearTimeout(this.lastWords);
    const { taskId } = this.session.assignment;
    if ((this.concluding.signal.aborted && !this.isShutOut) || !(await this.hasChanges().catch(() => true))) {
      await this.repository.dispose(this.begun);
      await this.begunTasks.forget(taskId);
    }
  }

  private conclude(): void {
    this.concluding.abort();
    this.lastWords ??= setTimeout(() => this.silencing.abort(), LAST_WORDS_MS);
  }

  private async commit(assistedBy: string): Promise<string> {
    const { session, begun } = this;
    const { taskId, task } = session.assignment;
    const worktree = await this.repository.reopen(begun);
    if (!worktree) {
      throw new NotPossible(`${begun.folder} is no longer a git worktree`);
    }
    const commit = await worktree.commitAll(commitOfTask(session, this.key, assistedBy));
    if (commit === begun.base || commit === task.submittedSha) {
      throw new NotPossible(`Nothing was changed in ${begun.folder}`);
    }
    // From here on this commit is what later changes are built on: it may be pushed when we are killed.
    this.begun = { ...begun, start: commit };
    await this.begunTasks.remember(taskId, this.begun);
    return commit;
  }
}

/** What failed for now: git alone may go better next time. */
export const isWorthAnotherTry = (error: Error): boolean => error instanceof GitFailed && error.isWorthAnotherTry;

const resultOf = ({ command, passed, summary }: Checks[number]): CheckResult => ({
  ...{ command, passed },
  outcome: summary || (passed ? 'passed' : 'failed'),
  output: '',
});
