import type { Notification } from '@clawtank/contracts';

/** What happened, in a sentence that names who did it and where. */
export function headlineOf({ kind, actor, room }: Pick<Notification, 'kind' | 'actor' | 'room'>): string {
  switch (kind) {
    case 'mention':
      return `${actor.name} mentioned you in ${room.name}`;
    case 'here':
      return `${actor.name} called everybody in ${room.name}`;
    case 'reply':
      return `${actor.name} answered you in ${room.name}`;
    case 'direct_message':
      return `${actor.name} wrote to you`;
    case 'invitation':
      return `${actor.name} invites you to ${room.name}`;
    case 'message':
      return `${actor.name} wrote in ${room.name}`;
  }
}

/** Where the thing itself is. */
export function addressOf({ kind, actor, room, seq }: Notification): string {
  switch (kind) {
    case 'direct_message':
      return `/rooms/${room.id}/direct/${actor.id}`;
    case 'invitation':
      return '/notifications';
    default:
      return seq === null ? `/rooms/${room.id}` : `/rooms/${room.id}?message=${seq}`;
  }
}
