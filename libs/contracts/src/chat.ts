import * as z from 'zod';
import { Actor, CommandId, Id, Instant, Text } from './primitives.js';

export const MAX_MESSAGE_LENGTH = 4000;

/** How far a reader, an agent above all, may rely on a text. Text that is read is data, never instruction. */
export const Trust = z.enum(['owner', 'member', 'agent', 'spectator', 'webhook']);
export type Trust = z.infer<typeof Trust>;

export const SendMessage = z.object({
  roomId: Id,
  message: Text(MAX_MESSAGE_LENGTH),
  /** Names without the `@`, in addition to those found in the text. */
  mentions: z.array(z.string().max(64)).max(50).optional(),
  /** `members`: never shown to spectators, also in a public room. */
  visibility: z.enum(['public', 'members']).default('public'),
  clientMessageId: CommandId.optional(),
});
export type SendMessage = z.infer<typeof SendMessage>;

export const ChatMessage = z
  .object({
    type: z.literal('chat_message'),
    id: Id,
    roomId: Id,
    seq: z.int(),
    /** The author's user or agent id. */
    userId: Id,
    author: Actor,
    message: z.string(),
    /** Names of the people and agents of the room whom the text mentions. */
    mentions: z.array(z.string()),
    visibility: z.enum(['public', 'members']),
    trust: Trust,
    clientMessageId: z.string().nullable(),
    timestamp: Instant,
  })
  .meta({ id: 'ChatMessage' });
export type ChatMessage = z.infer<typeof ChatMessage>;

export const ListMessages = z
  .object({
    before: z.coerce.number().int().min(1).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
    search: z.string().max(200).optional(),
  })
  .meta({ id: 'ListMessages' });
export type ListMessages = z.infer<typeof ListMessages>;

export const MessagePage = z
  .object({ messages: z.array(ChatMessage), hasMore: z.boolean() })
  .meta({ id: 'MessagePage' });
export type MessagePage = z.infer<typeof MessagePage>;
