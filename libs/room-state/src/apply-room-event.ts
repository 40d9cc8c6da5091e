import {
  type ActivityItem,
  FINISHED_TASK_STATES,
  isActivity,
  type Member,
  type PullRequest,
  type RoomEvent,
  type RoomState,
  SNAPSHOT_LIMITS,
  type Task,
  type TaskConflict,
  type TaskPaths,
} from '@clawtank/contracts';
import { withChatEvent } from './with-chat-event.js';

/**
 * The room after `event`: the same state if the event was seen before, `'gap'` if something in between was missed.
 * What this makes of an old snapshot and the events since equals a fresh snapshot, for every kind of event.
 */
export function applyRoomEvent(state: RoomState, event: RoomEvent): RoomState | 'gap' {
  if (event.seq <= state.seq) {
    return state;
  }
  if (event.seq > state.seq + 1) {
    return 'gap';
  }
  const changed = change(state, event);
  return {
    ...changed,
    seq: event.seq,
    activity: isActivity(event) ? newest([...changed.activity, event], SNAPSHOT_LIMITS.activity) : changed.activity,
  };
}

function change(state: RoomState, event: RoomEvent): RoomState {
  switch (event.type) {
    case 'room.created':
    case 'room.updated':
      return { ...state, room: event.data.room };
    case 'member.joined':
    case 'agent.joined':
      return { ...state, members: [...without(state.members, event.data.member.id), event.data.member] };
    case 'member.updated': {
      const { member } = event.data;
      return { ...state, members: state.members.map((one) => (one.id === member.id ? member : one)) };
    }
    case 'member.left':
    case 'agent.left':
      return { ...state, members: without(state.members, event.data.memberId) };
    case 'agent.status_change': {
      const { memberId, state: agent } = event.data;
      return {
        ...state,
        members: state.members.map((member) => (member.id === memberId ? { ...member, agent } : member)),
      };
    }
    case 'chat.message':
    case 'chat.edited':
    case 'chat.deleted':
    case 'chat.reacted':
    case 'chat.previewed':
    case 'chat.pinned':
    case 'chat.unpinned':
      return { ...state, messages: newest(withChatEvent(state.messages, event), SNAPSHOT_LIMITS.messages) };
    case 'task.created':
    case 'agent.claimed_task':
    case 'task.progressed':
    case 'task.submitted':
    case 'task.released':
    case 'task.updated':
    case 'task.reviewed':
    case 'task.failed':
    case 'task.cancelled':
    case 'task.completed':
      return withTaskChanged(state, event.data.task);
    case 'task.redacted':
      return {
        ...state,
        tasks: withTask(state.tasks, event.data.task),
        activity: state.activity.map((item) => withoutWords(item, event.data.task)),
      };
    case 'task.receipt': {
      const { taskId, receipt, updatedAt } = event.data;
      const task = state.tasks.find(({ id }) => id === taskId);
      return task ? { ...state, tasks: withTask(state.tasks, { ...task, receipt, updatedAt }) } : state;
    }
    case 'task.paths':
      return { ...state, paths: withPaths(state.paths, event.data.paths) };
    case 'task.conflict':
      return { ...state, conflicts: withConflict(state.conflicts, event.data.conflict) };
    case 'task.conflict_resolved':
      return { ...state, conflicts: state.conflicts.filter((one) => !isSamePair(one, event.data)) };
    case 'approval.requested':
      return { ...state, approvals: [...state.approvals, event.data.approval] };
    case 'approval.decided':
      return { ...state, approvals: state.approvals.filter(({ id }) => id !== event.data.approval.id) };
    case 'git.connected':
    case 'git.disconnected':
      return withRepository(state, event.data.repository);
    case 'git.pr_opened':
    case 'git.pr_updated':
    case 'git.pr_merged':
    case 'git.pr_closed':
      return { ...state, pullRequests: withPullRequest(state.pullRequests, event.data.pullRequest) };
    case 'agent.held_back':
    case 'git.commit':
    case 'git.issue_opened':
    case 'git.issue_updated':
    case 'git.issue_closed':
    case 'xp.awarded':
    case 'xp.level_up':
      return state;
  }
}

const newest = <Item>(items: readonly Item[], limit: number): Item[] => items.slice(-limit);

const without = (members: readonly Member[], id: string): Member[] => members.filter((member) => member.id !== id);

type Numbered = { readonly number: number; readonly id: string };

/** By number. Pull requests of two repositories that the room worked on may share one; then by id. */
const byNumber = (a: Numbered, b: Numbered): number => a.number - b.number || (a.id < b.id ? -1 : 1);

/** All unfinished ones and the finished ones that changed last; ties are settled by number and id, as the database does. */
function bounded<Item extends Numbered & { updatedAt: string }>(
  items: readonly Item[],
  isFinished: (item: Item) => boolean,
  limit: number,
): Item[] {
  const finished = items
    .filter(isFinished)
    .sort((a, b) => (a.updatedAt === b.updatedAt ? byNumber(b, a) : a.updatedAt < b.updatedAt ? 1 : -1))
    .slice(0, limit);
  return [...items.filter((item) => !isFinished(item)), ...finished].sort(byNumber);
}

/** Nobody waits for leave to do a task that is no longer theirs, and what is finished is in nobody's way. */
function withTaskChanged(state: RoomState, task: Task): RoomState {
  const approvals = task.lease ? state.approvals : state.approvals.filter(({ taskId }) => taskId !== task.id);
  const tasks = withTask(state.tasks, task);
  return FINISHED_TASK_STATES.includes(task.state)
    ? {
        ...state,
        tasks,
        approvals,
        paths: state.paths.filter(({ taskId }) => taskId !== task.id),
        conflicts: state.conflicts.filter((conflict) => !conflict.tasks.some(({ taskId }) => taskId === task.id)),
      }
    : { ...state, tasks, approvals };
}

function withPaths(all: readonly TaskPaths[], paths: TaskPaths): TaskPaths[] {
  const others = all.filter(({ taskId }) => taskId !== paths.taskId);
  return paths.claim || paths.changes ? [...others, paths].sort((a, b) => (a.taskId < b.taskId ? -1 : 1)) : others;
}

type Pair = Pick<TaskConflict, 'tasks'>;

const placeOf = ({ tasks: [one, other] }: Pair): string => `${one.taskId} ${other.taskId}`;
const isSamePair = (one: Pair, other: Pair): boolean => placeOf(one) === placeOf(other);

const withConflict = (all: readonly TaskConflict[], conflict: TaskConflict): TaskConflict[] =>
  [...all.filter((one) => !isSamePair(one, conflict)), conflict].sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));

function withTask(tasks: readonly Task[], task: Task): Task[] {
  return bounded(
    [...tasks.filter(({ id }) => id !== task.id), task],
    ({ state }) => FINISHED_TASK_STATES.includes(state),
    SNAPSHOT_LIMITS.finishedTasks,
  );
}

/** An earlier entry about a task whose words were taken back. */
function withoutWords(item: ActivityItem, { id, title, description }: Task): ActivityItem {
  return 'task' in item.data && item.data.task.id === id
    ? ({ ...item, data: { ...item.data, task: { ...item.data.task, title, description } } } as ActivityItem)
    : item;
}

function withPullRequest(pullRequests: readonly PullRequest[], pullRequest: PullRequest): PullRequest[] {
  return bounded(
    [...pullRequests.filter(({ id }) => id !== pullRequest.id), pullRequest],
    ({ state }) => state !== 'open',
    SNAPSHOT_LIMITS.closedPullRequests,
  );
}

function withRepository(state: RoomState, repository: RoomState['room']['repository']): RoomState {
  return { ...state, room: { ...state.room, repository, gitRepo: repository?.cloneUrl ?? null } };
}
