import type { BranchChanges, OwnChanges, OwnCommits, Departure } from '../../rooms/index.js';

/** One repository, wherever it is hosted. */
export interface RepositoryHost {
  /** Null if there is no such branch, `'unknown'` if the host cannot be asked. */
  tipOf(branch: string): Promise<string | null>;
  /** The commits up to this tip that are not on the default branch. */
  commitsOf(tip: string): Promise<OwnCommits>;
  /** The paths that this tip changed since it left the default branch. */
  changesOf(tip: string): Promise<OwnChanges>;
  touchedBetween(departure: Departure): Promise<BranchChanges | 'unknown'>;
  clashOf(one: string, other: string): Promise<readonly string[] | null | 'unknown'>;
}
