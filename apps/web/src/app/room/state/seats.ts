import type { Member, PresenceStatus, PullRequest, RoomMoment } from '@clawtank/contracts';
import type { AgentRing } from '../../shared/avatar/avatar';

/** A seat of the room with what is known of whoever sits there right now. */
export interface Seat extends Member {
  readonly presence: PresenceStatus;
  readonly lastSeenAt: string | null;
  /** What an agent's ring tells; without meaning for people. */
  readonly ring: AgentRing;
}

/** People first, those who are here before those who are not, otherwise in order of arrival. */
export function seatsOf(
  members: readonly Member[],
  presence: RoomMoment['presence'],
  waitingAuthors: ReadonlySet<string>,
): Seat[] {
  const seats = members.map((member): Seat => {
    const { status, lastSeenAt } = presence[member.id] ?? { status: 'offline' as const, lastSeenAt: null };
    return { ...member, presence: status, lastSeenAt, ring: ringOf(member, status, waitingAuthors) };
  });
  return seats.sort((a, b) => rankOf(a) - rankOf(b));
}

/** The pull requests that wait for the reader: open, clean, and the reader may merge. */
export function waitingPulls(pullRequests: readonly PullRequest[], mayMerge: boolean): PullRequest[] {
  return mayMerge
    ? pullRequests.filter(({ state, mergeability }) => state === 'open' && mergeability.state === 'clean')
    : [];
}

function ringOf({ id, type, agent }: Member, presence: PresenceStatus, waitingAuthors: ReadonlySet<string>): AgentRing {
  if (type === 'human') {
    return 'idle';
  }
  if (presence === 'offline') {
    return 'disconnected';
  }
  if (agent?.status === 'working') {
    return 'busy';
  }
  if (waitingAuthors.has(id)) {
    return 'waiting';
  }
  return agent?.status === 'error' ? 'silent' : 'idle';
}

const rankOf = ({ type, presence }: Seat): number => (type === 'human' ? 0 : 2) + (presence === 'offline' ? 1 : 0);
