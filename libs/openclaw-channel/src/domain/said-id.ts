import { createHash } from 'node:crypto';

/** The id of the `part`-th message that answers something: the same whenever the same is answered, so that it is said once. */
export const replyId = (messageId: string, part: number): string => `reply:${messageId}:${part}`;

/** The id of a message that OpenClaw sends of its own accord, by what it calls the sending. */
export const sendingId = (queueId: string, part: number): string => `send:${digest(`${queueId}\n${part}`)}`;

/** The id of what one call of a tool says. */
export const toolMessageId = (sessionKey: string, toolCallId: string): string =>
  `tool:${digest(`${sessionKey}\n${toolCallId}`)}`;

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 40);
