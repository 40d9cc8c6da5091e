import type { Actor, AddressKind, ChatMessage, RoomEvent, RoomEventData, Task } from '@clawtank/contracts';

/** An agent with a seat in the room. */
export interface Addressee {
  readonly id: string;
  readonly name: string;
}

/** An agent that an entry is meant for, and why. */
export interface Address {
  readonly agentId: string;
  readonly kind: AddressKind;
}

/** What has to be looked up before it is known whom an entry addresses. */
export interface Wanted {
  /** The agents that have a seat: it names some, or is for all of them. */
  readonly agents: boolean;
  /** Which agents said what the message answers, or something in its thread. */
  readonly answered: boolean;
}

/** What is asked for an entry. For most, nothing: they can address nobody, or say by id whom. */
export function wantedFor(event: RoomEvent): Wanted {
  if (event.type === 'chat.message') {
    const { mentions, mentionsHere, replyTo, threadId } = event.data.message;
    const answered = replyTo !== null || threadId !== null;
    return { agents: answered || mentionsHere || mentions.length > 0, answered };
  }
  const isForAll = 'task' in event.data || (event.type === 'room.updated' && event.data.change !== undefined);
  return { agents: isForAll, answered: false };
}

/**
 * Whom an entry of a room's log is meant for among the agents that have a seat in it: who is named, answered or called, whose task it
 * is about, whose request was decided, who is to rest. Nobody is told of what they did themselves.
 */
export function addressesOf(
  event: RoomEvent,
  agents: readonly Addressee[],
  answered: ReadonlySet<string>,
): readonly Address[] {
  switch (event.type) {
    case 'approval.decided':
      return event.data.approval.state === 'withdrawn'
        ? []
        : [{ agentId: event.data.approval.agent.id ?? '', kind: 'approval_decided' }];
    case 'member.updated':
      return addressesOfSeat(event.data);
    case 'agent.joined':
      return [{ agentId: event.data.member.id, kind: 'seat_given' }];
    case 'agent.left':
      return [{ agentId: event.data.memberId, kind: 'seat_lost' }];
    default:
      return agents.flatMap((agent) => {
        const kind = kindFor(agent, event, answered);
        return kind ? { agentId: agent.id, kind } : [];
      });
  }
}

/** Why a task waits for an agent as it stands; null if it does not. */
export function waitingAs(agent: Addressee, task: Task): AddressKind | null {
  return kindOfOpenTask(agent, task) ?? (task.state === 'changes_requested' ? kindOfReview(agent, task) : null);
}

function kindFor(agent: Addressee, event: RoomEvent, answered: ReadonlySet<string>): AddressKind | null {
  switch (event.type) {
    case 'chat.message':
      return kindOfMessage(agent, event.data.message, answered);
    case 'room.updated':
      return event.data.change ? (event.data.change === 'agents_paused' ? 'paused' : 'resumed') : null;
    case 'task.created':
      return kindOfOpenTask(agent, event.data.task);
    case 'task.updated':
      return holds(agent, event.data.task) ? 'task_updated' : kindOfOpenTask(agent, event.data.task);
    case 'task.reviewed':
      return kindOfReview(agent, event.data.task);
    case 'task.released':
      return kindOfRelease(agent, event.actor, event.data);
    case 'task.failed':
      return isBy(agent, event.actor) ? null : kindOfOpenTask(agent, event.data.task);
    case 'task.cancelled':
      return isFor(agent, event.data.task) ? 'task_cancelled' : null;
    case 'task.completed':
      return isFor(agent, event.data.task) ? 'task_completed' : null;
    default:
      return null;
  }
}

function kindOfMessage(agent: Addressee, message: ChatMessage, answered: ReadonlySet<string>): AddressKind | null {
  if (message.author.id === agent.id || message.deletedAt !== null) {
    return null;
  }
  if (message.mentions.some((name) => name.toLowerCase() === agent.name.toLowerCase())) {
    return 'mention';
  }
  return answered.has(agent.id) ? 'answer' : message.mentionsHere ? 'here' : null;
}

/** What people said of its work. That a push took an approval away is nothing it has to do something about. */
function kindOfReview(agent: Addressee, task: Task): AddressKind | null {
  if (!isFor(agent, task) || !task.review) {
    return null;
  }
  return task.review.verdict === 'approved' ? 'work_approved' : 'changes_requested';
}

function kindOfOpenTask(agent: Addressee, task: Task): AddressKind | null {
  if (task.state !== 'open' || (task.assignedTo && task.assignedTo.id !== agent.id)) {
    return null;
  }
  return task.assignedTo ? 'task_offered' : 'task_open';
}

/** A task that comes back by itself is still its holder's to take again; the lease is gone all the same. */
function kindOfRelease(
  agent: Addressee,
  actor: Actor,
  { task, reason }: RoomEventData['task.released'],
): AddressKind | null {
  if (isBy(agent, actor)) {
    return null;
  }
  return reason !== 'released' && isFor(agent, task) ? 'lease_lost' : kindOfOpenTask(agent, task);
}

/** Whether an agent is to rest or may go on; what else a seat permits it finds out when it asks. */
function addressesOfSeat({ member, change }: RoomEventData['member.updated']): Address[] {
  return member.type === 'agent' && (change === 'paused' || change === 'resumed')
    ? [{ agentId: member.id, kind: change }]
    : [];
}

const isBy = (agent: Addressee, actor: Actor): boolean => actor.id === agent.id;
const isFor = (agent: Addressee, task: Task): boolean => task.assignedTo?.id === agent.id;
const holds = (agent: Addressee, task: Task): boolean => task.lease?.holder.id === agent.id;
