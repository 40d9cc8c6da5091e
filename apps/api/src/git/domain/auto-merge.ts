import type { Actor, AutoMerge, AutoMergeObstacle } from '@clawtank/contracts';

/** What is kept of merging a pull request by itself, for one head. */
export interface AutoMergeRecord {
  /** Stands in the merge commit, and nowhere else before: a merge that names it is ours, whatever was interrupted. */
  readonly id: string;
  readonly sha: string;
  readonly approvedBy: Actor;
  /** Until when somebody is at it, as an ISO instant; null if nobody is. */
  readonly claimedUntil: string | null;
  readonly refusal: AutoMergeRefusal | null;
  /** Its host has said that it is merged; the delivery that says so too may still be on its way. */
  readonly isDone: boolean;
  /** The room was told that it was merged so. */
  readonly toldAt: string | null;
}

export interface AutoMergeRefusal {
  readonly obstacle: AutoMergeObstacle;
  readonly message: string;
  readonly at: string;
  /** When it may be tried again without anybody's doing. */
  readonly nextAt: string;
}

/** What merging a pull request came to at its host. */
export type MergeAnswer = { readonly outcome: 'merged' } | RefusedMerge;

export interface RefusedMerge {
  readonly outcome: 'refused';
  readonly obstacle: AutoMergeObstacle;
  readonly message: string;
}

export const refused = (obstacle: AutoMergeObstacle, message: string): RefusedMerge => ({
  outcome: 'refused',
  obstacle,
  message,
});

/** One pull request that somebody has claimed to merge, as it has to be for that. */
export interface MergeAttempt {
  readonly id: string;
  readonly roomId: string;
  readonly pullRequestId: string;
  readonly number: number;
  readonly title: string;
  readonly head: string;
  readonly headSha: string;
  readonly approvedBy: Actor & { readonly id: string };
}

/** The trailer by which a merge commit names the attempt that made it. */
export const MERGE_TRAILER = 'ClawTank-Auto-Merge';

/** What the merge commit says. */
export const mergeMessage = ({ number, head, title, approvedBy, id }: MergeAttempt) => ({
  title: `Merge pull request #${number} from ${head}`,
  body: title,
  trailers: [
    { key: 'ClawTank-Approved-By', value: approvedBy.name },
    { key: MERGE_TRAILER, value: id },
  ],
});

/** Whether a merge commit was made by this attempt. */
export const isMadeBy = (attemptId: string, commitMessage: string): boolean =>
  commitMessage.split('\n').includes(`${MERGE_TRAILER}: ${attemptId}`);

/** What members see of it; nothing while it is only being tried. */
export function presentAutoMerge(record: AutoMergeRecord | null, headSha: string): AutoMerge | null {
  if (record?.sha !== headSha) {
    return null;
  }
  const { sha, approvedBy, refusal, toldAt } = record;
  if (toldAt !== null) {
    return { sha, approvedBy, state: 'merged', obstacle: null, message: '', at: toldAt };
  }
  return (
    refusal && {
      sha,
      approvedBy,
      state: 'refused',
      obstacle: refusal.obstacle,
      message: refusal.message,
      at: refusal.at,
    }
  );
}
