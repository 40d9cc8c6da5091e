import { CommandRefused, pushUnderLease, type TaskSession } from '@clawtank/agent-sdk';
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
  await pushUnderLease(session, () => repository.push(place, commit, session.lease, session.signal));
  const proposal = await propose(session, branch, description);
  await session.submit({ branch, commit, description, checks: checks.map(claim) });
  await session.room
    .say(`Task ${task.number} is ready for review ${proposal}`, { clientMessageId: `task-${taskId}-${commit}` })
    .catch(() => undefined); // the work is handed in, and the room sees that without words
}

/** Where it is proposed for merging, to end a sentence with; if it is not, the server says who has to do that, and where. */
async function propose(session: TaskSession, head: string, body: string): Promise<string> {
  try {
    const { number } = await session.openPullRequest({ title: pullRequestTitle(session.assignment.task), head, body });
    return `in pull request #${number}.`;
  } catch (error) {
    if (error instanceof CommandRefused && error.code === 'pull_request_exists') {
      // It is there from before an interruption, or from somebody else; the room may not show it yet.
      const known = session.room.state?.pullRequests.find((one) => one.head === head && one.state === 'open');
      return known ? `in pull request #${known.number}.` : 'in its pull request.';
    }
    if (error instanceof CommandRefused && error.code === 'not_mergeable') {
      return `on ${head}. ${error.message}`;
    }
    throw error;
  }
}
