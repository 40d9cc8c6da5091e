import { randomUUID } from 'node:crypto';
import type { Actor, ChatMessage, Task } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import type { TakenIssue } from '../events/git.events.js';
import type { Work } from '../platform/database/unit-of-work.js';
import { type RoomEntity, RoomLog } from '../rooms/index.js';
import { advance } from './advance.js';
import { AssignmentDesk } from './assignment-desk.js';
import { linkOf, wordsOf } from './domain/issue-task.js';
import { PathKeeper } from './paths/path-keeper.js';
import { type CopiedMessage, TaskEntity } from './task.entity.js';
import { presentTask } from './task.presenter.js';
import { TaskStore } from './task-store.js';

const CONTEXT_MESSAGES = 20;

/** What a task begins with. */
export interface NewTask {
  readonly createdBy: Actor;
  readonly title: string;
  readonly description: string;
  readonly assignedTo: { id: string; name: string } | null;
  readonly priority: Task['priority'];
  readonly deadline: Date | null;
  readonly parentId: string | null;
  readonly dependsOn: readonly string[];
  readonly paths: readonly string[];
  readonly upToSeq: number;
  /** The message that asked for it. */
  readonly source: ChatMessage | null;
  /** The issue that it is made from, whose words go with it as a stranger's. */
  readonly issue?: TakenIssue;
}

/** How a task begins and how it ends, whoever or whatever the cause. The room is held. */
@Injectable()
export class TaskLife {
  constructor(
    private readonly log: RoomLog,
    private readonly tasks: TaskStore,
    private readonly desk: AssignmentDesk,
    private readonly paths: PathKeeper,
  ) {}

  async make(
    work: Work,
    room: RoomEntity,
    { assignedTo, upToSeq, source, issue, paths, ...request }: NewTask,
  ): Promise<Task> {
    const id = randomUUID();
    await work.manager.insert(TaskEntity, {
      ...request,
      dependsOn: [...request.dependsOn],
      sourceMessageId: source?.id ?? null,
      isMembersOnly: source?.visibility === 'members' || issue !== undefined,
      issueId: issue?.id ?? null,
      issue: issue ? linkOf(issue) : null,
      id,
      roomId: room.id,
      number: await this.tasks.nextNumber(work, room.id),
      state: 'open',
      assignedToId: assignedTo?.id ?? null,
      assignedToName: assignedTo?.name ?? null,
      fence: 0,
      context: [...(await this.context(work, room.id, upToSeq)), ...(issue ? [wordsOf(issue)] : [])],
      createdAt: work.now,
      updatedAt: work.now,
    });
    const task = await this.tasks.get(room.id, id, work.manager);
    const data = { task: presentTask(task) };
    const isPrivate = task.isMembersOnly;
    await this.log.append(work, room, { type: 'task.created', actor: request.createdBy, data, isPrivate });
    if (paths.length > 0) {
      await this.paths.claim(work, room, task, request.createdBy, paths);
    }
    await this.desk.offer(work, room, task);
    return presentTask(task);
  }

  async end(
    work: Work,
    room: RoomEntity,
    task: TaskEntity,
    state: 'cancelled' | 'done',
    actor: Actor,
    why: string | null,
  ): Promise<Task> {
    const { leaseHolderId } = task;
    this.desk.revokeAfterCommit(work, task, why ?? `The task is ${state}`);
    task.endLease();
    advance(task, state === 'done' ? 'complete' : 'cancel');
    task.failure = why;
    await this.tasks.save(work, task);
    await this.paths.finished(work, task);
    const presented = presentTask(task);
    await this.log.append(work, room, {
      type: state === 'done' ? 'task.completed' : 'task.cancelled',
      actor,
      data: { task: presented },
      isPrivate: task.isMembersOnly,
    });
    if (state === 'done') {
      for (const next of await this.tasks.waitingForTask(work, task)) {
        await this.desk.offerAtLast(work, room, next);
      }
    }
    await this.desk.offerWhatWaited(work, room, leaseHolderId);
    return presented;
  }

  private async context(work: Work, roomId: string, upToSeq: number): Promise<CopiedMessage[]> {
    const messages = await this.log.messagesUpTo(roomId, upToSeq, CONTEXT_MESSAGES, work.manager);
    const standing = messages.filter(({ deletedAt }) => deletedAt === null);
    return standing.map(({ id, author, trust, message, timestamp }) => ({
      messageId: id,
      author: author.name,
      authorType: author.type,
      trust,
      message,
      timestamp,
    }));
  }
}
