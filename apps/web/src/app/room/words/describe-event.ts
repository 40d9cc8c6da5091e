import type {
  ActivityItem,
  Actor,
  Approval,
  PullRequest,
  Push,
  RoomEventOf,
  Task,
  TaskConflict,
} from '@clawtank/contracts';
import { pathsInWords } from './paths-in-words';
import type { Tone } from '../../shared/badge';

export type EventIcon =
  | 'room'
  | 'person'
  | 'agent'
  | 'asked'
  | 'working'
  | 'handed-in'
  | 'done'
  | 'stopped'
  | 'failed'
  | 'commit'
  | 'pull'
  | 'merged'
  | 'closed'
  | 'issue'
  | 'xp';

/** What an event is about, if that can be opened. */
export type EventObject =
  | { readonly kind: 'task'; readonly number: number; readonly title: string }
  | { readonly kind: 'pull'; readonly number: number; readonly title: string }
  | { readonly kind: 'branch'; readonly name: string };

/** An event as a sentence: who, did what, to what; and what else there is to say. */
export interface EventWords {
  readonly icon: EventIcon;
  readonly tone: Tone;
  /** Null for what happened by itself. */
  readonly actor: Actor | null;
  readonly deed: string;
  readonly object: EventObject | null;
  readonly note: string;
}

const words = (
  icon: EventIcon,
  tone: Tone,
  actor: Actor | null,
  deed: string,
  object: EventObject | null = null,
  note = '',
): EventWords => ({ icon, tone, actor, deed, object, note });

/** What an entry of the room's log says to a reader. */
export function describeEvent(event: ActivityItem): EventWords {
  switch (event.type) {
    case 'room.created':
      return words('room', 'neutral', event.actor, 'made the room');
    case 'room.updated':
      return words('room', 'neutral', event.actor, 'changed the room’s settings');
    case 'git.connected':
      return words('commit', 'violet', null, 'The repository is ready');
    case 'git.disconnected':
      return words('commit', 'violet', event.actor, 'disconnected a repository');
    case 'git.commit':
      return describePush(event.actor, event.data.push);
    case 'member.joined':
    case 'member.left':
    case 'member.updated':
    case 'agent.joined':
    case 'agent.left':
    case 'agent.status_change':
    case 'agent.held_back':
      return describeSeat(event);
    case 'git.pr_opened':
    case 'git.pr_updated':
    case 'git.pr_merged':
    case 'git.pr_closed':
      return describePull(event);
    case 'git.issue_opened':
    case 'git.issue_updated':
    case 'git.issue_closed':
      return describeIssue(event);
    case 'approval.requested':
    case 'approval.decided':
      return describeApproval(event.data.approval);
    case 'task.conflict':
      return describeConflict(event.data.conflict);
    case 'task.conflict_resolved':
      return words('done', 'neutral', null, `${bothTasks(event.data)} are in each other’s way no longer`);
    case 'xp.awarded':
      return words('xp', 'amber', person(event.data), `earned ${event.data.amount} XP`, null, event.data.reason);
    case 'xp.level_up':
      return words('xp', 'amber', person(event.data), `reached level ${event.data.level}`);
    default:
      return describeTask(event);
  }
}

type SeatEvent = RoomEventOf<
  | 'member.joined'
  | 'member.left'
  | 'member.updated'
  | 'agent.joined'
  | 'agent.left'
  | 'agent.status_change'
  | 'agent.held_back'
>;
type SeatItem = Extract<ActivityItem, { type: SeatEvent['type'] }>;
type PullItem = Extract<ActivityItem, { type: 'git.pr_opened' | 'git.pr_updated' | 'git.pr_merged' | 'git.pr_closed' }>;
type IssueItem = Extract<ActivityItem, { type: 'git.issue_opened' | 'git.issue_updated' | 'git.issue_closed' }>;
type TaskItem = Extract<ActivityItem, { data: { task: Task } }>;

const ISSUE_DEEDS = {
  'git.issue_opened': 'opened',
  'git.issue_updated': 'changed',
  'git.issue_closed': 'closed',
} as const;

const ISSUE_NEWS = {
  open: (number: number) => `Issue #${number} is open again:`,
  closed: (number: number) => `Issue #${number} was closed; still to be finished or called off:`,
  gone: (number: number) => `Issue #${number} was removed; still to be finished or called off:`,
} as const;

function describeIssue({ type, actor, data: { issue } }: IssueItem): EventWords {
  const deed = issue.state === 'gone' ? 'removed' : ISSUE_DEEDS[type];
  return words('issue', 'neutral', actor, `${deed} issue #${issue.number}`, null, issue.title);
}

const PERSON_LEFT = {
  left: 'left',
  removed: 'was removed',
  banned: 'was banned',
  account_closed: 'closed their account',
} as const;
const ROLES = { host: 'the host', moderator: 'a moderator', member: 'a member', guest: 'a guest' } as const;
const AGENT_LEFT = {
  left: 'was taken out by its owner',
  removed: 'was removed',
  banned: 'was banned with its owner',
  revoked: 'is out: its token was revoked',
  owner_left: 'left with its owner',
} as const;

const HELD_BACK = {
  mentions_per_hour:
    'was mentioned as often as it may be in an hour: mentions make no tasks and do not wake it for a while',
  agents_among_themselves: 'no longer reaches other agents: they talked among themselves until a person says something',
};

function describeSeat(event: SeatItem): EventWords {
  switch (event.type) {
    case 'member.joined':
      return words('person', 'neutral', memberActor(event.data.member), 'joined');
    case 'member.left':
      return words(
        'person',
        'neutral',
        person({ userId: event.data.memberId, name: event.data.name }),
        PERSON_LEFT[event.data.reason],
      );
    case 'member.updated': {
      const { member, change } = event.data;
      const what = {
        role: `is now ${ROLES[member.role]}`,
        muted: 'was muted',
        unmuted: 'may write again',
        paused: 'was told to rest',
        resumed: 'may go on',
        limited: 'has other limits now',
      }[change];
      return words('person', 'neutral', memberActor(member), what);
    }
    case 'agent.joined': {
      const { member } = event.data;
      return words('agent', 'teal', memberActor(member), `joined, brought by ${member.ownerName ?? 'its owner'}`);
    }
    case 'agent.left':
      return words('agent', 'teal', agent(event.data), AGENT_LEFT[event.data.reason]);
    case 'agent.status_change': {
      const { status, currentTask } = event.data.state;
      const deed = { working: 'is at work', idle: 'is idle', error: 'reports a problem' }[status];
      return words(
        status === 'error' ? 'failed' : 'agent',
        status === 'error' ? 'danger' : 'teal',
        agent(event.data),
        deed,
        null,
        currentTask ?? '',
      );
    }
    case 'agent.held_back':
      return words('agent', 'neutral', agent(event.data), HELD_BACK[event.data.reason]);
  }
}

function describePull({ type, actor, data: { pullRequest } }: PullItem): EventWords {
  const object = pull(pullRequest);
  switch (type) {
    case 'git.pr_opened':
      return words(
        'pull',
        'violet',
        pullRequest.author,
        'opened',
        object,
        `+${pullRequest.additions} −${pullRequest.deletions}`,
      );
    case 'git.pr_updated':
      if (actor.type === 'system' && pullRequest.autoMerge?.state === 'refused') {
        return words('pull', 'violet', null, 'Not merged by itself yet:', object);
      }
      return words(
        'pull',
        'violet',
        actor.type === 'webhook' ? null : actor,
        actor.type === 'webhook' ? 'Updated' : 'updated',
        object,
      );
    case 'git.pr_merged':
      if (pullRequest.autoMerge?.state === 'merged') {
        const { approvedBy } = pullRequest.autoMerge;
        return words('merged', 'violet', null, `Merged by itself, as ${approvedBy.name} had approved it:`, object);
      }
      return words('merged', 'violet', pullRequest.mergedBy ?? actor, 'merged', object);
    case 'git.pr_closed':
      return words('closed', 'neutral', actor, 'closed', object);
  }
}

function describeTask({ type, actor, data }: TaskItem): EventWords {
  const { task } = data;
  const object: EventObject = { kind: 'task', number: task.number, title: task.title };
  switch (type) {
    case 'task.created':
      return words(
        'asked',
        'neutral',
        task.createdBy,
        task.assignedTo ? `asked ${task.assignedTo.name} for` : 'wants',
        object,
      );
    case 'agent.claimed_task':
      return words('working', 'teal', actor, 'claimed', object);
    case 'task.progressed':
      return actor.type === 'agent'
        ? words('working', 'teal', actor, 'is working on', object, progressOf(task))
        : words('handed-in', 'neutral', null, task.state === 'in_review' ? 'Waits for review:' : 'Changed:', object);
    case 'task.submitted':
      return words('handed-in', 'teal', actor, 'handed in', object);
    case 'task.released':
      if (data.reason === 'room_archived') {
        return words('stopped', 'neutral', null, 'Given back, as the room was archived:', object);
      }
      if (data.reason === 'agent_paused') {
        return words('stopped', 'neutral', null, 'Waits, as its agent was told to rest:', object);
      }
      return data.reason === 'lease_expired'
        ? words('stopped', 'neutral', null, 'Open again, as nobody was heard from:', object)
        : words('stopped', 'neutral', actor, 'gave back', object, data.note);
    case 'task.failed':
      return words('failed', 'danger', actor, 'could not do', object, task.failure ?? '');
    case 'task.updated':
      if ('issue' in data && data.issue) {
        return words('issue', 'neutral', null, ISSUE_NEWS[data.issue](task.issue?.number ?? 0), object);
      }
      return words('asked', 'neutral', actor, 'changed', object);
    case 'task.reviewed':
      return describeReview(actor, task, object);
    case 'task.cancelled':
      return words('stopped', 'neutral', actor, 'called off', object);
    case 'task.redacted':
      return words('stopped', 'neutral', null, 'What was asked was taken back:', object);
    case 'task.completed':
      return task.assignedTo
        ? words('done', 'good', task.assignedTo, 'finished', object)
        : words('done', 'good', null, 'Done:', object);
  }
}

const bothTasks = ({ tasks: [one, other] }: Pick<TaskConflict, 'tasks'>): string =>
  `Tasks ${one.number} and ${other.number}`;

function describeConflict(conflict: TaskConflict): EventWords {
  const deed = {
    claimed: 'may touch the same files',
    touched: 'change the same files',
    unmergeable: 'do not merge with each other',
  }[conflict.kind];
  return words('failed', 'amber', null, `${bothTasks(conflict)} ${deed}`, null, pathsInWords(conflict));
}

function describeReview(actor: Actor, { review }: Task, object: EventObject): EventWords {
  if (!review) {
    return words('handed-in', 'neutral', null, 'Changed since it was approved:', object);
  }
  return review.verdict === 'approved'
    ? words('done', 'good', actor, 'approved', object, review.comment)
    : words('asked', 'amber', actor, 'asked for changes in', object, review.comment);
}

function describeApproval({ state, agent, decidedBy, taskNumber: number, title, note }: Approval): EventWords {
  const object: EventObject = { kind: 'task', number, title };
  switch (state) {
    case 'approved':
      return words('done', 'good', decidedBy, `allowed ${agent.name}`, object, note);
    case 'rejected':
      return words('stopped', 'danger', decidedBy, `refused ${agent.name}`, object, note);
    case 'withdrawn':
      return words('done', 'neutral', agent, 'needs leave no longer:', object);
    default:
      return words('asked', 'amber', agent, 'asks for leave:', object);
  }
}

function describePush(actor: Actor, { branch, after, commits, totalCommits }: Push): EventWords {
  const object: EventObject = { kind: 'branch', name: branch };
  if (after === null) {
    return words('commit', 'violet', actor, 'deleted the branch', object);
  }
  if (totalCommits === 0) {
    return words('commit', 'violet', actor, 'made the branch', object);
  }
  const deed = totalCommits === 1 ? 'pushed a commit to' : `pushed ${totalCommits} commits to`;
  return words('commit', 'violet', actor, deed, object, commits.at(-1)?.message.split('\n', 1)[0] ?? '');
}

function progressOf({ progress }: Task): string {
  if (!progress) {
    return '';
  }
  return progress.percent === null ? progress.note : `${progress.note} · ${progress.percent}\u00a0%`;
}

const pull = ({ number, title }: PullRequest): EventObject => ({ kind: 'pull', number, title });
const person = ({ userId, name }: { userId: string; name: string }): Actor => ({ type: 'human', id: userId, name });
const agent = ({ memberId, name }: { memberId: string; name: string }): Actor => ({
  type: 'agent',
  id: memberId,
  name,
});
const memberActor = ({ type, id, name }: { type: 'human' | 'agent'; id: string; name: string }): Actor => ({
  type,
  id,
  name,
});
