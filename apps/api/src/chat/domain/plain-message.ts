import type { Actor, ChatMessage, SendMessage, Trust } from '@clawtank/contracts';
import { USUAL_MESSAGE } from '@clawtank/room-state';
import { mentionedNames } from './mentions.js';

/** A message whose place, time and trust are not known yet. */
export type UnplacedMessage = Omit<ChatMessage, 'seq' | 'trust' | 'timestamp'>;

/** Nothing follows from a plain message but that it was said: it names nobody, answers nothing and carries no files. */
export function isPlain({ message, mentions = [], replyTo, threadId, attachmentIds = [] }: SendMessage): boolean {
  return (
    mentions.length === 0 &&
    replyTo === undefined &&
    threadId === undefined &&
    attachmentIds.length === 0 &&
    !message.trimStart().startsWith('/') &&
    mentionedNames(message).length === 0
  );
}

/** A plain message as its author sends it. */
export function plainMessage(
  id: string,
  author: Actor & { readonly id: string },
  request: SendMessage,
): UnplacedMessage {
  return {
    ...USUAL_MESSAGE,
    type: 'chat_message',
    id,
    roomId: request.roomId,
    userId: author.id,
    author,
    message: request.message,
    visibility: request.visibility,
    clientMessageId: request.clientMessageId ?? null,
  };
}

/** How far readers may rely on what somebody says who has this seat. */
export function trustOf({
  memberType,
  role,
}: {
  readonly memberType: 'human' | 'agent';
  readonly role: string;
}): Trust {
  return memberType === 'agent' ? 'agent' : role === 'host' ? 'owner' : 'member';
}
