import { isDeepStrictEqual } from 'node:util';
import type { Actor } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { SYSTEM } from '../../platform/caller.js';
import type { Work } from '../../platform/database/unit-of-work.js';
import { type RoomEntity, RoomLog } from '../../rooms/index.js';
import type { TaskEntity } from '../task.entity.js';
import { type Clashes, ConflictWatch } from './conflict-watch.js';
import { PathStore, presentPaths } from './path-store.js';
import { TaskConflictEntity } from './task-conflict.entity.js';
import { TaskPathsEntity } from './task-paths.entity.js';

type Change = Partial<Omit<TaskPathsEntity, 'taskId' | 'roomId' | 'isEmpty'>>;

/** One change of what a task touches, and whoever made it. */
export interface PathChange {
  readonly task: Pick<TaskEntity, 'id' | 'roomId'>;
  readonly actor: Actor;
  readonly change: Change;
}

const NO_BRANCH: Change = { branch: null, head: null, base: null, touched: [], touchedTotal: null };
const NO_CLAIM: Change = { claimed: [], claimedBy: null };

/** Keeps what tasks touch as their lives go on. Whoever calls holds the room. */
@Injectable()
export class PathKeeper {
  constructor(
    private readonly store: PathStore,
    private readonly watch: ConflictWatch,
    private readonly log: RoomLog,
  ) {}

  /** Somebody says what the task will touch, in place of what was said before. */
  claim(work: Work, room: RoomEntity, task: TaskEntity, by: Actor, paths: readonly string[]): Promise<void> {
    const claimed = [...new Set(paths)];
    const change = claimed.length > 0 ? { claimed, claimedBy: by } : NO_CLAIM;
    return this.change(work, room, [{ task, actor: by, change }]);
  }

  /** This branch is the task's work from now on, whatever there is on it. */
  async bind(work: Work, room: RoomEntity, task: TaskEntity, branch: string): Promise<void> {
    const page = await this.store.of(task, work.manager);
    if (page.branch !== branch) {
      await this.change(work, room, [{ task, actor: SYSTEM, change: { ...NO_BRANCH, branch } }]);
    }
  }

  /** The work is on its branch: what its agent meant to touch no longer matters. */
  async handedIn(work: Work, room: RoomEntity, task: TaskEntity, branch: string): Promise<void> {
    await this.bind(work, room, task, branch);
    await this.endClaim(work, room, task, {});
  }

  /** Nobody does the task any more. What a person said of it stays. */
  givenUp(work: Work, room: RoomEntity, task: TaskEntity): Promise<void> {
    return this.endClaim(work, room, task, NO_BRANCH);
  }

  /** It is in nobody's way any more; the entry that ends the task says so. */
  async finished({ manager }: Work, { id }: TaskEntity): Promise<void> {
    await manager.delete(TaskPathsEntity, { taskId: id });
    await manager.delete(TaskConflictEntity, { oneId: id });
    await manager.delete(TaskConflictEntity, { otherId: id });
  }

  /** Changes what is known, tells the room of it, and of the conflicts that come and go by it. */
  async change(work: Work, room: RoomEntity, changes: readonly PathChange[], clashes?: Clashes): Promise<void> {
    for (const { task, actor, change } of changes) {
      const page = await this.store.of(task, work.manager);
      const before = presentPaths(page);
      Object.assign(page, change);
      await (page.isEmpty ? work.manager.delete(TaskPathsEntity, { taskId: task.id }) : work.manager.save(page));
      const paths = presentPaths(page);
      if (!isDeepStrictEqual(paths, before)) {
        await this.log.append(work, room, { type: 'task.paths', actor, data: { paths } });
      }
    }
    await this.watch.recount(work, room, new Set(changes.map(({ task }) => task.id)), clashes);
  }

  private async endClaim(work: Work, room: RoomEntity, task: TaskEntity, more: Change): Promise<void> {
    const page = await this.store.of(task, work.manager);
    const change = { ...(page.claimedBy?.type === 'agent' && NO_CLAIM), ...more };
    if (!page.isEmpty && Object.keys(change).length > 0) {
      await this.change(work, room, [{ task, actor: SYSTEM, change }]);
    }
  }
}
