import { setTimeout as delay } from 'node:timers/promises';
import type { ParsedCommit } from '@clawtank/ssh-signature';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ChangedPath } from './limits/domain/permitted-paths.js';

/** A commit as the repository has it. What it says of its author is a claim until its signature was verified. */
export interface RepositoryCommit extends ParsedCommit {
  readonly sha: string;
}

/** A branch with more commits of its own is not looked at. */
export const MAX_OWN_COMMITS = 250;

/** Commits, oldest first; `'too_many'` past `MAX_OWN_COMMITS`, `'unknown'` if the commit they lead to is not there. */
export type OwnCommits = readonly RepositoryCommit[] | 'too_many' | 'unknown';

/** What merging a tip would change; `'unknown'` as for commits. */
export type OwnChanges = readonly ChangedPath[] | 'unknown';

/** The files that a branch changes since it left another. */
export interface BranchChanges {
  /** A file that was moved counts at both places. */
  readonly paths: readonly string[];
  readonly total: number;
}

/** Two commits, of which `head` went its own way from a line that has come to `base`. */
export interface Departure {
  readonly base: string;
  readonly head: string;
}

/**
 * A repository as git finds it: one of ours at any moment, one at a provider as it was when it was looked at. Nobody else is waited
 * for, so it may be asked while a room is held; but for clashes, for which a provider may have to hand out files.
 */
export interface SeenRepository {
  /** The commit a branch points to; null if there is no such branch, or it was not asked for. */
  tipOf(branch: string): Promise<string | null>;
  /** The commits up to this tip that are not on the default branch. For one tip they only ever become fewer, by a merge. */
  commitsOf(tip: string): Promise<OwnCommits>;
  /** The paths that this tip changed since it left the default branch. */
  changesOf(tip: string): Promise<OwnChanges>;
  /** What `head` changes since it left `base`, whatever happened there meanwhile. */
  touchedBetween(departure: Departure): Promise<BranchChanges | 'unknown'>;
  /** Where two commits do not merge, as git itself finds by merging them; null if they do. */
  clashOf(one: string, other: string): Promise<readonly string[] | null | 'unknown'>;
}

/** Why a repository at a provider cannot be looked at: also because that takes longer than somebody can wait. */
export type Unseen = 'unreachable' | 'no_access' | 'no_default_branch' | 'too_large' | 'still_fetching';

/** Looks at rooms' repositories; the git feature does. */
export interface RepositoryLookout {
  /**
   * The room's repository, with these branches and the default one; null if the room has none. It may take a while. Whoever asks within
   * a transaction hands on its `manager`: one that waited for a second connection could wait for ever.
   */
  look(roomId: string, branches: readonly string[], manager?: EntityManager): Promise<SeenRepository | Unseen | null>;
}

/**
 * Shorter than agents and browsers wait for an answer, and short enough for events that wait behind one that asks. What is being fetched
 * meanwhile is there for whoever asks next.
 */
const PATIENCE_MS = 10_000;

/** Lets features look at a room's repository without knowing who hosts it, and without waiting long for that. */
@Injectable()
export class RoomRepository implements RepositoryLookout {
  private lookout: RepositoryLookout | undefined;

  contribute(lookout: RepositoryLookout): void {
    this.lookout = lookout;
  }

  async look(
    roomId: string,
    branches: readonly string[],
    manager?: EntityManager,
  ): Promise<SeenRepository | Unseen | null> {
    const looking = this.lookout?.look(roomId, branches, manager) ?? null;
    const waiting = new AbortController();
    const impatience = delay(PATIENCE_MS, 'still_fetching' as const, { signal: waiting.signal });
    impatience.catch(() => undefined); // it was called off
    try {
      return await Promise.race([looking, impatience]);
    } finally {
      waiting.abort();
    }
  }
}

/** Whether there is something that can be asked. */
export const isSeen = (seen: SeenRepository | Unseen | null): seen is SeenRepository =>
  seen !== null && typeof seen !== 'string';
