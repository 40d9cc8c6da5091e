import type { RoomRole } from '@clawtank/contracts';
import { Refusal } from '../../platform/errors/refusal.js';
import { standsAbove } from '../domain/permissions.js';

/** Requires that one may act upon the other: those who stand level or higher are out of reach. */
export function requireAbove(one: { readonly role: RoomRole }, other: { readonly role: RoomRole }): void {
  if (other.role === 'host') {
    throw new Refusal('host_must_stay', 'The host cannot be removed, banned, muted or given another role');
  }
  if (!standsAbove(one, other)) {
    throw new Refusal('forbidden', 'Only somebody who stands above a member may do this; ask the host');
  }
}
