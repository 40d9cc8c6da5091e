import { type MergeAnswer, type MergeAttempt, refused } from '../domain/auto-merge.js';

/** A repository's host as one that merges. */
export interface MergingHost {
  /** Merges exactly the attempt's commit, or says why it does not. Asked again, it finds what was merged. */
  merge(attempt: MergeAttempt): Promise<MergeAnswer>;
  /** What a commit says; null if there is none, `'unknown'` if the host cannot be asked. */
  messageOf(sha: string): Promise<string | null>;
}

/** What a provider's status means when it was asked to merge. */
export function afterPut({ status, message }: { readonly status: number; readonly message: string }): MergeAnswer {
  switch (status) {
    case 200:
      return { outcome: 'merged' };
    case 401:
    case 403:
    case 404:
      return refused('token_may_not', message);
    case 409:
      return refused('head_moved', message);
    case 405:
    case 422:
      return refused('rules', message);
    default:
      return refused('unavailable', message);
  }
}
