import type { SessionUpdate } from '@agentclientprotocol/sdk';
import type { AgentKey, TaskSession } from '@clawtank/agent-sdk';
import {
  branchName,
  type CheckResult,
  commitOfTask,
  failedChecksPrompt,
  failingChecks,
  type FinishedWork,
  handIn,
  isOwnersTask,
  longSecretsIn,
  ProgressDigest,
  ProgressStream,
  type Redact,
  type RoomRepository,
  shortened,
  taskPrompt,
  type Update,
  type Worktree,
} from '@clawtank/agent-work';
import { MAX_MESSAGE_LENGTH } from '@clawtank/contracts';
import { AgentAtWork } from './agent-at-work.js';
import { placeOfAnswer, sayOnce } from './answer.js';
import type { BridgeOptions } from './bridge-options.js';
import { withoutFolder } from './domain/tool-call.js';
import type { Journal, JournalEntry } from './journal.js';
import { PathClaims } from './path-claims.js';
import { type Ask, PermissionDesk } from './permission-desk.js';
import { runCheck } from './run-check.js';
import { agentFailure, TaskFailed } from './task-failure.js';

const RULES = [
  'Your current directory is a git worktree made for this task alone. Change files in it and nowhere else.',
  'Do not commit, push, switch branches or change git’s configuration: everything in the worktree is committed, signed and pushed for you when you are done.',
  'When you are done, end with a short summary of what you changed and why.',
];

interface TaskRunParts {
  readonly session: TaskSession;
  readonly repository: RoomRepository;
  readonly journal: Journal;
  readonly options: BridgeOptions;
  /** What the agent and the checks see of the owner's environment. */
  readonly environment: NodeJS.ProcessEnv;
  readonly redact: Redact;
  readonly ask: Ask;
  readonly key: AgentKey;
  readonly log: (line: string) => void;
}

/** A worktree with what the journal says of it. */
interface Begun {
  readonly worktree: Worktree;
  /** It is there from an interrupted run. */
  readonly wasBegun: boolean;
}

/** One task, from the claim to the work handed in. */
export class TaskRun {
  private readonly progress: ProgressStream;
  private worktree: Worktree | null = null;
  private claims: PathClaims | null = null;
  private entry: JournalEntry | null = null;

  constructor(private readonly parts: TaskRunParts) {
    this.progress = new ProgressStream(
      new ProgressDigest(),
      (note, percent) => void parts.session.progress(parts.redact(note), percent),
    );
  }

  /** Does the task. Rejects if that cannot be; the agent's processes are gone then, too. */
  async perform(): Promise<void> {
    const { session, repository, journal, redact, log } = this.parts;
    const { taskId, task } = session.assignment;
    void session.progress('Fetching the repository');
    await repository.refresh(session.signal);
    const { worktree, wasBegun } = await this.prepare();
    const work = this.entry?.result ?? (await this.work(worktree, wasBegun));
    await handIn(session, repository, worktree.place, work, redact);
    await journal.forget(taskId);
    await repository.dispose(worktree.place);
    log(`Task ${task.number} is handed in`);
  }

  /** The task is over without a result: what there is stays on this machine, in no other task's way. */
  async abandon(): Promise<void> {
    const { session, repository, journal, log } = this.parts;
    await journal.forget(session.assignment.taskId);
    if (!this.worktree) {
      return;
    }
    const { folder } = this.worktree.place;
    if (await this.worktree.hasChanges().catch(() => true)) {
      await this.worktree.detach();
      log(`What was begun of task ${session.assignment.task.number} is kept in ${folder}`);
    } else {
      await repository.dispose(this.worktree.place);
    }
  }

  /** Finds the worktree of an interrupted run, or makes one. */
  private async prepare(): Promise<Begun> {
    const { session, repository, journal } = this.parts;
    const { assignment, agent, lease } = session;
    const { task, taskId, roomId } = assignment;
    const earlier = journal.entry(taskId);
    const reopened = earlier && (await repository.reopen(earlier));
    const branch = branchName(task, agent);
    this.worktree = reopened ?? (await repository.checkOut(branch, `${task.number}-${lease.fence}`));
    await this.record({
      ...{ taskId, roomId, leaseId: lease.leaseId, fence: lease.fence, ...this.worktree.place },
      ...{ process: null, sessionId: null, result: null },
      ...(reopened && { sessionId: earlier.sessionId, result: earlier.result }),
    });
    return { worktree: this.worktree, wasBegun: reopened !== null };
  }

  /** Has the agent do the work until the project's checks pass, and commits it. */
  private async work(worktree: Worktree, wasBegun: boolean): Promise<FinishedWork> {
    const { fixAttempts } = this.parts.options;
    const agent = this.hire(worktree);
    try {
      await agent.begin(wasBegun);
      let checks = await this.check(worktree);
      for (let attempt = 0; attempt < fixAttempts && checks.some(({ passed }) => !passed); attempt++) {
        await agent.turn(failedChecksPrompt(checks.filter(({ passed }) => !passed)));
        checks = await this.check(worktree);
      }
      if (checks.some(({ passed }) => !passed)) {
        throw new TaskFailed(failingChecks(checks), true);
      }
      await agent.dismiss(); // from here on nothing changes the files
      const work = { commit: await this.commit(worktree, agent.name), summary: this.lastWords, checks };
      await this.record({ result: work });
      return work;
    } finally {
      this.progress.stop();
      this.claims?.stop();
      await agent.dismiss();
    }
  }

  private hire({ place: { folder } }: Worktree): AgentAtWork {
    const { session, options, environment, redact, ask, log } = this.parts;
    const { assignment, agent, lease, room, signal } = session;
    const desk = new PermissionDesk({
      ...{ folder, redact, ask, allowed: options.allowed },
      task: { id: assignment.taskId, fence: lease.fence, isForOwner: isOwnersTask(assignment, agent) },
    });
    this.claims = new PathClaims(folder, (paths) => session.claimPaths(paths.filter((path) => redact(path) === path)));
    const { name = '', description = '' } = room.state?.room ?? {};
    return new AgentAtWork({
      ...{ options, environment, folder, signal, log },
      task: taskPrompt(assignment, agent, { name, description }, RULES, session.conflicts),
      earlierSession: this.entry?.sessionId ?? null,
      digest: this.progress.digest,
      updated: (update) => this.updated(update, desk),
      permission: (request) => desk.answer(request),
      remember: (change) => this.record(change),
    });
  }

  private updated(update: SessionUpdate, desk: PermissionDesk): void {
    if (update.sessionUpdate === 'tool_call' || update.sessionUpdate === 'tool_call_update') {
      desk.learn(update);
      this.claims?.learn(update);
      const title = update.title && withoutFolder(update.title, this.worktree?.place.folder ?? '');
      this.progress.take({ ...update, title });
      return;
    }
    this.progress.take(update as Update);
  }

  private async check({ place: { folder } }: Worktree): Promise<CheckResult[]> {
    const { session, options, environment, redact } = this.parts;
    const { signal } = session;
    const results: CheckResult[] = [];
    for (const command of options.checks) {
      void session.progress(`Running ${command}`); // the work goes on without a connection
      const result = await runCheck(command, { folder, environment, signal, timeoutMs: options.checkTimeoutMs });
      results.push({ ...result, output: redact(result.output) });
    }
    return results;
  }

  private async commit(worktree: Worktree, assistedBy: string): Promise<string> {
    const { session, repository, key } = this.parts;
    const { assignment } = session;
    const commit = await worktree.commitAll(commitOfTask(session, key, assistedBy));
    await this.refuseSecrets(worktree, commit);
    const isNew = commit !== worktree.place.start;
    const isPushedOnly = commit !== assignment.task.submittedSha && (await repository.isPushed(worktree.place));
    if (!isNew && !isPushedOnly) {
      throw await this.withoutChanges(this.lastWords);
    }
    return commit;
  }

  /** Not every request is one for changes: an agent that was asked in the room, changed nothing and said something has answered. */
  private async withoutChanges(words: string): Promise<TaskFailed> {
    const failure = agentFailure(words, new Date());
    if (failure.until) {
      return failure; // an agent that has no quota left may say so as if it were its answer
    }
    if (words && (await this.answer(words))) {
      return new TaskFailed('Answered in the room. No file was changed.', false);
    }
    return new TaskFailed(`The agent changed no file. ${words ? `It said: ${words}` : 'It said nothing.'}`, false);
  }

  /** Answers the message that the task came from. False if it came from none. */
  private async answer(words: string): Promise<boolean> {
    const { session, redact, log } = this.parts;
    const { assignment, lease, room } = session;
    const source = room.state?.messages.find(({ id }) => id === assignment.task.sourceMessageId);
    if (!source) {
      return false;
    }
    const clientMessageId = `answer:${assignment.taskId}:${lease.fence}`;
    const text = shortened(redact(words), MAX_MESSAGE_LENGTH);
    return sayOnce(() => room.say(text, { clientMessageId, ...placeOfAnswer(source) }), log);
  }

  /** Whatever the agent wrote a secret of its owner's environment into does not leave this machine. */
  private async refuseSecrets(worktree: Worktree, commit: string): Promise<void> {
    const secrets = longSecretsIn(this.parts.environment).map(([, value]) => value);
    const [file] = await worktree.changedFilesWith(secrets, commit);
    if (file !== undefined) {
      throw new TaskFailed(`${file} holds a secret of the owner’s environment. Nothing was pushed`, true);
    }
  }

  private get lastWords(): string {
    return this.progress.digest.lastWords;
  }

  private async record(change: JournalEntry | Partial<JournalEntry>): Promise<void> {
    this.entry = { ...this.entry, ...change } as JournalEntry;
    await this.parts.journal.write(this.entry);
  }
}
