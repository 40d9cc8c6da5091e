import type { ChatMessage, RoomEvent } from '@clawtank/contracts';
import { deletedMessage } from './deleted-message.js';

type ChatEvent = Extract<RoomEvent, { type: `chat.${string}` }>;

/** Messages, oldest first, after something was said or happened to one of them; what is not among them stays unknown. */
export function withChatEvent(messages: readonly ChatMessage[], event: ChatEvent): ChatMessage[] {
  switch (event.type) {
    case 'chat.message':
      return [...withReply(messages, event.data.message), event.data.message];
    case 'chat.edited':
      return changed(messages, event.data.message.id, ({ addressed }) => ({
        ...event.data.message,
        ...(addressed !== undefined && { addressed }), // whom it was meant for is settled when it is said
      }));
    case 'chat.deleted': {
      const { messageId, threadId, thread } = event.data;
      const left = changed(messages, messageId, (message) => deletedMessage(message, event.timestamp));
      return threadId === null ? left : changed(left, threadId, (root) => ({ ...root, thread }));
    }
    case 'chat.reacted':
      return changed(messages, event.data.messageId, (message) => ({ ...message, reactions: event.data.reactions }));
    case 'chat.previewed':
      return changed(messages, event.data.messageId, (message) => ({ ...message, preview: event.data.preview }));
    case 'chat.pinned':
      return changed(messages, event.data.messageId, (message) => ({ ...message, pinnedAt: event.data.pinnedAt }));
    case 'chat.unpinned':
      return changed(messages, event.data.messageId, (message) => ({ ...message, pinnedAt: null }));
  }
}

function changed(
  messages: readonly ChatMessage[],
  id: string,
  change: (message: ChatMessage) => ChatMessage,
): ChatMessage[] {
  return messages.map((message) => (message.id === id ? change(message) : message));
}

/** A reply counts for the message whose thread it belongs to. */
function withReply(messages: readonly ChatMessage[], { threadId, timestamp }: ChatMessage): readonly ChatMessage[] {
  return threadId === null
    ? messages
    : changed(messages, threadId, (root) => ({
        ...root,
        thread: { replies: (root.thread?.replies ?? 0) + 1, lastReplyAt: timestamp },
      }));
}
