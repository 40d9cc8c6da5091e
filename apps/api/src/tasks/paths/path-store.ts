import { type ConflictNotice, PATH_LIMITS, type TaskConflict, type TaskPaths } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In, IsNull, Not } from 'typeorm';
import { RoomSnapshot } from '../../rooms/index.js';
import { TaskEntity } from '../task.entity.js';
import { presentTask } from '../task.presenter.js';
import { TaskConflictEntity } from './task-conflict.entity.js';
import { TaskPathsEntity } from './task-paths.entity.js';

/** Reads what tasks touch, and which of them get in each other's way. */
@Injectable()
export class PathStore {
  constructor(
    private readonly dataSource: DataSource,
    snapshots: RoomSnapshot,
  ) {
    snapshots.contribute('paths', (manager, roomId) => this.snapshot(manager, roomId));
    snapshots.contribute('conflicts', (manager, roomId) => this.conflicts(manager, roomId));
  }

  /** What is known of the task; of one that nothing is known of, an empty page. */
  async of({ id, roomId }: Pick<TaskEntity, 'id' | 'roomId'>, manager: EntityManager): Promise<TaskPathsEntity> {
    return (
      (await manager.findOneBy(TaskPathsEntity, { taskId: id })) ??
      manager.create(TaskPathsEntity, {
        taskId: id,
        roomId,
        claimed: [],
        claimedBy: null,
        branch: null,
        head: null,
        base: null,
        touched: [],
        touchedTotal: null,
      })
    );
  }

  /** The tasks of the room whose branch is known. */
  withBranch(manager: EntityManager, roomId: string): Promise<TaskPathsEntity[]> {
    return manager.findBy(TaskPathsEntity, { roomId, branch: Not(IsNull()) });
  }

  /** What the task touches, as members see it; null if nothing is known. */
  async find(taskId: string, manager: EntityManager = this.dataSource.manager): Promise<TaskPaths | null> {
    const paths = await manager.findOneBy(TaskPathsEntity, { taskId });
    return paths && shown(paths);
  }

  /** The tasks that are in the way of this one, by number. */
  async noticesFor(taskId: string, manager: EntityManager = this.dataSource.manager): Promise<ConflictNotice[]> {
    const conflicts = await manager.find(TaskConflictEntity, { where: [{ oneId: taskId }, { otherId: taskId }] });
    const conflictWith = new Map(conflicts.map((one) => [one.oneId === taskId ? one.otherId : one.oneId, one]));
    const others = await manager.find(TaskEntity, {
      where: { id: In([...conflictWith.keys()]) },
      order: { number: 'ASC' },
    });
    return others.flatMap((task) => {
      const { id, number, title, lease } = presentTask(task);
      const { kind, paths, total } = conflictWith.get(id) ?? {};
      return kind && paths && total !== undefined
        ? [{ taskId: id, number, title, holder: lease?.holder ?? null, kind, paths, total }]
        : [];
    });
  }

  private async snapshot(manager: EntityManager, roomId: string): Promise<TaskPaths[]> {
    const all = await manager.find(TaskPathsEntity, { where: { roomId }, order: { taskId: 'ASC' } });
    return all.flatMap((paths) => shown(paths) ?? []);
  }

  private async conflicts(manager: EntityManager, roomId: string): Promise<TaskConflict[]> {
    const rows = await manager.find(TaskConflictEntity, {
      where: { roomId },
      order: { oneId: 'ASC', otherId: 'ASC' },
    });
    const ids = rows.flatMap(({ oneId, otherId }) => [oneId, otherId]);
    const tasks = await manager.find(TaskEntity, { select: { id: true, number: true }, where: { id: In(ids) } });
    const numbers = new Map(tasks.map(({ id, number }) => [id, number]));
    const named = (taskId: string) => ({ taskId, number: numbers.get(taskId) ?? 0 });
    return rows.map((row) => presentConflict(row, [named(row.oneId), named(row.otherId)]));
  }
}

export function presentPaths(page: TaskPathsEntity): TaskPaths {
  const { taskId, claimedBy, claimed, branch, head, touched, touchedTotal } = page;
  return {
    taskId,
    claim: claimedBy && { by: claimedBy, paths: claimed },
    changes:
      branch !== null && head !== null
        ? { branch, head, paths: touched.slice(0, PATH_LIMITS.shown), total: touchedTotal }
        : null,
  };
}

export const presentConflict = (
  { kind, paths, total }: Pick<TaskConflictEntity, 'kind' | 'paths' | 'total'>,
  tasks: TaskConflict['tasks'],
): TaskConflict => ({ tasks, kind, paths, total });

function shown(page: TaskPathsEntity): TaskPaths | null {
  const paths = presentPaths(page);
  return paths.claim || paths.changes ? paths : null;
}
