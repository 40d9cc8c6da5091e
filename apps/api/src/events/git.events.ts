import type { Actor } from '@clawtank/contracts';

/** An issue with its words, which may be a stranger's. */
export interface TakenIssue {
  readonly id: string;
  readonly provider: 'github' | 'gitlab';
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly url: string | null;
  readonly author: string;
  readonly updatedAt: string;
}

/** What git announces, for every provider alike. */
export interface GitEvents {
  /** A branch of a room's repository moved; `head` is null if it was deleted. */
  'git.pushed': {
    readonly roomId: string;
    readonly branch: string;
    readonly head: string | null;
    readonly forced: boolean;
    readonly pusher: Actor;
    /** The tasks that the new commits name in their trailers, newest first. */
    readonly namedTaskIds: readonly string[];
    /** The files that its commits touch, the first of them. */
    readonly paths: readonly string[];
  };
  'git.pull_request_opened': {
    readonly roomId: string;
    readonly pullRequestId: string;
    readonly number: number;
    readonly head: string;
    readonly headSha: string;
    readonly taskId: string | null;
  };
  'git.pull_request_merged': {
    readonly roomId: string;
    readonly pullRequestId: string;
    readonly number: number;
    readonly taskId: string | null;
    /** The commit that was merged. */
    readonly headSha: string;
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
  /** Somebody who may ask for work wants an issue done. */
  'git.issue_taken': {
    readonly roomId: string;
    readonly issue: TakenIssue;
    /** The person who asked for it. */
    readonly by: Actor;
    /** The agent that is to do it, by its id or by what it is called. */
    readonly agentId: string | null;
    readonly agentName: string | null;
    /** False for a label or an assignment at the provider, which makes a task once and for all. */
    readonly mayRepeat: boolean;
    readonly at: string;
  };
  /** An issue was closed, or is gone. `verdict`: what that says of work handed in for it, if who closed it may decide that. */
  'git.issue_closed': {
    readonly roomId: string;
    readonly issueId: string;
    readonly number: number;
    readonly isGone: boolean;
    readonly verdict: 'done' | 'not_planned' | null;
  };
  /** An issue that was closed is open again. */
  'git.issue_reopened': { readonly roomId: string; readonly issueId: string };
  'git.pull_request_closed': {
    readonly roomId: string;
    readonly pullRequestId: string;
    readonly number: number;
    readonly taskId: string | null;
  };
}
