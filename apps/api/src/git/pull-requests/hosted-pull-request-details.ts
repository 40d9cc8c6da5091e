import type { PullRequest } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import type { PullRequestDetail, PullRequestDetails } from '../activity/index.js';
import { changedFiles } from '../hosting/changes.js';
import { commitsBetween } from '../hosting/history.js';
import { checkMerge, type MergeCheck } from '../hosting/merging.js';
import type { Repository } from '../hosting/repository.js';
import { HostedRepositories } from '../hosting/repository-store.js';

/** What git itself says of a proposed branch: the files it changes, how many commits it has, and whether it merges cleanly. */
@Injectable()
export class HostedPullRequestDetails implements PullRequestDetails {
  constructor(private readonly repositories: HostedRepositories) {}

  /** With `mergeSha`: as it was when it was merged. */
  async of(roomId: string, base: string, headSha: string, mergeSha: string | null): Promise<PullRequestDetail> {
    const repository = this.repositories.at(roomId);
    const from = mergeSha ? await firstParent(repository, mergeSha) : `refs/heads/${base}`;
    const [files, { total }, check] = await Promise.all([
      changedFiles(repository, from, headSha),
      commitsBetween(repository, from, headSha, 1),
      checkMerge(repository, from, headSha),
    ]);
    return {
      files: files.map((file) => ({ ...file, previousPath: file.previousPath ?? null })),
      additions: files.reduce((sum, { additions }) => sum + additions, 0),
      deletions: files.reduce((sum, { deletions }) => sum + deletions, 0),
      commits: total,
      mergeability: mergeSha ? { state: 'up_to_date', conflicts: [] } : mergeabilityOf(check),
    };
  }
}

/** What the base branch was at when it was merged into. */
export async function firstParent(repository: Repository, mergeSha: string): Promise<string> {
  const { stdout } = await repository.run(['rev-parse', '--verify', '--end-of-options', `${mergeSha}^1`]);
  return stdout.toString().trim();
}

function mergeabilityOf(check: MergeCheck): PullRequest['mergeability'] {
  switch (check.outcome) {
    case 'clean':
    case 'up_to_date':
      return { state: check.outcome, conflicts: [] };
    case 'conflict':
      return { state: 'conflict', conflicts: check.paths };
    case 'unrelated':
      return { state: 'conflict', conflicts: [] };
  }
}
