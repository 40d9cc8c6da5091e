import { AGENT_DEEDS, type AgentDeed, type RoomEventData } from '@clawtank/contracts';

/** Whose deed an `entry` of the log is, and which entries are deeds: in the words of the index `room_events_deeds_idx`. */
export const DOER = `coalesce(entry.payload #>> '{task,assignedTo,id}', entry.payload #>> '{approval,agent,id}', entry.actor_id::text)`;
export const IS_DEED = `entry.type IN (${AGENT_DEEDS.map((type) => `'${type}'`).join(', ')})`;

/** What the log keeps of a deed. */
export type DeedPayload = RoomEventData[AgentDeed['type']];

/** Why a task was released, what a review said, or what was decided; null for what has one outcome only. */
export function outcomeOf(type: AgentDeed['type'], payload: DeedPayload): AgentDeed['outcome'] {
  if ('approval' in payload) {
    return type === 'approval.decided' ? payload.approval.state : null;
  }
  if ('reason' in payload) {
    return payload.reason;
  }
  return type === 'task.reviewed' ? (payload.task.review?.verdict ?? null) : null;
}

/** The words that belong to a deed. */
export function noteOf(type: AgentDeed['type'], payload: DeedPayload): string {
  if ('approval' in payload) {
    return payload.approval.title;
  }
  if ('reason' in payload) {
    return payload.note;
  }
  const { failure, review } = payload.task;
  switch (type) {
    case 'task.failed':
    case 'task.cancelled':
      return failure ?? '';
    case 'task.reviewed':
      return review?.comment ?? '';
    default:
      return '';
  }
}

export function pullRequestOf(payload: DeedPayload): number | null {
  return 'task' in payload ? payload.task.pullRequest : null;
}
