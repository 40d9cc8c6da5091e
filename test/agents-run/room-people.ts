import { setTimeout as delay } from 'node:timers/promises';
import type { CreateTask, PullRequest, RoomState, Task } from '@clawtank/contracts';
import { accepted, type Person, type RoomSocket } from '../support/people.js';

const LOOK_EVERY_MS = 300;
const FINISHED: readonly Task['state'][] = ['done', 'cancelled', 'failed'];

/** What the people of the room have in mind for its tasks. */
export interface Wishes {
  /** What a reviewer asks to be changed the first time, by the number of the task. */
  readonly changes: ReadonlyMap<number, string>;
  /** Who is to do what nobody has any more. */
  readonly standIn: string;
  /** The task to be given instead of one that failed, or whose work conflicts with what was merged before. */
  instead(task: Task): Partial<CreateTask> & { readonly description: string };
}

/** Somebody in the room, with a line to it. */
export interface Present {
  readonly person: Person;
  readonly socket: RoomSocket;
}

/**
 * People who do what people do in a room where agents work: the agents' owner gives tasks and leave; the host reviews, merges, and finds
 * somebody else for what is left.
 */
export class RoomPeople {
  /** Leave is given only once this is true. */
  giveLeave = false;
  readonly troubles: string[] = [];
  private readonly reviewed = new Set<number>();
  private readonly replaced = new Set<string>();
  private isLeaving = false;
  private rounds: Promise<void> = Promise.resolve();

  constructor(
    private readonly owner: Present,
    private readonly host: Present,
    private readonly roomId: string,
    private readonly wishes: Wishes,
  ) {}

  begin(): void {
    this.rounds = this.attend();
  }

  async leave(): Promise<void> {
    this.isLeaving = true;
    await this.rounds;
  }

  give(task: Partial<CreateTask> & { readonly description: string }): Promise<Task> {
    return accepted(this.owner.socket, 'create_task', { roomId: this.roomId, ...task });
  }

  state(): Promise<RoomState> {
    return this.host.person.request<RoomState>('GET', `/api/rooms/${this.roomId}/state`);
  }

  async areDone(): Promise<boolean> {
    const { tasks } = await this.state();
    return tasks.every(({ id, state }) => FINISHED.includes(state) && (state !== 'failed' || this.replaced.has(id)));
  }

  private async attend(): Promise<void> {
    for (; !this.isLeaving; await delay(LOOK_EVERY_MS)) {
      try {
        await this.look(await this.state());
      } catch (error) {
        this.troubles.push(String(error)); // somebody else was faster, or a process is away: the next look will tell
      }
    }
  }

  private async look({ tasks, approvals, pullRequests }: RoomState): Promise<void> {
    for (const { id } of approvals.filter(({ state }) => this.giveLeave && state === 'pending')) {
      await accepted(this.owner.socket, 'decide_approval', { roomId: this.roomId, id, decision: 'approved' });
    }
    for (const task of tasks) {
      // Of a task that changed hands there may be more than one
      const pull = pullRequests.find((one) => one.state === 'open' && one.headSha === task.submittedSha);
      if (task.state === 'in_review' && pull) {
        await this.review(task, pull);
      } else if (task.state === 'approved' && pull) {
        await this.merge(pull);
      } else if (task.state === 'open' && !task.assignedTo) {
        await this.assign(task);
      } else if (task.state === 'failed') {
        await this.replace(task);
      }
    }
  }

  private async review(task: Task, pull: PullRequest): Promise<void> {
    const change = this.wishes.changes.get(task.number);
    if (pull.mergeability.state === 'conflict') {
      await this.replace(task); // before it is over, so that something is left to do at every moment until all is done
      await this.host.person.request('POST', `/api/rooms/${this.roomId}/pulls/${pull.number}/close`);
    } else if (pull.mergeability.state === 'clean') {
      const isFirst = change !== undefined && !this.reviewed.has(task.number);
      this.reviewed.add(task.number);
      await accepted(this.host.socket, 'review_task', {
        roomId: this.roomId,
        taskId: task.id,
        sha: pull.headSha,
        verdict: isFirst ? 'changes_requested' : 'approved',
        comment: isFirst ? change : '',
      });
    }
  }

  private async replace(task: Task): Promise<void> {
    if (!this.replaced.has(task.id)) {
      await this.give({ ...this.wishes.instead(task), commandId: `instead-of-${task.id}` });
      this.replaced.add(task.id);
    }
  }

  private merge({ number, headSha }: PullRequest): Promise<unknown> {
    return this.host.person.request('POST', `/api/rooms/${this.roomId}/pulls/${number}/merge`, { headSha });
  }

  /** Gives a task to the agent that stands in for others. */
  assign({ id }: Pick<Task, 'id'>): Promise<Task> {
    const { standIn: agentId } = this.wishes;
    return accepted(this.host.socket, 'update_task', { roomId: this.roomId, taskId: id, agentId });
  }
}
