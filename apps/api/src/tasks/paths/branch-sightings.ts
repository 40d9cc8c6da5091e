import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { RoomRepository } from '../../rooms/index.js';
import { type Clashes, pairOf } from './conflict-watch.js';
import type { TaskPathsEntity } from './task-paths.entity.js';

/** Of files beyond this many it is only known that there are more. */
const MAX_TOUCHED = 1000;
/** With how many others a branch is merged to see whether that goes. */
const MAX_MERGED = 50;

/** What a branch was found to hold. */
export type Sighting = Pick<TaskPathsEntity, 'head' | 'base' | 'touched' | 'touchedTotal'>;

/** What a push says of itself; counts where the repository cannot be asked. */
export interface PushedFiles {
  readonly branch: string;
  readonly head: string | null;
  readonly forced: boolean;
  readonly paths: readonly string[];
}

const NO_BRANCH: Sighting = { head: null, base: null, touched: [], touchedTotal: null };

/** Asks the room's repository about the branches of its tasks. */
@Injectable()
export class BranchSightings {
  private readonly logger = new Logger(BranchSightings.name);

  constructor(private readonly repository: RoomRepository) {}

  /** What has changed on the branches of these tasks since they were last looked at, by task. */
  async of(
    manager: EntityManager,
    defaultBranch: string,
    pages: readonly TaskPathsEntity[],
    pushed: PushedFiles | null,
  ): Promise<Map<string, Sighting>> {
    const sightings = new Map<string, Sighting>();
    for (const page of pages) {
      const sighting = await this.sight(manager, defaultBranch, page, pushed?.branch === page.branch ? pushed : null);
      if (sighting.head !== page.head || sighting.base !== page.base) {
        sightings.set(page.taskId, sighting);
      }
    }
    return sightings;
  }

  /** Where each branch that has moved does not merge with the others. */
  async clashes(
    manager: EntityManager,
    all: readonly TaskPathsEntity[],
    sightings: ReadonlyMap<string, Sighting>,
  ): Promise<Clashes> {
    const heads = all.flatMap(({ taskId, roomId, head: before }) => {
      const head = sightings.has(taskId) ? sightings.get(taskId)?.head : before;
      return head ? [{ taskId, roomId, head, hasMoved: head !== before }] : [];
    });
    const clashes = new Map<string, readonly string[] | null>();
    for (const { taskId, roomId, head } of heads.filter(({ hasMoved }) => hasMoved)) {
      const others = heads.filter((other) => other.taskId !== taskId && !clashes.has(pairOf(taskId, other.taskId)));
      for (const other of others.slice(0, MAX_MERGED)) {
        const clash = await this.unlessFailed(() => this.repository.clashOf(roomId, head, other.head, manager));
        clashes.set(pairOf(taskId, other.taskId), clash === 'unknown' ? null : clash);
      }
    }
    return clashes;
  }

  private async sight(
    manager: EntityManager,
    defaultBranch: string,
    page: TaskPathsEntity,
    pushed: PushedFiles | null,
  ): Promise<Sighting> {
    const { roomId, branch } = page;
    const tip = branch === null ? null : await this.repository.tipOf(roomId, branch, manager);
    const head = tip === 'unknown' ? (pushed ? pushed.head : page.head) : tip;
    if (head === null) {
      return NO_BRANCH;
    }
    const base = await this.repository.tipOf(roomId, defaultBranch, manager);
    if (head === page.head && (base === page.base || base === 'unknown')) {
      return page;
    }
    const changes =
      base === null || base === 'unknown'
        ? 'unknown'
        : await this.unlessFailed(() => this.repository.touchedBetween(roomId, { base, head }, manager));
    return changes === 'unknown'
      ? { head, base: null, touched: toldOf(page, pushed), touchedTotal: null }
      : { head, base, touched: changes.paths.slice(0, MAX_TOUCHED), touchedTotal: changes.total };
  }

  /** What the room was told stands until git can say better; the news that brought us here must not fail for it. */
  private async unlessFailed<Answer>(ask: () => Promise<Answer | 'unknown'>): Promise<Answer | 'unknown'> {
    try {
      return await ask();
    } catch (error) {
      this.logger.warn(error);
      return 'unknown';
    }
  }
}

/** What pushes have said by and by, from the last one on that rewrote the branch. */
function toldOf({ head, touched }: TaskPathsEntity, pushed: PushedFiles | null): string[] {
  const before = pushed?.forced || head === null ? [] : touched;
  return [...new Set([...before, ...(pushed?.paths ?? [])])].sort().slice(0, MAX_TOUCHED);
}
