import { FINISHED_TASK_STATES } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { IsNull, Not } from 'typeorm';
import { SYSTEM } from '../../platform/caller.js';
import { UnitOfWork, type Work } from '../../platform/database/unit-of-work.js';
import { RoomAccess, RoomEntity, RoomRepository } from '../../rooms/index.js';
import { type PushedWork, taskOfPush } from '../domain/task-of-push.js';
import { TaskEntity } from '../task.entity.js';
import { BranchSightings, type PushedFiles } from './branch-sightings.js';
import { PathKeeper } from './path-keeper.js';
import { PathStore } from './path-store.js';
import { TaskPathsEntity } from './task-paths.entity.js';

/** Follows the branches of tasks: what they really touch, and whether git could merge them with one another. */
@Injectable()
export class BranchRadar {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly rooms: RoomAccess,
    private readonly repository: RoomRepository,
    private readonly sightings: BranchSightings,
    private readonly keeper: PathKeeper,
    private readonly store: PathStore,
  ) {}

  /** A branch moved: the work of a task, or what all of them are measured against. News of it may be late, so the repository is asked. */
  async followPush(roomId: string, push: PushedWork & PushedFiles): Promise<void> {
    if (push.head !== null) {
      await this.bindPush(roomId, push);
    }
    await this.look(roomId, push.branch, push);
  }

  /** A task was handed in, or its branch was proposed for merging. */
  async followTask(roomId: string, taskId: string, branch: string): Promise<void> {
    await this.unitOfWork.run(async (work) => {
      const [room] = await this.rooms.holdAll(work, [roomId]);
      const task = await work.manager.findOneBy(TaskEntity, { id: taskId, roomId });
      if (room && task && !FINISHED_TASK_STATES.includes(task.state)) {
        await this.keeper.bind(work, room, task, branch);
      }
    });
    await this.look(roomId, branch, null);
  }

  /** A branch that is no task's work yet becomes that of the task it can be told to be. */
  private async bindPush(roomId: string, push: PushedWork & PushedFiles): Promise<void> {
    await this.unitOfWork.run(async (work) => {
      const [room] = await this.rooms.holdAll(work, [roomId]);
      const isKnown = await work.manager.existsBy(TaskPathsEntity, { roomId, branch: push.branch });
      if (!room || isKnown || push.branch === room.repository?.defaultBranch) {
        return;
      }
      const tasks = await work.manager.findBy(TaskEntity, { roomId, leaseHolderId: Not(IsNull()) });
      const held = tasks.flatMap(({ id, leaseHolderId }) => (leaseHolderId ? [{ id, holderId: leaseHolderId }] : []));
      const taskId = taskOfPush(push, held);
      const task = tasks.find(({ id }) => id === taskId);
      if (task) {
        await this.keeper.bind(work, room, task, push.branch);
      }
    });
  }

  /** Looks at the tasks whose work is on the branch; at all of them, if it is the default branch. */
  private async look(roomId: string, branch: string, pushed: PushedFiles | null): Promise<void> {
    await this.unitOfWork.run(async (work) => {
      await this.takeTurn(work, roomId);
      const repository = (await work.manager.findOneBy(RoomEntity, { id: roomId }))?.repository;
      if (!repository) {
        return;
      }
      const all = await this.store.withBranch(work.manager, roomId);
      const concerned = branch === repository.defaultBranch ? all : all.filter((page) => page.branch === branch);
      const branches = all.flatMap((page) => page.branch ?? []);
      const there = await this.repository.look(roomId, [repository.defaultBranch, ...branches], work.manager);
      const seen = await this.sightings.of(there, repository.defaultBranch, concerned, pushed);
      const clashes = await this.sightings.clashes(there, all, seen);

      const [room] = await this.rooms.holdAll(work, [roomId]);
      const standing = await this.store.withBranch(work.manager, roomId);
      const changes = standing.flatMap((page) => {
        const isStill = concerned.some((one) => one.taskId === page.taskId && one.branch === page.branch);
        const change = isStill ? seen.get(page.taskId) : undefined;
        return change ? [{ task: { id: page.taskId, roomId }, actor: SYSTEM, change }] : [];
      });
      if (room && changes.length > 0) {
        await this.keeper.change(work, room, changes, clashes);
      }
    });
  }

  /**
   * One look at a room's branches at a time, until the transaction ends: of two that move at once, the second is compared with what the
   * first was found to be. Apart from the room's own lock, which would keep its chat waiting while git is asked.
   */
  private async takeTurn({ manager }: Work, roomId: string): Promise<void> {
    await manager.query(`SELECT pg_advisory_xact_lock(hashtextextended('task-branches:' || $1, 0))`, [roomId]);
  }
}
