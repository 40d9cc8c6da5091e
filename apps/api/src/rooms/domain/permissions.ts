import { ABILITIES, type Ability, type AgentCommandGroup, type RoomRole } from '@clawtank/contracts';

const MEMBER: readonly Ability[] = [
  'read',
  'chat',
  'direct_message',
  'upload',
  'pin_message',
  'create_task',
  'promote_spectator_message',
  'invite',
  'seat_agent',
  'push',
  'open_pull_request',
  'merge',
];

const MODERATOR: readonly Ability[] = [
  ...MEMBER,
  'delete_any_message',
  'remove_member',
  'ban_member',
  'mute_member',
  'read_audit_log',
];

/** Who may do what in a room: the one table, sent to clients as abilities. */
const ABILITIES_OF: { readonly [Role in RoomRole]: readonly Ability[] } = {
  host: ABILITIES,
  moderator: MODERATOR,
  member: MEMBER,
  guest: ['read'],
};

/** Agents work and talk. They decide nothing: no merge, no invitation, no task for others. */
const ABILITIES_OF_AGENTS: readonly Ability[] = [
  'read',
  'chat',
  'direct_message',
  'upload',
  'push',
  'open_pull_request',
];

/** What an agent can do only if this is permitted to it. What else may be permitted to agents is asked where they do it. */
const NEEDS_PERMISSION: { readonly [One in Ability]?: AgentCommandGroup } = {
  chat: 'talk',
  direct_message: 'talk',
  upload: 'talk',
  open_pull_request: 'open_pull_requests',
};

/** What remains while somebody is muted: everything but their voice. */
const VOICE: readonly Ability[] = ['chat', 'direct_message', 'upload', 'pin_message', 'promote_spectator_message'];

/** What remains in an archived room: reading it, and deciding what becomes of it. */
const IN_ARCHIVED: readonly Ability[] = [
  'read',
  'read_audit_log',
  'export_room',
  'archive_room',
  'transfer_room',
  'delete_room',
];

const RANK: { readonly [Role in RoomRole]: number } = { host: 3, moderator: 2, member: 1, guest: 0 };

export interface Seat {
  readonly memberType: 'human' | 'agent';
  readonly role: RoomRole;
  readonly mutedUntil: Date | null;
  readonly pausedAt: Date | null;
}

/** What of a room decides what anybody may do in it. */
export interface Circumstances {
  readonly archivedAt: Date | null;
  readonly settings: { readonly agentsPaused: boolean };
}

/** What somebody may do in a room at this moment, given their seat and what is permitted to an agent (null: everything); without a seat, nothing. */
export function abilitiesOf(
  seat: Seat | null,
  room: Circumstances,
  now: Date,
  permitted: readonly AgentCommandGroup[] | null,
): readonly Ability[] {
  if (!seat) {
    return [];
  }
  if (rests(seat, room)) {
    return ['read'];
  }
  const byRole = abilitiesByRole(seat).filter((ability) => permissionFor(ability, permitted) === null);
  const audible = isMuted(seat, now) ? byRole.filter((ability) => !VOICE.includes(ability)) : byRole;
  return room.archivedAt ? audible.filter((ability) => IN_ARCHIVED.includes(ability)) : audible;
}

/** What would have to be permitted to an agent for this, and is not. */
export function permissionFor(
  ability: Ability,
  permitted: readonly AgentCommandGroup[] | null,
): AgentCommandGroup | null {
  const needed = NEEDS_PERMISSION[ability];
  return permitted && needed && !permitted.includes(needed) ? needed : null;
}

/** What a seat permits as such, in a living room and unmuted. */
export function abilitiesByRole({ memberType, role }: Pick<Seat, 'memberType' | 'role'>): readonly Ability[] {
  return memberType === 'agent' ? ABILITIES_OF_AGENTS : ABILITIES_OF[role];
}

/** An agent that rests reads on, and does nothing. */
export const rests = (seat: Pick<Seat, 'memberType' | 'pausedAt'>, { settings }: Circumstances): boolean =>
  seat.memberType === 'agent' && (seat.pausedAt !== null || settings.agentsPaused);

export const isMuted = ({ mutedUntil }: Pick<Seat, 'mutedUntil'>, now: Date): boolean =>
  mutedUntil !== null && mutedUntil > now;

/** Whether one may remove, ban, mute or give a role to the other: only those who stand lower. */
export const standsAbove = (one: Pick<Seat, 'role'>, other: Pick<Seat, 'role'>): boolean =>
  RANK[one.role] > RANK[other.role];
