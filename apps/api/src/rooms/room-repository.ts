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

/** Commits, oldest first; `'too_many'` past `MAX_OWN_COMMITS`, `'unknown'` if the provider cannot be asked or does not tell. */
export type OwnCommits = readonly RepositoryCommit[] | 'too_many' | 'unknown';

/** What merging a tip would change; `'too_many'` and `'unknown'` as for commits. */
export type OwnChanges = readonly ChangedPath[] | 'too_many' | 'unknown';

/** The files that a branch changes since it left another, as many as its host tells; `total` is null if it does not count them. */
export interface BranchChanges {
  /** A file that was moved counts at both places. */
  readonly paths: readonly string[];
  readonly total: number | null;
}

/** Two commits, of which `head` went its own way from a line that has come to `base`. */
export interface Departure {
  readonly base: string;
  readonly head: string;
}

/** What the room's repository can be asked; the git feature answers. */
export interface RepositoryAnswers {
  /**
   * The commit a branch points to right now; null if there is no such branch, `'unknown'` if the provider cannot be asked. Whoever
   * asks within a transaction hands on its `manager`: one that waited for a second connection could wait for ever.
   */
  tipOf(roomId: string, branch: string, manager?: EntityManager): Promise<string | null>;
  /** The commits up to this tip that are not on the default branch. For one tip they only ever become fewer, by a merge. */
  commitsOf(roomId: string, tip: string): Promise<OwnCommits>;
  /** The paths that this tip changed since it left the default branch. */
  changesOf(roomId: string, tip: string): Promise<OwnChanges>;
  /** What `head` changes since it left `base`, whatever happened there meanwhile. */
  touchedBetween(roomId: string, departure: Departure, manager?: EntityManager): Promise<BranchChanges | 'unknown'>;
  /** Where two commits do not merge, as git itself finds by merging them; null if they do. */
  clashOf(
    roomId: string,
    one: string,
    other: string,
    manager?: EntityManager,
  ): Promise<readonly string[] | null | 'unknown'>;
}

/** Lets features ask about a room's repository without knowing who hosts it. */
@Injectable()
export class RoomRepository implements RepositoryAnswers {
  private answers: RepositoryAnswers | undefined;

  contribute(answers: RepositoryAnswers): void {
    this.answers = answers;
  }

  async tipOf(roomId: string, branch: string, manager?: EntityManager): Promise<string | null> {
    return (await this.answers?.tipOf(roomId, branch, manager)) ?? null;
  }

  async commitsOf(roomId: string, tip: string): Promise<OwnCommits> {
    return (await this.answers?.commitsOf(roomId, tip)) ?? 'unknown';
  }

  async changesOf(roomId: string, tip: string): Promise<OwnChanges> {
    return (await this.answers?.changesOf(roomId, tip)) ?? 'unknown';
  }

  async touchedBetween(
    roomId: string,
    departure: Departure,
    manager?: EntityManager,
  ): Promise<BranchChanges | 'unknown'> {
    return (await this.answers?.touchedBetween(roomId, departure, manager)) ?? 'unknown';
  }

  clashOf(
    roomId: string,
    one: string,
    other: string,
    manager?: EntityManager,
  ): Promise<readonly string[] | null | 'unknown'> {
    return this.answers?.clashOf(roomId, one, other, manager) ?? Promise.resolve('unknown');
  }
}
