import type { ChatMessage } from '@clawtank/contracts';

type SaidByEach = 'type' | 'id' | 'roomId' | 'seq' | 'userId' | 'author' | 'message' | 'timestamp';

/** What most messages have in common: nothing, where it is a list. */
export const USUAL_MESSAGE: Readonly<Omit<ChatMessage, SaidByEach>> = {
  promotedBy: null,
  spectatorMessageId: null,
  mentions: [],
  mentionsHere: false,
  visibility: 'public',
  trust: 'member',
  replyTo: null,
  threadId: null,
  thread: null,
  attachments: [],
  preview: null,
  reactions: [],
  clientMessageId: null,
  editedAt: null,
  deletedAt: null,
  pinnedAt: null,
};
