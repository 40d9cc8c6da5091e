import type { Ability } from '@clawtank/contracts';
import type { RoomStore } from '../state/room-store';

const ALSO_IN_ARCHIVED: readonly Ability[] = ['archive_room', 'transfer_room', 'delete_room', 'export_room'];

/** Why the reader may not do something here, in a sentence or two; empty if they may. The server decides, this explains. */
export function whyNot(store: RoomStore, ability: Ability): string {
  if (store.can(ability)) {
    return '';
  }
  const host = store.seats().find(({ role }) => role === 'host');
  if (store.state()?.room.archivedAt && !ALSO_IN_ARCHIVED.includes(ability)) {
    return 'This room is archived: nothing in it changes until it is opened again.';
  }
  return host ? `You cannot change this. Ask ${host.name}, who hosts the room.` : 'You cannot change this.';
}
