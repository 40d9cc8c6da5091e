import * as z from 'zod';
import { mergeMessage, type MergeAnswer, type MergeAttempt, refused } from '../domain/auto-merge.js';
import { commitMessage } from '../hosting/domain/commit-message.js';
import { afterPut, type MergingHost } from './merging-host.js';
import type { ProviderApi } from './provider-api.js';

const MergeRequest = z.object({
  state: z.string(),
  sha: z.string().nullable(),
  detailed_merge_status: z.string(),
  /** GitLab lets a failed pipeline be merged unless its project forbids it. */
  head_pipeline: z.object({ status: z.string() }).nullish(),
});
const Commit = z.object({ message: z.string() });

const SILENT = refused('unavailable', 'GitLab does not answer');
const PASSED: readonly string[] = ['success', 'skipped'];

const OBSTACLES: Readonly<Record<string, MergeAnswer | null>> = {
  mergeable: null,
  conflict: refused('conflicts', ''),
  draft_status: refused('draft', ''),
  ci_must_pass: refused('checks', ''),
  ci_still_running: refused('checks', ''),
  status_checks_must_pass: refused('checks', ''),
  checking: refused('unavailable', 'GitLab is still finding out whether it merges'),
  unchecked: refused('unavailable', 'GitLab is still finding out whether it merges'),
  preparing: refused('unavailable', 'GitLab is still finding out whether it merges'),
};

/** A project at GitLab, which merges a commit only while it is the head. */
export class GitLabMergingHost implements MergingHost {
  constructor(private readonly api: ProviderApi) {}

  async merge(attempt: MergeAttempt): Promise<MergeAnswer> {
    const path = `/merge_requests/${attempt.number}`;
    const request = await this.api.get(path, MergeRequest);
    if (request === 'unknown') {
      return SILENT;
    }
    if (request === null) {
      return refused('token_may_not', '');
    }
    if (request.state === 'merged') {
      return { outcome: 'merged' };
    }
    if (request.sha !== attempt.headSha) {
      return refused('head_moved', '');
    }
    const { detailed_merge_status: status, head_pipeline: pipeline } = request;
    const obstacle = OBSTACLES[status] === undefined ? refused('rules', `GitLab says ${status}`) : OBSTACLES[status];
    return (
      obstacle ?? (pipeline && !PASSED.includes(pipeline.status) ? refused('checks', '') : this.put(path, attempt))
    );
  }

  async messageOf(sha: string): Promise<string | null> {
    const found = await this.api.get(`/repository/commits/${sha}`, Commit);
    return found === null || found === 'unknown' ? found : found.message;
  }

  private async put(path: string, attempt: MergeAttempt): Promise<MergeAnswer> {
    const { title, body, trailers } = mergeMessage(attempt);
    const answer = await this.api.put(`${path}/merge`, {
      sha: attempt.headSha,
      merge_commit_message: commitMessage(`${title}\n\n${body}`, trailers),
    });
    return answer === 'unknown' ? SILENT : afterPut(answer);
  }
}
