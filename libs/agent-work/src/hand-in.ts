import { CommandRefused, type TaskSession } from '@clawtank/agent-sdk';
import type { PullRequest } from '@clawtank/contracts';
import { type CheckResult, claim } from './checks.js';
import type { Redact } from './redaction.js';
import { pullRequestTitle, workDescription } from './wording.js';
import type { RoomRepository } from './room-repository.js';
import type { WorktreePlace } from './worktree.js';

/** Work that is done and committed, but that nobody else has seen yet. */
export interface FinishedWork {
  readonly commit: string;
  /** The agent's last words. */
  readonly summary: string;
  readonly checks: readonly CheckResult[];
}

/** Pushes the work, proposes it for merging, and hands it in. Doing so again after an interruption changes nothing. */
export async function handIn(
  session: TaskSession,
  repository: RoomRepository,
  place: WorktreePlace,
  { commit, summary, checks }: FinishedWork,
  redact: Redact,
): Promise<void> {
  const { task, taskId } = session.assignment;
  const { branch } = place;
  const description = redact(workDescription(task, summary, checks));
  await session.progress(`Pushing ${branch}`, 90);
  await session.confirm();
  await repository.push(place, commit, session.lease, session.signal);
  const pullRequest = await propose(session, branch, description);
  await session.submit({ branch, commit, description, checks: checks.map(claim) });
  const where = pullRequest ? `pull request #${pullRequest.number}` : 'its pull request';
  await session.room
    .say(`Task ${task.number} is ready for review in ${where}.`, { clientMessageId: `task-${taskId}-${commit}` })
    .catch(() => undefined); // the work is handed in, and the room sees that without words
}

/** Null if the pull request is there already, from before an interruption, and the room does not show it yet. */
async function propose(session: TaskSession, head: string, body: string): Promise<PullRequest | null> {
  try {
    return await session.openPullRequest({ title: pullRequestTitle(session.assignment.task), head, body });
  } catch (error) {
    if (error instanceof CommandRefused && error.code === 'pull_request_exists') {
      return session.room.state?.pullRequests.find((one) => one.head === head && one.state === 'open') ?? null;
    }
    throw error;
  }
}
