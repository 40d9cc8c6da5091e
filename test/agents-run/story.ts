import type { ActivityItem, ActivityPage, Task } from '@clawtank/contracts';
import type { Person } from '../support/people.js';

const PAGE = 200;

/** A time during which one agent held a task, as the log tells it. */
export interface Tenure {
  readonly taskId: string;
  /** Counted from the log: each claim is one more than the claim before. */
  readonly fence: number;
  readonly holder: string;
  readonly from: number;
  /** Where in the log it ended, and by which entry; null while it lasts. */
  readonly to: number | null;
  readonly end: ActivityItem['type'] | null;
  /** The commit that was handed in, if that ended it. */
  readonly commit: string | null;
}

/** What happened in a room, oldest first, from the log's own pages. */
export async function storyOf(person: Person, roomId: string): Promise<ActivityItem[]> {
  const story: ActivityItem[] = [];
  for (let hasNewer = true; hasNewer;) {
    const after = story.at(-1)?.seq ?? 0;
    const page = await person.request<ActivityPage>(
      'GET',
      `/api/rooms/${roomId}/activity?after=${after}&limit=${PAGE}`,
    );
    story.push(...page.activity);
    hasNewer = page.hasNewer;
  }
  return story;
}

/** Who held what and when. Throws if the log tells of two holders at one moment, or of work under no lease. */
export function tenuresIn(story: readonly ActivityItem[]): Tenure[] {
  const tenures: Tenure[] = [];
  const living = new Map<string, Tenure>();
  const pullRequests = new Map<string, number | null>();
  for (const entry of story) {
    const task = taskOf(entry);
    if (!task) {
      continue;
    }
    const held = living.get(task.id);
    const tellsOfPullRequest = task.pullRequest !== (pullRequests.get(task.id) ?? null); // by the server, whoever holds the task
    pullRequests.set(task.id, task.pullRequest);
    if (entry.type === 'agent.claimed_task') {
      if (held) {
        throw new Error(`Task ${task.number} has two holders at ${entry.seq}`);
      }
      const earlier = tenures.filter(({ taskId }) => taskId === task.id).length;
      const holder = entry.actor.id ?? '';
      living.set(task.id, {
        ...{ taskId: task.id, fence: earlier + 1, holder, from: entry.seq },
        ...{ to: null, end: null, commit: null },
      });
      tenures.push(living.get(task.id) as Tenure);
    } else if (isUnderLease(entry) && !tellsOfPullRequest && held?.holder !== entry.actor.id) {
      throw new Error(
        `${entry.actor.name} did ${entry.type} on task ${task.number} at ${entry.seq}, and did not hold it`,
      );
    }
    const now = living.get(task.id);
    if (now && task.lease === null) {
      const commit = entry.type === 'task.submitted' ? task.submittedSha : null;
      tenures[tenures.indexOf(now)] = { ...now, to: entry.seq, end: entry.type, commit };
      living.delete(task.id);
    } else if ((now?.holder ?? null) !== (task.lease?.holder.id ?? null)) {
      throw new Error(`Entry ${entry.seq} names another holder of task ${task.number} than the log does`);
    }
  }
  return tenures;
}

const taskOf = (entry: ActivityItem): Task | null => ('task' in entry.data ? entry.data.task : null);

const isUnderLease = ({ type, actor }: ActivityItem): boolean =>
  actor.type === 'agent' && ['task.progressed', 'task.submitted', 'task.failed'].includes(type);
