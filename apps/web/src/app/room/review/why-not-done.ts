import { CONFLICT_WORDS, type SeenConflict } from '../work/task-conflicts';
import type {
  Approval,
  Member,
  PresenceStatus,
  PullRequest,
  RoomEventData,
  Task,
  TaskDetail,
} from '@clawtank/contracts';

/** What has to be known beside a task to say what keeps it. */
export interface Surroundings {
  readonly tasks: readonly Pick<Task, 'id' | 'number' | 'state'>[];
  readonly approvals: readonly Approval[];
  readonly seats: readonly (Pick<Member, 'id' | 'type' | 'agent'> & {
    readonly presence: PresenceStatus;
    readonly answers: boolean;
  })[];
  /** The task's own, if it has one. */
  readonly pull: PullRequest | null;
  /** Whose work it meets, what is certain first. */
  readonly conflicts: readonly Pick<SeenConflict, 'kind' | 'other'>[];
  /** Oldest first; empty as long as it is not known. */
  readonly history: TaskDetail['history'];
  /** Why it was taken from its last holder, if that is known. */
  readonly released: Release | null;
}

type Release = RoomEventData['task.released']['reason'];

const RELEASES: Partial<Record<string, string>> = {
  released: 'It was given back',
  lease_expired: 'Its lease ran out, as nobody was heard from',
  agent_left: 'The agent that had it left',
  agent_paused: 'The agent that had it was paused',
  room_archived: 'It was given back when the room was archived',
};

/** One sentence; if `since` is set, it ends with how long ago that was. */
export interface Reason {
  readonly text: string;
  readonly since: string | null;
}

const reason = (text: string, since: string | null = null): Reason => ({ text, since });

/** What a task waits for, in one plain sentence; null if it is done. */
export function whyNotDone(task: Task, around: Surroundings): Reason | null {
  switch (task.state) {
    case 'done':
      return null;
    case 'cancelled':
      return reason(task.failure ? `It was called off: ${task.failure}.` : 'It was called off.');
    case 'failed':
      return reason(`${holderOf(task)} could not do it${task.failure ? `: ${task.failure}` : ''}.`);
    case 'open':
      return reason(whyNotTaken(task, around));
    case 'claimed':
    case 'in_progress':
      return reason(withConflict(whyNotHandedIn(task, around), around));
    case 'in_review':
      return whyNotApproved(task, around);
    case 'changes_requested':
      return reason(withConflict(whyNotMended(task, around), around));
    case 'approved':
      return reason(withConflict(whyNotMerged(task, around), around));
  }
}

/** The unfinished tasks that have to be done before this one, by number. */
export function blockersOf<Known extends Pick<Task, 'id' | 'number' | 'state'>>(
  { dependsOn }: Pick<Task, 'dependsOn'>,
  tasks: readonly Known[],
): Known[] {
  return tasks
    .filter(({ id, state }) => dependsOn.includes(id) && state !== 'done')
    .sort((a, b) => a.number - b.number);
}

function whyNotTaken(task: Task, { tasks, seats, history, released }: Surroundings): string {
  const blockers = blockersOf(task, tasks);
  const ended = blockers.find(({ state }) => state === 'cancelled' || state === 'failed');
  if (ended) {
    const fate = ended.state === 'failed' ? 'failed' : 'was called off';
    return `Waits for task ${ended.number}, which ${fate}: change what it waits for.`;
  }
  if (blockers.length > 0) {
    return `Waits for ${blockers.length === 1 ? 'task' : 'tasks'} ${listed(blockers.map(({ number }) => `${number}`))}.`;
  }
  if (task.waitsUntil && task.assignedTo) {
    const when = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
    return `${task.assignedTo.name} goes on at ${when.format(new Date(task.waitsUntil))}${task.failure ? ` (${task.failure})` : ''}. Another agent may take it before.`;
  }
  const whom = task.assignedTo ? stateOfAgent(task.assignedTo, seats) : '';
  const last = history.at(-1);
  if (last?.what === 'task.released') {
    const before =
      last.actor.type === 'agent'
        ? `${last.actor.name} gave it back`
        : (RELEASES[released ?? ''] ?? 'It was taken back');
    return `${before}; ${whom || 'it waits to be claimed again'}.`;
  }
  if (task.assignedTo) {
    return whom ? `${whom}.` : `Waits for ${task.assignedTo.name} to claim it.`;
  }
  return seats.some(({ type }) => type === 'agent')
    ? 'Waits for an agent to claim it.'
    : 'Waits for an agent: none has a seat here.';
}

function whyNotHandedIn(task: Task, { approvals, seats }: Surroundings): string {
  const asked = approvals.find(({ taskId }) => taskId === task.id);
  if (asked) {
    return `Waits for ${asked.owner.name} to decide: ${asked.title}.`;
  }
  const holder = task.lease?.holder ?? task.assignedTo;
  const trouble = holder ? stateOfAgent(holder, seats) : '';
  if (trouble) {
    return `${trouble}, and has it until its lease runs out.`;
  }
  const percent = task.progress?.percent ?? null;
  return `${holderOf(task)} is working on it${percent === null ? '' : `, ${percent}\u00a0%`}.`;
}

function whyNotApproved(task: Task, { history, pull, conflicts }: Surroundings): Reason {
  const step = history.findLast(({ what }) => what === 'task.submitted' || what === 'task.reviewed');
  if (step?.what === 'task.reviewed' && step.actor.type === 'system') {
    return reason('It was approved, but a push has changed it since: it waits for another review.');
  }
  if (pull?.state === 'open' && pull.mergeability.state === 'conflict') {
    return reason(`In review, but #${pull.number} conflicts with ${pull.base}.`);
  }
  const met = certainConflict(conflicts);
  return reason(met ? `In review; it ${met}. Handed in` : 'In review, handed in', step?.at ?? task.updatedAt);
}

function whyNotMended(task: Task, { seats }: Surroundings): string {
  const by = task.review?.by.name;
  const asked = by ? `${by} asked for changes` : 'Changes were asked for';
  const trouble = task.assignedTo ? stateOfAgent(task.assignedTo, seats) : '';
  return `${asked}; ${trouble || `${task.assignedTo?.name ?? 'nobody'} has not taken them up yet`}.`;
}

function whyNotMerged({ review }: Task, { pull }: Surroundings): string {
  const approved = review ? `Approved by ${review.by.name}` : 'Approved';
  if (!pull) {
    return `${approved}; there is no pull request to merge yet.`;
  }
  if (pull.state === 'open' && pull.mergeability.state === 'conflict') {
    return `${approved}, but #${pull.number} conflicts with ${pull.base}.`;
  }
  return `${approved}; #${pull.number} waits to be merged.`;
}

const withConflict = (sentence: string, { conflicts }: Surroundings): string => {
  const met = certainConflict(conflicts);
  return met ? `${sentence} It ${met}.` : sentence;
};

/** Whose work it meets for certain, to go on in a sentence; what is only said to be touched keeps nobody. */
function certainConflict(conflicts: Surroundings['conflicts']): string {
  const worst = conflicts[0];
  if (!worst || worst.kind === 'claimed') {
    return '';
  }
  const numbers = conflicts.filter(({ kind }) => kind === worst.kind).map(({ other }) => `${other.number}`);
  return `${CONFLICT_WORDS[worst.kind]} ${numbers.length === 1 ? 'task' : 'tasks'} ${listed(numbers)}`;
}

/** What keeps an agent from working, to go on in a sentence; empty if nothing does. */
function stateOfAgent(
  { id, name }: { readonly id: string | null; readonly name: string },
  seats: Surroundings['seats'],
): string {
  const seat = seats.find((one) => one.id === id);
  if (!seat) {
    return `${name} has no seat here any more`;
  }
  if (seat.presence === 'offline') {
    return `${name} is offline`;
  }
  if (!seat.answers) {
    return `${name} looks online and does not answer`;
  }
  return seat.agent?.status === 'error' ? `${name} reports a problem` : '';
}

const holderOf = ({ lease, assignedTo }: Task): string => (lease?.holder ?? assignedTo)?.name ?? 'Nobody';
const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
