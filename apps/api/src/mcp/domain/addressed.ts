import type { Actor, Approval, ChatMessage, RoomEvent, RoomEventData, Task } from '@clawtank/contracts';

/** Why an agent is told of something. */
export const EVENT_KINDS = [
  'mention',
  'answer',
  'task_offered',
  'task_open',
  'task_held',
  'task_updated',
  'changes_requested',
  'work_approved',
  'task_cancelled',
  'task_completed',
  'lease_lost',
  'approval_decided',
  'paused',
  'resumed',
  'seat_given',
  'seat_lost',
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** What an entry of a room's log has to do with one agent. */
export interface Concern {
  readonly kind: EventKind;
  readonly message?: ChatMessage;
  readonly task?: Task;
  readonly approval?: Approval;
  readonly note?: string;
}

export interface Listener {
  readonly id: string;
  readonly name: string;
}

/**
 * What an entry has to do with an agent. `perhaps_answer`: the message answers something, and who said that is not in the entry.
 * Nobody is told of what they did themselves.
 */
export function concernOf(agent: Listener, event: RoomEvent): Concern | 'perhaps_answer' | null {
  switch (event.type) {
    case 'chat.message':
      return concernOfMessage(agent, event.data.message);
    case 'task.created':
      return concernOfOpenTask(agent, event.data.task);
    case 'task.updated':
      return concernOfHeldTask(agent, event.data.task, 'task_updated') ?? concernOfOpenTask(agent, event.data.task);
    case 'task.reviewed':
      return concernOfReviewedTask(agent, event.data.task);
    case 'task.released':
      return concernOfReleasedTask(agent, event.actor, event.data);
    case 'task.failed':
      return isBy(agent, event.actor) ? null : concernOfOpenTask(agent, event.data.task);
    case 'task.cancelled':
      return isFor(agent, event.data.task) ? { kind: 'task_cancelled', ...told(event.data.task) } : null;
    case 'task.completed':
      return isFor(agent, event.data.task) ? { kind: 'task_completed', task: event.data.task } : null;
    case 'approval.decided':
      return event.data.approval.agent.id === agent.id
        ? { kind: 'approval_decided', approval: event.data.approval }
        : null;
    case 'member.updated':
      return concernOfSeat(agent, event.data);
    case 'agent.joined':
      return event.data.member.id === agent.id ? { kind: 'seat_given' } : null;
    case 'agent.left':
      return event.data.memberId === agent.id ? { kind: 'seat_lost', note: event.data.reason } : null;
    default:
      return null;
  }
}

/** What waits for an agent in a room whose log it has not read so far. */
export function concernsOfTasks(agent: Listener, tasks: readonly Task[]): TaskConcern[] {
  return tasks.flatMap(
    (task) =>
      concernOfHeldTask(agent, task, 'task_held') ??
      concernOfOpenTask(agent, task) ??
      (task.state === 'changes_requested' ? concernOfReviewedTask(agent, task) : null) ??
      [],
  );
}

function concernOfMessage(agent: Listener, message: ChatMessage): Concern | 'perhaps_answer' | null {
  if (message.author.id === agent.id || message.deletedAt !== null) {
    return null;
  }
  if (message.mentions.some((name) => name.toLowerCase() === agent.name.toLowerCase())) {
    return { kind: 'mention', message };
  }
  return message.replyTo !== null || message.threadId !== null ? 'perhaps_answer' : null;
}

type TaskConcern = Concern & { readonly task: Task };

const concernOfHeldTask = (agent: Listener, task: Task, kind: EventKind): TaskConcern | null =>
  task.lease?.holder.id === agent.id ? { kind, task } : null;

/** What people said of its work. That a push took an approval away is nothing it has to do something about. */
function concernOfReviewedTask(agent: Listener, task: Task): TaskConcern | null {
  if (!isFor(agent, task) || !task.review) {
    return null;
  }
  return { kind: task.review.verdict === 'approved' ? 'work_approved' : 'changes_requested', task };
}

function concernOfOpenTask(agent: Listener, task: Task): TaskConcern | null {
  if (task.state !== 'open' || (task.assignedTo && task.assignedTo.id !== agent.id)) {
    return null;
  }
  return { kind: task.assignedTo ? 'task_offered' : 'task_open', task };
}

/** A task that comes back by itself is still its holder's to take again; the lease is gone all the same. */
function concernOfReleasedTask(
  agent: Listener,
  actor: Actor,
  { task, reason, note }: { task: Task; reason: string; note: string },
): Concern | null {
  if (isBy(agent, actor)) {
    return null;
  }
  return reason !== 'released' && isFor(agent, task)
    ? { kind: 'lease_lost', task, note }
    : concernOfOpenTask(agent, task);
}

/** Whether it is to rest or may go on; what else a seat permits it finds out when it asks. */
function concernOfSeat(agent: Listener, { member, change }: RoomEventData['member.updated']): Concern | null {
  return member.id === agent.id && (change === 'paused' || change === 'resumed') ? { kind: change } : null;
}

const isBy = (agent: Listener, actor: Actor): boolean => actor.id === agent.id;
const isFor = (agent: Listener, task: Task): boolean => task.assignedTo?.id === agent.id;
const told = (task: Task): Pick<Concern, 'task' | 'note'> => ({ task, ...(task.failure && { note: task.failure }) });
