import { Injectable, Logger } from '@nestjs/common';
import { isSeen, type SeenRepository, type Unseen } from '../../rooms/index.js';
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

/** What a room's repository is found to be, when it can be looked at. */
type Repository = SeenRepository | Unseen | null;

/** Asks the room's repository about the branches of its tasks. */
@Injectable()
export class BranchSightings {
  private readonly logger = new Logger(BranchSightings.name);

  /** What has changed on the branches of these tasks since they were last looked at, by task. */
  async of(
    repository: Repository,
    defaultBranch: string,
    pages: readonly TaskPathsEntity[],
    pushed: PushedFiles | null,
  ): Promise<Map<string, Sighting>> {
    const sightings = new Map<string, Sighting>();
    for (const page of pages) {
      const sighting = await this.sight(
        repository,
        defaultBranch,
        page,
        pushed?.branch === page.branch ? pushed : null,
      );
      if (sighting.head !== page.head || sighting.base !== page.base) {
        sightings.set(page.taskId, sighting);
      }
    }
    return sightings;
  }

  /** Where each branch that has moved does not merge with the others. */
  async clashes(
    repository: Repository,
    all: readonly TaskPathsEntity[],
    sightings: ReadonlyMap<string, Sighting>,
  ): Promise<Clashes> {
    const clashes = new Map<string, readonly string[] | null>();
    const heads = all.flatMap(({ taskId, head: before }) => {
      const head = sightings.has(taskId) ? sightings.get(taskId)?.head : before;
      return head ? [{ taskId, head, hasMoved: head !== before }] : [];
    });
    for (const { taskId, head } of heads.filter(({ hasMoved }) => hasMoved)) {
      const others = heads.filter((other) => other.taskId !== taskId && !clashes.has(pairOf(taskId, other.taskId)));
      for (const other of others.slice(0, MAX_MERGED)) {
        const clash = isSeen(repository) && (await this.unlessFailed(() => repository.clashOf(head, other.head)));
        clashes.set(pairOf(taskId, other.taskId), clash === 'unknown' || !clash ? null : clash);
      }
    }
    return clashes;
  }

  private async sight(
    repository: Repository,
    defaultBranch: string,
    page: TaskPathsEntity,
    pushed: PushedFiles | null,
  ): Promise<Sighting> {
    if (!isSeen(repository)) {
      return toldSighting(page, pushed ? pushed.head : page.head, pushed);
    }
    const head = page.branch === null ? null : await repository.tipOf(page.branch);
    if (head === null) {
      return NO_BRANCH;
    }
    const base = await repository.tipOf(defaultBranch);
    if (head === page.head && base === page.base) {
      return page;
    }
    const changes =
      base === null ? 'unknown' : await this.unlessFailed(() => repository.touchedBetween({ base, head }));
    return changes === 'unknown'
      ? toldSighting(page, head, pushed)
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

/** What is known of a branch that cannot be looked at; nothing new, if it has not moved. */
function toldSighting(page: TaskPathsEntity, head: string | null, pushed: PushedFiles | null): Sighting {
  if (head === null) {
    return NO_BRANCH;
  }
  return head === page.head ? page : { head, base: null, touched: toldOf(page, pushed), touchedTotal: null };
}

/** What pushes have said by and by, from the last one on that rewrote the branch. */
function toldOf({ head, touched }: TaskPathsEntity, pushed: PushedFiles | null): string[] {
  const before = pushed?.forced || head === null ? [] : touched;
  return [...new Set([...before, ...(pushed?.paths ?? [])])].sort().slice(0, MAX_TOUCHED);
}
