import { join } from 'node:path';
import {
  type Agent,
  type AgentKey,
  type AgentRoom,
  CommandRefused,
  LeaseLost,
  type TaskSession,
} from '@clawtank/agent-sdk';
import { accessTo, type Redact, redactor, RepositoryUnfit, RoomRepository } from '@clawtank/agent-work';
import type { AgentSelf, InboxItem, Task } from '@clawtank/contracts';
import { type BridgeOptions, namedByOption } from './bridge-options.js';
import { Conversation } from './conversation.js';
import { environmentWithoutSecrets } from './environment.js';
import type { Journal } from './journal.js';
import { asTaskFailure, TaskFailed } from './task-failure.js';
import { TaskRun } from './task-run.js';

interface BridgeAgentParts {
  readonly server: URL;
  readonly token: string;
  readonly self: AgentSelf;
  readonly key: AgentKey;
  /** What belongs to this agent on this machine. */
  readonly folder: string;
  readonly journal: Journal;
  readonly options: BridgeOptions;
  readonly environment: NodeJS.ProcessEnv;
  readonly log: (line: string) => void;
}

/** An agent of ClawTank whose hands are an ACP agent's. */
export class BridgeAgent implements Agent {
  readonly capabilities = ['edit-files', 'open-pull-requests', 'acp'];
  private readonly environment: NodeJS.ProcessEnv;
  private readonly redact: Redact;
  private readonly inHand = new Set<Promise<void>>();
  private readonly conversation: Conversation;
  private parked: TaskFailed | null = null;
  private isKept = false;

  constructor(private readonly parts: BridgeAgentParts) {
    this.environment = environmentWithoutSecrets(parts.environment, parts.token);
    this.redact = redactor(parts.environment, [parts.token]);
    this.conversation = new Conversation({ ...parts, environment: this.environment, redact: this.redact });
    this.conversation.endLeftOver();
  }

  onRoomJoin(room: AgentRoom): Promise<void> {
    return this.forgetOthers(room);
  }

  async onTaskAssignment(session: TaskSession): Promise<void> {
    const work = this.work(session);
    this.inHand.add(work);
    await work.finally(() => this.inHand.delete(work));
  }

  async onAddressed(item: InboxItem, room: AgentRoom, signal: AbortSignal): Promise<void> {
    const answer = this.conversation.answer(item, room, signal);
    this.inHand.add(answer);
    await answer.finally(() => this.inHand.delete(answer));
  }

  /** The server has closed the line: what is in hand is still this agent's, for its next run to continue. */
  keepForNextTime(): void {
    this.isKept = true;
  }

  /** Resolves once no agent's process is left. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.inHand);
  }

  private async work(session: TaskSession): Promise<void> {
    const { task } = session.assignment;
    const { log } = this.parts;
    if (this.parked?.until && this.parked.until > new Date()) {
      await this.fail(session, this.parked);
      return;
    }
    log(`Task ${task.number}: ${this.redact(task.title)}`);
    let run: TaskRun | null = null;
    try {
      run = this.runOf(session);
      await run.perform();
    } catch (error) {
      await (this.isKept ? undefined : run?.abandon());
      await this.conclude(session, error);
    }
  }

  private async conclude(session: TaskSession, error: unknown): Promise<void> {
    const { number } = session.assignment.task;
    const { log } = this.parts;
    if (session.signal.aborted) {
      const { reason } = session.signal as { reason: Error };
      log(
        `Task ${number}: ${reason instanceof LeaseLost ? 'stopped, it is no longer mine' : 'given back'} (${reason.message})`,
      );
      throw reason;
    }
    const failure = asTaskFailure(error, new Date());
    if (!failure) {
      throw error;
    }
    if (failure.until) {
      this.parked = failure;
    }
    log(`Task ${number} failed: ${this.redact(failure.message)}`);
    await this.fail(session, failure);
  }

  /** Until when the agent cannot go on may have passed before the server hears of it. */
  private async fail(session: TaskSession, { message, retryable, until }: TaskFailed): Promise<void> {
    const said = this.redact(message);
    try {
      await session.fail(said, { retryable, until });
    } catch (error) {
      if (!until || !(error instanceof CommandRefused) || error.code !== 'invalid_input') {
        throw error;
      }
      await session.fail(said, { retryable });
    }
  }

  private runOf(session: TaskSession): TaskRun {
    const { journal, options, log, key } = this.parts;
    return new TaskRun({
      ...{ session, journal, options, log, key, redact: this.redact, environment: this.environment },
      repository: this.repositoryOf(session),
      ask: async (step) => ((await session.requestApproval(step)).state === 'approved' ? 'approved' : 'rejected'),
    });
  }

  private repositoryOf({ assignment }: TaskSession): RoomRepository {
    const { repository, roomId } = assignment;
    if (!repository) {
      throw new RepositoryUnfit('This room has no repository');
    }
    const { folder, server, token, options } = this.parts;
    const { address, credentials } = accessTo(repository, { server, token }, namedByOption(options.repositories));
    return new RoomRepository(join(folder, 'rooms', roomId), address, credentials);
  }

  /** Whatever was in hand before a restart and is somebody else's by now is not continued. */
  private async forgetOthers({ id, state }: AgentRoom): Promise<void> {
    const { journal, self, log } = this.parts;
    for (const { taskId, roomId, folder } of journal.entries()) {
      const task = state?.tasks.find((one) => one.id === taskId);
      if (roomId === id && !(task && isFor(task, self))) {
        await journal.forget(taskId);
        log(`An interrupted task is no longer mine; what was begun of it is kept in ${folder}`);
      }
    }
  }
}

/** States in which a task waits for the agent that it was given to. */
const WAITING: ReadonlySet<Task['state']> = new Set(['open', 'changes_requested']);

function isFor({ state, assignedTo, lease }: Task, { agentId }: AgentSelf): boolean {
  return lease ? lease.holder.id === agentId : WAITING.has(state) && assignedTo?.id === agentId;
}
