import type { ActivityItem, RoomEventOf, Task, TaskDetail } from '@clawtank/contracts';

/** Something an agent said of its progress: the step of its plan, the tool it uses, what it thinks. */
export interface WorkNote {
  readonly at: string;
  readonly parts: readonly string[];
}

const MOST_NOTES = 100;
/** Between the parts of a note of the bridge. */
const BETWEEN = ' · ';

/** The tasks an agent holds, or else the one it handed in last and that is not finished; the newest first. */
export function workOf(agentId: string, tasks: readonly Task[]): { held: Task[]; waiting: Task[] } {
  const newestFirst = [...tasks].sort((a, b) => b.updatedAt.localeCompare(a.updatedAt));
  return {
    held: newestFirst.filter(({ lease }) => lease?.holder.id === agentId),
    waiting: newestFirst.filter(
      ({ assignedTo, lease, state }) =>
        assignedTo?.id === agentId && !lease && !['done', 'cancelled', 'failed'].includes(state),
    ),
  };
}

/** What an agent told of its work on a task, newest first: what the task's history has, and what came since. */
export function notesOf(taskId: string, history: TaskDetail['history'], activity: readonly ActivityItem[]): WorkNote[] {
  const told = new Map<string, string>();
  for (const { what, at, actor, note } of history) {
    if (what === 'task.progressed' && actor.type === 'agent' && note) {
      told.set(at, note);
    }
  }
  for (const event of activity) {
    if (event.type === 'task.progressed' && event.data.task.id === taskId && event.actor.type === 'agent') {
      const note = event.data.task.progress?.note;
      if (note) {
        told.set(event.timestamp, note);
      }
    }
  }
  return [...told]
    .sort(([one], [other]) => other.localeCompare(one))
    .slice(0, MOST_NOTES)
    .map(([at, note]) => ({ at, parts: note.split(BETWEEN) }));
}

/** The agent's newest push to a branch of its own, as far as the room's activity goes back. */
export function lastPushOf(
  agentId: string,
  branch: string | null,
  activity: readonly ActivityItem[],
): RoomEventOf<'git.commit'> | null {
  const pushes = activity.filter((event): event is RoomEventOf<'git.commit'> => event.type === 'git.commit');
  return (
    pushes.findLast(({ actor, data }) => actor.id === agentId && (branch === null || data.push.branch === branch)) ??
    null
  );
}
