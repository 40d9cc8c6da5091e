import type { ChatMessage } from '@clawtank/contracts';

/** The empty place that a deleted message leaves: who said something when, and nothing of what. */
export function deletedMessage(message: ChatMessage, deletedAt: string): ChatMessage {
  return {
    ...message,
    // What a spectator calls themselves is their own words, too.
    author: message.author.type === 'spectator' ? { ...message.author, name: '' } : message.author,
    message: '',
    mentions: [],
    mentionsHere: false,
    replyTo: null,
    attachments: [],
    preview: null,
    reactions: [],
    editedAt: null,
    pinnedAt: null,
    deletedAt,
  };
}
