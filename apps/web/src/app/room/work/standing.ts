import type { Member } from '@clawtank/contracts';

const RANK = { host: 3, moderator: 2, member: 1, guest: 0 } as const;

/** Whether the server would let one act upon the other. It decides; this only spares offering what would be refused. */
export const standsAbove = (one: Pick<Member, 'role'> | null, other: Pick<Member, 'role'>): boolean =>
  one !== null && RANK[one.role] > RANK[other.role];
