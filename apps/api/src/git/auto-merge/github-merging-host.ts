import * as z from 'zod';
import { mergeMessage, type MergeAnswer, type MergeAttempt, refused } from '../domain/auto-merge.js';
import { commitMessage } from '../hosting/domain/commit-message.js';
import { afterPut, type MergingHost } from './merging-host.js';
import type { ProviderApi } from './provider-api.js';

const Pull = z.object({
  merged: z.boolean(),
  draft: z.boolean().optional(),
  head: z.object({ sha: z.string() }),
  /** `clean`, `has_hooks`, `unstable`, `blocked`, `behind`, `dirty`, `draft` or `unknown`, and who knows what later. */
  mergeable_state: z.string(),
});
const Commit = z.object({ commit: z.object({ message: z.string() }) });

const SILENT = refused('unavailable', 'GitHub does not answer');

/** What GitHub's own word for it means here; null if nothing stands in the way. */
const OBSTACLES: Readonly<Record<string, MergeAnswer | null>> = {
  clean: null,
  has_hooks: null,
  unstable: refused('checks', ''),
  dirty: refused('conflicts', ''),
  draft: refused('draft', ''),
  blocked: refused('rules', 'The branch is protected'),
  behind: refused('rules', 'The branch is behind its base'),
  unknown: refused('unavailable', 'GitHub is still finding out whether it merges'),
};

/** A repository at GitHub, which merges a commit only while it is the head. */
export class GitHubMergingHost implements MergingHost {
  constructor(private readonly api: ProviderApi) {}

  async merge(attempt: MergeAttempt): Promise<MergeAnswer> {
    const path = `/pulls/${attempt.number}`;
    const pull = await this.api.get(path, Pull);
    if (pull === 'unknown') {
      return SILENT;
    }
    if (pull === null) {
      return refused('token_may_not', '');
    }
    if (pull.merged) {
      return { outcome: 'merged' };
    }
    if (pull.head.sha !== attempt.headSha) {
      return refused('head_moved', '');
    }
    const state = pull.draft ? 'draft' : pull.mergeable_state;
    return OBSTACLES[state] === undefined
      ? refused('rules', `GitHub calls it ${state}`)
      : (OBSTACLES[state] ?? this.put(path, attempt));
  }

  async messageOf(sha: string): Promise<string | null> {
    const found = await this.api.get(`/commits/${sha}`, Commit);
    return found === null || found === 'unknown' ? found : found.commit.message;
  }

  private async put(path: string, attempt: MergeAttempt): Promise<MergeAnswer> {
    const { title, body, trailers } = mergeMessage(attempt);
    const answer = await this.api.put(`${path}/merge`, {
      sha: attempt.headSha,
      merge_method: 'merge',
      commit_title: title,
      commit_message: commitMessage(`${title}\n\n${body}`, trailers).slice(title.length).trim(),
    });
    return answer === 'unknown' ? SILENT : afterPut(answer);
  }
}
