import type { ActivityItem } from '@clawtank/contracts';

/** One line of the activity: the newest of what repeats itself, and what it stands for, oldest first. */
export interface ActivityRow {
  /** Stays the same while the row grows. */
  readonly key: string;
  readonly event: ActivityItem;
  readonly earlier: readonly ActivityItem[];
}

/**
 * The entries, oldest first, as rows: an agent's reports on one task that follow each other are one line, and so is a hand-in that is
 * told again because its pull request was opened.
 */
export function activityRows(items: readonly ActivityItem[]): ActivityRow[] {
  const rows: ActivityRow[] = [];
  for (const event of items) {
    const handedIn = rows.findLast(({ event: before }) => isHandIn(before, event));
    const last = rows.at(-1);
    if (handedIn) {
      rows[rows.indexOf(handedIn)] = { ...handedIn, event, earlier: [...handedIn.earlier, handedIn.event] };
    } else if (last && repeats(last.event, event)) {
      rows[rows.length - 1] = { key: last.key, event, earlier: [...last.earlier, last.event] };
    } else {
      rows.push({ key: event.id, event, earlier: [] });
    }
  }
  return rows;
}

/** Whether `after` tells the same hand-in as `before`, by now with its pull request. */
const isHandIn = (before: ActivityItem, after: ActivityItem): boolean =>
  before.type === 'task.submitted' &&
  after.type === 'task.submitted' &&
  before.data.task.id === after.data.task.id &&
  before.data.task.submittedSha === after.data.task.submittedSha &&
  before.data.task.pullRequest === null &&
  after.data.task.pullRequest !== null;

function repeats(before: ActivityItem, after: ActivityItem): boolean {
  if (before.type === 'task.progressed' && after.type === 'task.progressed') {
    return (
      before.data.task.id === after.data.task.id &&
      before.data.task.state === after.data.task.state &&
      before.actor.type === 'agent' &&
      before.actor.id === after.actor.id
    );
  }
  return (
    before.type === 'agent.status_change' &&
    after.type === 'agent.status_change' &&
    before.data.memberId === after.data.memberId &&
    before.data.state.status === after.data.state.status
  );
}
