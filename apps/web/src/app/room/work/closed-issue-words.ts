import { FINISHED_TASK_STATES, type Task } from '@clawtank/contracts';

/** What becomes of a task whose issue was closed before it was done; null for any other. */
export function closedIssueWords({ issue, state, lease, assignedTo }: Task): string | null {
  if (!issue || (issue.state !== 'closed' && issue.state !== 'gone') || FINISHED_TASK_STATES.includes(state)) {
    return null;
  }
  const what = `Issue #${issue.number} was ${issue.state === 'closed' ? 'closed' : 'removed'} meanwhile`;
  if (lease) {
    return `${what}. ${lease.holder.name} was told, and goes on: what it hands in waits for a review as ever. Call the task off if nobody needs it any more.`;
  }
  return state === 'in_review' || state === 'approved'
    ? `${what}. The work that was handed in is left to its reviewers: merge it, or call the task off.`
    : `${what}. ${assignedTo?.name ?? 'Whoever takes it'} goes on with the task unless it is called off.`;
}
