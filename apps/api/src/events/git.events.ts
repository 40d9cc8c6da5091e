import type { Actor } from '@clawtank/contracts';

/** What git announces, for every provider alike. */
export interface GitEvents {
  /** A branch of a room's repository moved; `head` is null if it was deleted. */
  'git.pushed': { readonly roomId: string; readonly branch: string; readonly head: string | null };
  'git.pull_request_opened': {
    readonly roomId: string;
    readonly pullRequestId: string;
    readonly number: number;
    readonly taskId: string | null;
  };
  'git.pull_request_merged': {
    readonly roomId: string;
    readonly pullRequestId: string;
    readonly number: number;
    readonly taskId: string | null;
    readonly mergeSha: string | null;
    readonly mergedBy: Actor;
    /** The accountable person behind the merge, if known here. */
    readonly mergedByUserId: string | null;
    /** The accountable person behind the work, if known here. */
    readonly beneficiaryId: string | null;
    readonly author: Actor;
    readonly title: string;
    readonly paths: readonly string[];
  };
  'git.pull_request_closed': {
    readonly roomId: string;
    readonly pullRequestId: string;
    readonly number: number;
    readonly taskId: string | null;
  };
}
