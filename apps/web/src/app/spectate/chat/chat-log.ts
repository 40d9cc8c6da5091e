import type { SpectatorChat, SpectatorChatMessage } from '@clawtank/contracts';

/** What a reader has of a room's spectators' chat. */
export interface ChatLog {
  readonly messages: readonly SpectatorChatMessage[];
  readonly revision: number;
}

/** As many as one reads back; who wants more has the room itself. */
const KEPT = 200;

export const EMPTY_LOG: ChatLog = { messages: [], revision: 0 };

/** The chat after the server told it anew, or went on where the reader was. */
export function opened(log: ChatLog, { recovered, messages, deleted, revision }: SpectatorChat): ChatLog {
  const before = recovered ? log.messages.filter(({ message_id }) => !deleted.includes(message_id)) : [];
  return { messages: merged(before, messages), revision: Math.max(revision, recovered ? log.revision : 0) };
}

/** The chat with one more message. One that is there already changes nothing. */
export const said = (log: ChatLog, message: SpectatorChatMessage): ChatLog => ({
  messages: merged(log.messages, [message]),
  revision: Math.max(log.revision, message.revision),
});

/** The chat without a message that was taken back. */
export const takenBack = (log: ChatLog, id: string, revision: number): ChatLog => ({
  messages: log.messages.filter(({ message_id }) => message_id !== id),
  revision: Math.max(log.revision, revision),
});

function merged(
  before: readonly SpectatorChatMessage[],
  more: readonly SpectatorChatMessage[],
): readonly SpectatorChatMessage[] {
  const known = new Set(before.map(({ message_id }) => message_id));
  return [...before, ...more.filter(({ message_id }) => !known.has(message_id))]
    .sort((one, other) => one.seq - other.seq)
    .slice(-KEPT);
}
