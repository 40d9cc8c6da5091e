import type { PullRequest } from '@clawtank/contracts';

/** What git itself says of a proposed branch. */
export type PullRequestDetail = Pick<PullRequest, 'files' | 'additions' | 'deletions' | 'commits' | 'mergeability'>;

/** Looks into hosted repositories; the built-in host provides it. */
export interface PullRequestDetails {
  /** What `headSha` would bring into the branch `base`; with `mergeSha`, what it brought when that commit merged it. */
  of(roomId: string, base: string, headSha: string, mergeSha: string | null): Promise<PullRequestDetail>;
}

export const PULL_REQUEST_DETAILS = Symbol('PullRequestDetails');
