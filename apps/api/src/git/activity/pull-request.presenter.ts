import type { PullRequest } from '@clawtank/contracts';
import { presentAutoMerge } from '../domain/auto-merge.js';
import type { PullRequestEntity } from './pull-request.entity.js';

export function presentPullRequest(pull: PullRequestEntity): PullRequest {
  return {
    id: pull.id,
    roomId: pull.roomId,
    number: pull.number,
    provider: pull.provider,
    title: pull.title,
    body: pull.body,
    state: pull.state,
    head: pull.head,
    base: pull.base,
    headSha: pull.headSha,
    mergeSha: pull.mergeSha,
    author: pull.author,
    taskId: pull.taskId,
    url: pull.url,
    files: pull.files,
    additions: pull.additions,
    deletions: pull.deletions,
    commits: pull.commits,
    mergeability: pull.mergeability,
    mergedBy: pull.mergedBy,
    autoMerge: presentAutoMerge(pull.autoMerge, pull.headSha),
    createdAt: pull.createdAt.toISOString(),
    updatedAt: pull.updatedAt.toISOString(),
    mergedAt: pull.mergedAt?.toISOString() ?? null,
  };
}
