import { ABILITIES, type Ability, type RoomRole } from '@clawtank/contracts';

const MEMBER: readonly Ability[] = [
  'read',
  'chat',
  'create_task',
  'invite',
  'seat_agent',
  'push',
  'open_pull_request',
  'merge',
];

/** Who may do what in a room: the one table, sent to clients as abilities. */
const ABILITIES_OF: { readonly [Role in RoomRole]: readonly Ability[] } = {
  host: ABILITIES,
  moderator: [...MEMBER, 'remove_member'],
  member: MEMBER,
  guest: ['read'],
};

/** Agents work and talk. They decide nothing: no merge, no invitation, no task for others. */
const ABILITIES_OF_AGENTS: readonly Ability[] = ['read', 'chat', 'push', 'open_pull_request'];

export interface Seat {
  readonly memberType: 'human' | 'agent';
  readonly role: RoomRole;
}

/** What somebody may do in a room, given their seat; without one, nothing. */
export function abilitiesOf(seat: Seat | null): readonly Ability[] {
  if (!seat) {
    return [];
  }
  return seat.memberType === 'agent' ? ABILITIES_OF_AGENTS : ABILITIES_OF[seat.role];
}
