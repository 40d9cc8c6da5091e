import type { ChatMessage, RoomEvent } from '@clawtank/contracts';
import { withChatEvent } from '@clawtank/room-state';

type ChatEvent = Extract<RoomEvent, { type: `chat.${string}` }>;

/**
 * What happens to messages while a page of them is on its way: the page may have been read before it. Applied to the page
 * when it arrives, so that nothing that was deleted or edited meanwhile shows up as it was.
 */
export class MissedChanges {
  private readonly waiting = new Set<ChatEvent[]>();

  hear(event: RoomEvent): void {
    if (isChat(event)) {
      this.waiting.forEach((events) => events.push(event));
    }
  }

  /** Asks for messages and brings them up to date. */
  async reading(ask: () => Promise<readonly ChatMessage[]>): Promise<ChatMessage[]> {
    const events: ChatEvent[] = [];
    this.waiting.add(events);
    try {
      return events.reduce(withChange, [...(await ask())]);
    } finally {
      this.waiting.delete(events);
    }
  }
}

const isChat = (event: RoomEvent): event is ChatEvent => event.type.startsWith('chat.');

function withChange(messages: ChatMessage[], event: ChatEvent): ChatMessage[] {
  if (event.type !== 'chat.message') {
    return withChatEvent(messages, event);
  }
  // A reply counts once: not if the page already knew of it. The reply itself comes by the live list.
  const { threadId, timestamp } = event.data.message;
  const isKnown = messages.some(({ id, thread }) => id === threadId && thread && thread.lastReplyAt >= timestamp);
  return isKnown ? messages : withChatEvent(messages, event).filter(({ id }) => id !== event.id);
}
