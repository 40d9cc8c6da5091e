import { join } from 'node:path';
import { type Agent, type AgentKeyStore, GitFailed, type TaskSession } from '@clawtank/agent-sdk';
import {
  accessTo,
  branchName,
  ProgressDigest,
  ProgressStream,
  RepositoryUnfit,
  RoomRepository,
  shortened,
  taskPrompt,
} from '@clawtank/agent-work';
import type { ItemEvent } from 'openclaw/plugin-sdk/channel-core';
import type { Account } from '../config.js';
import { mayAsk } from '../domain/attention.js';
import { updateOf } from '../domain/progress.js';
import type { Target } from '../domain/target.js';
import { declined, interruptedPrompt, taskRules, unfinishedPrompt } from '../domain/words.js';
import { replyId } from '../domain/said-id.js';
import type { Mouth, Place } from '../mouth.js';
import type { Resumptions } from '../resumptions.js';
import type { TurnEnd, Turns } from '../turns.js';
import type { BegunTasks } from './begun-tasks.js';
import { isWorthAnotherTry, TaskInHand } from './task-in-hand.js';

/** How often an agent that ended its turn but not its task is told to go on. */
const MAX_REMINDERS = 2;
/** How long a turn that OpenClaw has taken up again by itself may be without a sign of life. */
const QUIET_MS = 120_000;
const MAX_REASON = 400;

interface Parts {
  readonly account: Account;
  readonly server: URL;
  readonly token: string;
  readonly keys: AgentKeyStore;
  readonly begunTasks: BegunTasks;
  /** Where copies of repositories are kept, and where the worktrees are made: in the agent's workspace. */
  readonly repositories: string;
  readonly worktrees: string;
  readonly turns: Turns;
  readonly resumptions: Resumptions;
  mouth(): Mouth;
}

/** Has the OpenClaw agent do the tasks that its agent in ClawTank is given. */
export class TaskDesk implements Pick<Agent, 'onTaskAssignment'> {
  private readonly tasks = new Map<string, TaskInHand>();

  constructor(private readonly parts: Parts) {}

  /** The task, if the agent is at work on it. */
  inHand(taskId: string): TaskInHand | null {
    return this.tasks.get(taskId.toLowerCase()) ?? null;
  }

  async onTaskAssignment(session: TaskSession): Promise<void> {
    const { account } = this.parts;
    const { assignment, agent } = session;
    const isElsewhere = account.rooms !== null && !account.rooms.has(assignment.roomId);
    if (isElsewhere || !mayAsk(account, agent, assignment.task.createdBy)) {
      await session.fail(declined(assignment), { retryable: true });
      return;
    }
    try {
      await this.work(session);
    } catch (error) {
      if (session.signal.aborted || !(error instanceof GitFailed || error instanceof RepositoryUnfit)) {
        throw error;
      }
      await session.fail(error.message, { retryable: isWorthAnotherTry(error) });
    }
  }

  private async work(session: TaskSession): Promise<void> {
    const { taskId } = session.assignment;
    const task = await this.begin(session);
    await task.withdrawAbandoned();
    this.tasks.set(taskId, task);
    try {
      await this.takeTurns(task);
    } finally {
      this.tasks.delete(taskId);
      await task.tidyUp().catch(() => undefined); // what cannot be removed is in nobody's way
    }
  }

  /** Makes the worktree, or finds the one that was made before. */
  private async begin(session: TaskSession): Promise<TaskInHand> {
    const { account, server, token, keys, begunTasks, repositories, worktrees } = this.parts;
    const { assignment, agent, signal } = session;
    const { repository, roomId, taskId, task } = assignment;
    if (!repository) {
      throw new RepositoryUnfit('This room has no repository');
    }
    const { address, credentials } = accessTo(repository, { server, token }, account.repositoriesOf(roomId));
    void session.progress('Fetching the repository');
    const copy = new RoomRepository(join(repositories, roomId), address, credentials, join(worktrees, roomId));
    await copy.refresh(signal);
    const known = begunTasks.of(taskId);
    const place =
      (known && (await copy.reopen(known))?.place) ??
      (await copy.checkOut(branchName(task, agent), `task-${task.number}`)).place;
    const begun = { ...place, base: known?.base ?? place.start, turn: known?.turn ?? 0 };
    await begunTasks.remember(taskId, begun);
    return new TaskInHand(session, copy, begunTasks, begun, await keys.keyOf(agent.agentId));
  }

  /** One turn after another, until the task has ended or the agent does not come to an end. */
  private async takeTurns(task: TaskInHand): Promise<void> {
    const { assignment, agent, lease, room, conflicts } = task.session;
    const { name = '', description = '' } = room.state?.room ?? {};
    const rules = taskRules(assignment.taskId, task.folder);
    let prompt = taskPrompt(assignment, agent, { name, description }, rules, conflicts);
    let reminders = 0;
    for (let turn = task.turn; reminders <= MAX_REMINDERS && !task.ended.aborted; turn++) {
      await task.beginTurn(turn);
      const end = await this.turn(task, `${assignment.taskId}:${lease.fence}:${turn}`, prompt);
      await task.followUps(QUIET_MS);
      if (end === 'elsewhere') {
        // A turn that OpenClaw has taken up again had few tools: what was said in it may be an excuse, and no answer.
        prompt = interruptedPrompt(assignment.task, task.folder);
      } else {
        prompt = unfinishedPrompt(assignment.task);
        reminders++;
        if (!task.ended.aborted && task.words && !(await task.hasChanges())) {
          await this.answer(task);
        }
      }
    }
    if (!task.ended.aborted) {
      const said = task.words ? `It said: ${shortened(task.words, MAX_REASON)}` : 'It said nothing.';
      await task.fail(`The agent ended its work without handing anything in. ${said}`, false);
    }
  }

  /** Not every request is one for changes: an agent that changed nothing and said something has answered. */
  private async answer(task: TaskInHand): Promise<void> {
    const { assignment, lease, room } = task.session;
    const { roomId, taskId, task: asked } = assignment;
    const source = room.state?.messages.find(({ id }) => id === asked.sourceMessageId);
    const place: Place = source ? { replyTo: source.id, visibility: source.visibility } : { visibility: 'members' };
    const idOf = (part: number): string => replyId(`${taskId}.${lease.fence}`, part);
    await this.parts.mouth().say({ kind: 'room', roomId }, task.words, idOf, place);
    await task.fail('Answered in the room. No file was changed.', false);
  }

  /** Resolves when the turn has ended, whoever watches it; with null if it broke off after the task had ended. */
  private async turn(task: TaskInHand, id: string, prompt: string): Promise<TurnEnd | null> {
    const { session } = task;
    const { assignment } = session;
    const target: Target = { kind: 'task', roomId: assignment.roomId, taskId: assignment.taskId };
    const { decide } = this.parts.resumptions.tell(target, id, {});
    const progress = new ProgressStream(new ProgressDigest(), (note, percent) => void session.progress(note, percent));
    try {
      const end = await this.parts.turns.take({
        target,
        id,
        from: assignment.task.createdBy,
        at: new Date(assignment.task.updatedAt),
        isSpokenTo: true,
        prompt,
        signal: task.over,
        onStart: () => decide(false),
        answer: async (text) => task.hear(text),
        onItem: (item: ItemEvent) => {
          const update = updateOf(item);
          if (update) {
            progress.take(update);
          }
        },
      });
      decide(end === 'elsewhere');
      if (end === 'elsewhere') {
        await task.quiet(QUIET_MS);
      }
      return end;
    } catch (error) {
      if (task.ended.aborted) {
        return null;
      }
      throw error;
    } finally {
      progress.stop();
    }
  }
}
