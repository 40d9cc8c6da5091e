import type { Actor } from '@clawtank/contracts';
import type { CommitRange } from '../hosting/history.js';
import type { RefChange } from '../hosting/refs.js';
import type { HostedPullRequestEntity } from './hosted-pull-request.entity.js';

export type PullRequestAction = 'opened' | 'synchronize' | 'closed';

/** A delivery that the host owes: the event's name and its payload, in GitHub's shape. */
export interface OwedDelivery {
  readonly event: 'push' | 'pull_request' | 'ping';
  readonly payload: object;
}

const ZERO_SHA = '0'.repeat(40);

const account = ({ id, name, type }: Actor) => ({ id, login: name, type: type === 'agent' ? 'Bot' : 'User' });

const repositoryOf = (roomId: string) => ({ id: roomId, full_name: roomId, default_branch: 'main' });

/** What happened to one branch. `commits` is null when it was deleted. */
export function pushPayload(
  roomId: string,
  change: RefChange,
  isForced: boolean,
  commits: CommitRange | null,
  sender: Actor,
): OwedDelivery {
  const described = (commits?.commits ?? []).map(({ sha, message, authorName, authorEmail, committedAt, files }) => ({
    id: sha,
    message,
    timestamp: committedAt.toISOString(),
    author: { name: authorName, email: authorEmail },
    ...files,
  }));
  return {
    event: 'push',
    payload: {
      ref: change.ref,
      before: change.before ?? ZERO_SHA,
      after: change.after ?? ZERO_SHA,
      created: change.before === null,
      deleted: change.after === null,
      forced: isForced,
      commits: described,
      head_commit: described.at(-1) ?? null,
      distinct_size: commits?.total ?? 0,
      repository: repositoryOf(roomId),
      pusher: { name: sender.name },
      sender: account(sender),
    },
  };
}

export function pullRequestPayload(
  action: PullRequestAction,
  pullRequest: HostedPullRequestEntity,
  sender: Actor,
): OwedDelivery {
  const { roomId, number, title, body, state, head, base, headSha, mergeSha, author, mergedBy, taskId } = pullRequest;
  return {
    event: 'pull_request',
    payload: {
      action,
      number,
      pull_request: {
        id: pullRequest.id,
        number,
        title,
        body,
        state: state === 'open' ? 'open' : 'closed',
        draft: false,
        merged: state === 'merged',
        merge_commit_sha: mergeSha,
        merged_by: mergedBy && account(mergedBy),
        user: account(author),
        head: { ref: head, sha: headSha },
        base: { ref: base },
        additions: 0,
        deletions: 0,
        commits: 0,
        html_url: null,
        created_at: pullRequest.createdAt.toISOString(),
        updated_at: pullRequest.updatedAt.toISOString(),
        merged_at: pullRequest.mergedAt?.toISOString() ?? null,
        clawtank: { task_id: taskId },
      },
      repository: repositoryOf(roomId),
      sender: account(sender),
    },
  };
}
