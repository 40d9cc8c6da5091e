import {
  ACKNOWLEDGE_WITHIN_MS,
  type Member,
  type PresenceStatus,
  type PullRequest,
  type RoomMoment,
  type Task,
} from '@clawtank/contracts';
import type { AgentRing } from '../../shared/avatar/avatar';

/** A seat of the room with what is known of whoever sits there right now. */
export interface Seat extends Member {
  readonly presence: PresenceStatus;
  readonly lastSeenAt: string | null;
  /** False for an agent that is connected and has not answered for what it was offered. */
  readonly answers: boolean;
  /** What an agent's ring tells; without meaning for people. */
  readonly ring: AgentRing;
}

/**
 * The seats with what is known of this moment. `waitingAgents` have work that the reader could merge; `askingAgents` cannot go on
 * without the reader's leave; `silentAgents` were offered work and do not answer; `holdingAgents` hold a task, whatever they say of
 * themselves. People first, those who are here before those who are not, otherwise in
 * order of arrival.
 */
export function seatsOf(
  members: readonly Member[],
  presence: RoomMoment['presence'],
  waitingAgents: ReadonlySet<string>,
  askingAgents: ReadonlySet<string> = new Set(),
  silentAgents: ReadonlySet<string> = new Set(),
  holdingAgents: ReadonlySet<string> = new Set(),
): Seat[] {
  const seats = members.map((member): Seat => {
    const { status, lastSeenAt } = presence[member.id] ?? { status: 'offline' as const, lastSeenAt: null };
    const answers = status === 'offline' || !silentAgents.has(member.id);
    const ring = answers ? ringOf(member, status, waitingAgents, askingAgents, holdingAgents) : 'silent';
    return { ...member, presence: status, lastSeenAt, answers, ring };
  });
  return seats.sort((a, b) => rankOf(a) - rankOf(b));
}

/** The agents that were offered work at least ten seconds ago and have not said that they take it. */
export function silentAgents(tasks: readonly Task[], now: number): Set<string> {
  const unanswered = tasks.filter(
    ({ receipt }) => receipt?.acknowledgedAt === null && now - Date.parse(receipt.offeredAt) >= ACKNOWLEDGE_WITHIN_MS,
  );
  return new Set(unanswered.flatMap(({ assignedTo }) => assignedTo?.id ?? []));
}

/** The pull requests that wait for the reader: open, clean, and the reader may merge. */
export function waitingPulls(pullRequests: readonly PullRequest[], mayMerge: boolean): PullRequest[] {
  return mayMerge
    ? pullRequests.filter(({ state, mergeability }) => state === 'open' && mergeability.state === 'clean')
    : [];
}

function ringOf(
  { id, type, agent }: Member,
  presence: PresenceStatus,
  waitingAgents: ReadonlySet<string>,
  askingAgents: ReadonlySet<string>,
  holdingAgents: ReadonlySet<string>,
): AgentRing {
  if (type === 'human') {
    return 'idle';
  }
  if (presence === 'offline') {
    return 'disconnected';
  }
  if (askingAgents.has(id)) {
    return 'waiting';
  }
  if (agent?.status === 'error') {
    return 'silent';
  }
  if (agent?.status === 'working' || holdingAgents.has(id)) {
    return 'busy';
  }
  if (waitingAgents.has(id)) {
    return 'waiting';
  }
  return 'idle';
}

const rankOf = ({ type, presence }: Seat): number => (type === 'human' ? 0 : 2) + (presence === 'offline' ? 1 : 0);
