import {
  FINISHED_TASK_STATES,
  type Member,
  type PullRequest,
  type RoomEvent,
  type RoomState,
  SNAPSHOT_LIMITS,
  type Task,
} from '@clawtank/contracts';

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
    activity:
      event.type === 'chat.message' ? changed.activity : newest([...changed.activity, event], SNAPSHOT_LIMITS.activity),
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
      return { ...state, messages: newest([...state.messages, event.data.message], SNAPSHOT_LIMITS.messages) };
    case 'task.created':
    case 'agent.claimed_task':
    case 'task.progressed':
    case 'task.submitted':
    case 'task.released':
    case 'task.failed':
    case 'task.cancelled':
    case 'task.completed':
      return { ...state, tasks: withTask(state.tasks, event.data.task) };
    case 'git.connected':
    case 'git.disconnected':
      return withRepository(state, event.data.repository);
    case 'git.pr_opened':
    case 'git.pr_updated':
    case 'git.pr_merged':
    case 'git.pr_closed':
      return { ...state, pullRequests: withPullRequest(state.pullRequests, event.data.pullRequest) };
    case 'git.commit':
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

function withTask(tasks: readonly Task[], task: Task): Task[] {
  return bounded(
    [...tasks.filter(({ id }) => id !== task.id), task],
    ({ state }) => FINISHED_TASK_STATES.includes(state),
    SNAPSHOT_LIMITS.finishedTasks,
  );
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
