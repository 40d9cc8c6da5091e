import * as z from 'zod';
import { Actor, Instant } from './primitives.js';
import type { PullRequest } from './git.js';
import type { RoomInfo } from './rooms.js';
import type { Task } from './tasks.js';

/** What stood in the way when the server tried to merge a pull request for whoever approved it. */
export const AutoMergeObstacle = z.enum([
  /** Whoever approved the work is no longer somebody who may merge here. */
  'approver_may_not',
  /** The room has no access token for its repository, or the token may not merge. */
  'token_may_not',
  'conflicts',
  /** Checks of the repository fail, or are not over yet. */
  'checks',
  'draft',
  /** Rules of the repository ask for something else first. */
  'rules',
  /** The branch has other commits by now. */
  'head_moved',
  /** The repository's host did not answer, or does not know yet. */
  'unavailable',
]);
export type AutoMergeObstacle = z.infer<typeof AutoMergeObstacle>;

/** What the server did about a pull request in a room that has approved work merged. It counts for exactly one head. */
export const AutoMerge = z
  .object({
    sha: z.string(),
    /** The person on whose behalf. */
    approvedBy: Actor,
    state: z.enum(['refused', 'merged']),
    /** Null once it is merged. */
    obstacle: AutoMergeObstacle.nullable(),
    /** What the repository's host said of it, if anything. */
    message: z.string(),
    at: Instant,
  })
  .meta({ id: 'AutoMerge' });
export type AutoMerge = z.infer<typeof AutoMerge>;

type Place = Pick<RoomInfo, 'archivedAt' | 'repository'> & {
  readonly settings: Pick<RoomInfo['settings'], 'autoMergeEnabled' | 'agentsPaused' | 'gitIntegration'>;
};
type Proposal = Pick<PullRequest, 'number' | 'state' | 'base' | 'headSha' | 'mergeability' | 'autoMerge'>;
type Work = Pick<Task, 'state' | 'pullRequest' | 'submittedSha' | 'review'>;

/** How far a pull request is from being merged by itself: `ready`, or what it waits for. */
export type AutoMergeStanding =
  | 'closed'
  /** The work was handed in anew with another one. */
  | 'superseded'
  | 'off'
  | 'archived'
  | 'git_off'
  | 'paused'
  | 'no_task'
  | 'other_base'
  | 'at_work'
  | 'new_commits'
  | 'waits_for_approval'
  | 'conflicts'
  | 'refused'
  | 'ready';

/**
 * Whether the server merges this pull request by itself, and if not, why not yet. `refused`: it was tried, and what stood in the way
 * is to be looked up; whether that is over is found by trying again.
 */
export function autoMergeStanding(room: Place, pull: Proposal, task: Work | null): AutoMergeStanding {
  const { settings, archivedAt, repository } = room;
  if (pull.state !== 'open') {
    return 'closed';
  }
  if (task && isSuperseded(pull, task)) {
    return 'superseded';
  }
  if (!settings.autoMergeEnabled) {
    return 'off';
  }
  if (archivedAt !== null) {
    return 'archived';
  }
  if (!settings.gitIntegration) {
    return 'git_off';
  }
  if (settings.agentsPaused) {
    return 'paused';
  }
  if (pull.base !== repository?.defaultBranch) {
    return 'other_base';
  }
  return task ? standingOfWork(pull, task) : 'no_task';
}

const isSuperseded = ({ number, headSha }: Proposal, { pullRequest, submittedSha }: Work): boolean =>
  pullRequest !== null && pullRequest !== number && submittedSha !== headSha;

function standingOfWork({ headSha, mergeability, autoMerge }: Proposal, { state, submittedSha, review }: Work) {
  if (state !== 'in_review' && state !== 'approved') {
    return 'at_work';
  }
  if (submittedSha !== headSha) {
    return 'new_commits';
  }
  if (state !== 'approved' || review?.verdict !== 'approved' || review.sha !== headSha) {
    return 'waits_for_approval';
  }
  if (mergeability.state === 'conflict') {
    return 'conflicts';
  }
  return autoMerge?.state === 'refused' && autoMerge.sha === headSha ? 'refused' : 'ready';
}

/** The task that a pull request brings the work of. Other providers do not know our tasks: there it goes by the commit that was handed in. */
export function taskOfPullRequest<Known extends Pick<Task, 'id' | 'submittedSha'>>(
  { taskId, headSha }: Pick<PullRequest, 'taskId' | 'headSha'>,
  tasks: readonly Known[],
): Known | null {
  return (
    tasks.find(({ id }) => id === taskId) ??
    (taskId === null ? tasks.findLast(({ submittedSha }) => submittedSha === headSha) : undefined) ??
    null
  );
}
