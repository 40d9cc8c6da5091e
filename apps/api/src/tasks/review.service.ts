import type { ReviewTask, Task } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { actorOf, type HumanCaller, SYSTEM } from '../platform/caller.js';
import { UnitOfWork, type Work } from '../platform/database/unit-of-work.js';
import { Refusal } from '../platform/errors/refusal.js';
import { RoomAccess, RoomLog, RoomRepository } from '../rooms/index.js';
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
    private readonly rooms: RoomAccess,
    private readonly log: RoomLog,
    private readonly repository: RoomRepository,
    private readonly tasks: TaskStore,
    private readonly desk: AssignmentDesk,
  ) {}

  /** Approves the work, or gives it back to the agent that did it. */
  review(caller: HumanCaller, request: ReviewTask): Promise<Task> {
    const { roomId, taskId, verdict, sha, comment, remarks, commandId } = request;
    const review = async (work: Work) => {
      const { room } = await this.rooms.enter(work, caller, roomId, 'merge');
      const task = await this.tasks.get(roomId, taskId, work.manager);
      advance(task, verdict === 'approved' ? 'approve' : 'request_changes');
      await this.requireHead(work, task, sha);
      task.review = { verdict, by: actorOf(caller), sha, comment, remarks, at: work.now.toISOString() };
      await this.tasks.save(work, task);
      const presented = presentTask(task);
      await this.log.append(work, room, { type: 'task.reviewed', actor: actorOf(caller), data: { task: presented } });
      if (verdict === 'changes_requested') {
        await this.desk.offer(work, room, task);
      }
      return presented;
    };
    return this.unitOfWork.runOnce(
      { actorId: caller.id, commandId, name: 'review_task', request },
      review,
      this.tasks.kept,
    );
  }

  /** A branch moved: what was approved of it may no longer be what is there. News of it may be late, so the branch itself is asked. */
  async followPush(roomId: string, branch: string, head: string | null): Promise<void> {
    await this.unitOfWork.run(async (work) => {
      const [room] = await this.rooms.holdAll(work, [roomId]);
      if (!room) {
        return;
      }
      for (const task of await work.manager.findBy(TaskEntity, { roomId, branch, state: In(['approved']) })) {
        const tip = await this.repository.tipOf(roomId, branch, work.manager);
        if (task.review?.sha !== (tip === 'unknown' ? head : tip)) {
          advance(task, 'void_approval');
          task.review = null;
          await this.tasks.save(work, task);
          await this.log.append(work, room, {
            type: 'task.reviewed',
            actor: SYSTEM,
            data: { task: presentTask(task) },
          });
        }
      }
    });
  }

  private async requireHead(
    { manager }: Work,
    { roomId, branch, submittedSha }: TaskEntity,
    sha: string,
  ): Promise<void> {
    const tip = branch && (await this.repository.tipOf(roomId, branch, manager));
    const head = tip === 'unknown' ? submittedSha : tip;
    if (sha !== submittedSha || sha !== head) {
      throw new Refusal(
        'head_moved',
        `${sha.slice(0, 10)} is not what ${branch ?? 'the branch'} holds now; look again`,
      );
    }
  }
}
