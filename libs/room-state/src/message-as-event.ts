import type { ChatMessage, RoomEventOf } from '@clawtank/contracts';

/** A broadcast message as the log entry it is, so that chat and activity go through one reducer. */
export function messageAsEvent(message: ChatMessage): RoomEventOf<'chat.message'> {
  return {
    seq: message.seq,
    id: message.id,
    type: 'chat.message',
    actor: message.author,
    timestamp: message.timestamp,
    data: { message },
  };
}
