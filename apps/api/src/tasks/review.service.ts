import { isDeepStrictEqual } from 'node:util';
import type { ReviewTask, Task } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In } from 'typeorm';
import { actorOf, type HumanCaller, SYSTEM } from '../platform/caller.js';
import { UnitOfWork, type Work } from '../platform/database/unit-of-work.js';
import { Refusal } from '../platform/errors/refusal.js';
import {
  isSeen,
  RoomAccess,
  RoomEntity,
  RoomLog,
  RoomRepository,
  type SeenRepository,
  type Unseen,
} from '../rooms/index.js';
import { advance } from './advance.js';
import { AssignmentDesk } from './assignment-desk.js';
import { TaskEntity } from './task.entity.js';
import { presentTask } from './task.presenter.js';
import { TaskStore } from './task-store.js';

/** What people say of work that was handed in. A review is of exactly one commit, and counts for no other. */
@Injectable()
export class ReviewService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly dataSource: DataSource,
    private readonly rooms: RoomAccess,
    private readonly log: RoomLog,
    private readonly repository: RoomRepository,
    private readonly tasks: TaskStore,
    private readonly desk: AssignmentDesk,
  ) {}

  /** Approves the work, or gives it back to the agent that did it. */
  async review(caller: HumanCaller, request: ReviewTask): Promise<Task> {
    const { roomId, taskId, verdict, sha, comment, remarks, commandId } = request;
    const seen = await this.lookAtWork(caller, roomId, taskId);
    const review = async (work: Work) => {
      const { room } = await this.rooms.enter(work, caller, roomId, 'merge');
      const task = await this.tasks.get(roomId, taskId, work.manager);
      advance(task, verdict === 'approved' ? 'approve' : 'request_changes');
      await requireHead(seen, task, sha);
      task.review = { verdict, by: actorOf(caller), sha, comment, remarks, at: work.now.toISOString() };
      await this.tasks.save(work, task);
      const presented = presentTask(task);
      await this.log.append(work, room, { type: 'task.reviewed', actor: actorOf(caller), data: { task: presented } });
      if (verdict === 'changes_requested') {
        await this.desk.offer(work, room, task);
      } else {
        work.announce({ name: 'tasks.approved', data: { roomId, taskId } });
      }
      return presented;
    };
    return this.unitOfWork.runOnce(
      { actorId: caller.id, commandId, name: 'review_task', request },
      review,
      this.tasks.kept,
    );
  }

  /** A branch moved: what was approved of it may no longer be what is there. */
  followPush(roomId: string, branch: string, head: string | null): Promise<void> {
    return this.voidWhatMoved(roomId, branch, head);
  }

  /**
   * A branch at a provider was approved as it was when it was looked at: it may have moved in that moment, and nobody will tell again.
   * One of ours was looked at while the room was held.
   */
  async followApproval(roomId: string, taskId: string): Promise<void> {
    const { manager } = this.dataSource;
    const room = await manager.findOneBy(RoomEntity, { id: roomId });
    const task = await manager.findOneBy(TaskEntity, { id: taskId, roomId });
    if (room?.repository && room.repository.provider !== 'clawtank' && task?.branch) {
      await this.voidWhatMoved(roomId, task.branch, undefined);
    }
  }

  /**
   * News may be late, so the repository is looked at, before the room is held; `told` counts where that cannot be. An approval that
   * came meanwhile may be of something newer: then all is looked at anew.
   */
  private async voidWhatMoved(roomId: string, branch: string, told: string | null | undefined): Promise<void> {
    const before = await this.approvalsOf(this.dataSource.manager, roomId, branch);
    if (before.length === 0) {
      return; // whoever approves from here on looks, and is followed
    }
    const seen = await this.repository.look(roomId, [branch]);
    const isNew = await this.unitOfWork.run(async (work) => {
      const [room] = await this.rooms.holdAll(work, [roomId]);
      const tip = isSeen(seen) ? await seen.tipOf(branch) : told;
      if (!room || tip === undefined) {
        return false;
      }
      const moved = (await this.approvalsOf(work.manager, roomId, branch)).filter(({ review }) => review?.sha !== tip);
      const known = moved.filter((task) =>
        before.some(({ id, review }) => id === task.id && isDeepStrictEqual(review, task.review)),
      );
      for (const task of known) {
        advance(task, 'void_approval');
        task.review = null;
        await this.tasks.save(work, task);
        await this.log.append(work, room, { type: 'task.reviewed', actor: SYSTEM, data: { task: presentTask(task) } });
      }
      return known.length < moved.length;
    });
    if (isNew) {
      await this.voidWhatMoved(roomId, branch, told);
    }
  }

  private approvalsOf(manager: EntityManager, roomId: string, branch: string): Promise<TaskEntity[]> {
    return manager.findBy(TaskEntity, { roomId, branch, state: In(['approved']) });
  }

  /** Before the room is held, because a provider may take its time; for somebody who may not review, nobody is asked. */
  private async lookAtWork(
    caller: HumanCaller,
    roomId: string,
    taskId: string,
  ): Promise<SeenRepository | Unseen | null> {
    const standing = (await this.rooms.standingOf(roomId, [caller.id])).get(caller.id);
    const task = await this.dataSource.manager.findOneBy(TaskEntity, { id: taskId, roomId });
    return standing?.abilities.includes('merge') && task?.branch ? this.repository.look(roomId, [task.branch]) : null;
  }
}

/** Where nobody can be asked, what was handed in counts: the provider itself merges nothing but the commit it is told. */
async function requireHead(
  seen: SeenRepository | Unseen | null,
  { branch, submittedSha }: TaskEntity,
  sha: string,
): Promise<void> {
  const head = isSeen(seen) ? branch && (await seen.tipOf(branch)) : submittedSha;
  if (sha !== submittedSha || sha !== head) {
    throw new Refusal('head_moved', `${sha.slice(0, 10)} is not what ${branch ?? 'the branch'} holds now; look again`);
  }
}
