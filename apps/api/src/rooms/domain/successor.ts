import type { Member } from '@clawtank/contracts';
import { standsAbove } from './permissions.js';

/** Who takes a room over whose host is gone: of the people, whoever stands highest, and of those whoever came first. */
export function successorOf(membersByArrival: readonly Member[]): Member | null {
  return membersByArrival
    .filter(({ type }) => type === 'human')
    .reduce<Member | null>((best, member) => (best && !standsAbove(member, best) ? best : member), null);
}
