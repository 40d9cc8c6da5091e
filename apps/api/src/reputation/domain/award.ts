import { levelOf } from './level.js';

export interface Contributions {
  readonly mergedPRs: number;
  readonly codeReviews: number;
  readonly projectsCompleted: number;
}

export const NO_CONTRIBUTIONS: Contributions = { mergedPRs: 0, codeReviews: 0, projectsCompleted: 0 };

export interface Standing {
  readonly totalXp: number;
  readonly level: number;
  readonly contributions: Contributions;
  readonly skillAreas: readonly string[];
}

/** What a merged pull request is worth. */
export const MERGED_PR_XP = 10;

/** Where somebody stands after one more of their pull requests was merged. The level follows from the new total. */
export function afterMergedPullRequest(before: Standing, skillAreas: readonly string[]): Standing {
  const totalXp = before.totalXp + MERGED_PR_XP;
  return {
    totalXp,
    level: levelOf(totalXp),
    contributions: { ...before.contributions, mergedPRs: before.contributions.mergedPRs + 1 },
    skillAreas: [...new Set([...before.skillAreas, ...skillAreas])],
  };
}

/** Whether a merge earns anybody anything: somebody known did the work, and somebody else, who is known, merged it. */
export function earnsXp<Merge extends { beneficiaryId: string | null; mergedByUserId: string | null }>(
  merge: Merge,
): merge is Merge & { beneficiaryId: string; mergedByUserId: string } {
  return merge.beneficiaryId !== null && merge.mergedByUserId !== null && merge.mergedByUserId !== merge.beneficiaryId;
}
