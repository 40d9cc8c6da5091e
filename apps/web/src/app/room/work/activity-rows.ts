import type { ActivityItem } from '@clawtank/contracts';

/** One line of the activity: the newest of what repeats itself, and what it stands for, oldest first. */
export interface ActivityRow {
  /** Stays the same while the row grows. */
  readonly key: string;
  readonly event: ActivityItem;
  readonly earlier: readonly ActivityItem[];
}

/** The entries, oldest first, as rows: an agent's reports on one task that follow each other are one line. */
export function activityRows(items: readonly ActivityItem[]): ActivityRow[] {
  const rows: ActivityRow[] = [];
  for (const event of items) {
    const last = rows.at(-1);
    if (last && repeats(last.event, event)) {
      rows[rows.length - 1] = { key: last.key, event, earlier: [...last.earlier, last.event] };
    } else {
      rows.push({ key: event.id, event, earlier: [] });
    }
  }
  return rows;
}

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
