import { isDeepStrictEqual } from 'node:util';
import { PATH_LIMITS } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { SYSTEM } from '../../platform/caller.js';
import type { Work } from '../../platform/database/unit-of-work.js';
import { type RoomEntity, RoomLog } from '../../rooms/index.js';
import { overlapOf } from '../domain/task-conflict.js';
import { TaskEntity } from '../task.entity.js';
import { presentConflict } from './path-store.js';
import { TaskConflictEntity } from './task-conflict.entity.js';
import { TaskPathsEntity } from './task-paths.entity.js';

/** What git says of pairs of branches, by `pairOf` their tasks: where they do not merge; null if they do, or it cannot be asked. */
export type Clashes = ReadonlyMap<string, readonly string[] | null>;

export const pairOf = (one: string, other: string): string => [one, other].sort().join(' ');

interface Numbered extends Pick<TaskPathsEntity, 'taskId' | 'claimed' | 'touched' | 'head'> {
  readonly number: number;
}

/** Finds which tasks of a room get in each other's way, and tells the room when that changes. */
@Injectable()
export class ConflictWatch {
  constructor(private readonly log: RoomLog) {}

  /** Compares these tasks with all others of the room, which is held. Of pairs that are not in `clashes`, git's last word stands. */
  async recount(
    work: Work,
    room: RoomEntity,
    taskIds: ReadonlySet<string>,
    clashes: Clashes = new Map(),
  ): Promise<void> {
    const all = await this.numbered(work, room.id, taskIds);
    const known = await work.manager.findBy(TaskConflictEntity, { roomId: room.id });
    for (const [place, one] of all.entries()) {
      for (const other of all.slice(place + 1)) {
        if (taskIds.has(one.taskId) || taskIds.has(other.taskId)) {
          const before = known.find(({ oneId, otherId }) => oneId === one.taskId && otherId === other.taskId);
          await this.compare(work, room, one, other, before ?? null, clashes);
        }
      }
    }
  }

  private async compare(
    work: Work,
    room: RoomEntity,
    one: Numbered,
    other: Numbered,
    before: TaskConflictEntity | null,
    clashes: Clashes,
  ): Promise<void> {
    const clash = one.head && other.head ? this.clashOf(pairOf(one.taskId, other.taskId), before, clashes) : null;
    const overlap = overlapOf(one, other, clash);
    const key = { oneId: one.taskId, otherId: other.taskId };
    const tasks: [{ taskId: string; number: number }, { taskId: string; number: number }] = [
      { taskId: one.taskId, number: one.number },
      { taskId: other.taskId, number: other.number },
    ];
    if (!overlap) {
      if (before) {
        await work.manager.delete(TaskConflictEntity, key);
        await this.log.append(work, room, { type: 'task.conflict_resolved', actor: SYSTEM, data: { tasks } });
      }
      return;
    }
    const { kind, paths } = overlap;
    const now = work.manager.create(TaskConflictEntity, {
      ...key,
      roomId: room.id,
      kind,
      paths: paths.slice(0, PATH_LIMITS.shown),
      total: paths.length,
      clash: clash && clash.slice(0, PATH_LIMITS.shown),
    });
    const conflict = presentConflict(now, tasks);
    await work.manager.save(now);
    if (!before || !isDeepStrictEqual(presentConflict(before, tasks), conflict)) {
      await this.log.append(work, room, { type: 'task.conflict', actor: SYSTEM, data: { conflict } });
    }
  }

  private clashOf(pair: string, before: TaskConflictEntity | null, clashes: Clashes): readonly string[] | null {
    return clashes.has(pair) ? (clashes.get(pair) ?? null) : (before?.clash ?? null);
  }

  /** What is known of the room's tasks, and of these even if that is nothing any more, by number. */
  private async numbered({ manager }: Work, roomId: string, taskIds: ReadonlySet<string>): Promise<Numbered[]> {
    const pages = await manager.findBy(TaskPathsEntity, { roomId });
    const tasks = await manager.find(TaskEntity, {
      select: { id: true, number: true },
      where: { id: In([...taskIds, ...pages.map(({ taskId }) => taskId)]) },
      order: { number: 'ASC' },
    });
    const pageOf = new Map(pages.map((page) => [page.taskId, page]));
    return tasks.map(({ id: taskId, number }) => {
      const { claimed = [], touched = [], head = null } = pageOf.get(taskId) ?? {};
      return { taskId, number, claimed, touched, head };
    });
  }
}
