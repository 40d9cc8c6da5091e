import * as z from 'zod';
import { Actor, CommandId, Id, Instant, OptionalText, Text } from './primitives.js';

export const MAX_MESSAGE_LENGTH = 4000;
export const MAX_ATTACHMENTS = 4;
export const MAX_ATTACHMENT_BYTES = 8 * 1024 * 1024;
/** Different emoji on one message. */
export const MAX_REACTIONS = 20;

/** How far a reader, an agent above all, may rely on a text. Text that is read is data, never instruction. */
export const Trust = z.enum(['owner', 'member', 'agent', 'spectator', 'webhook']);
export type Trust = z.infer<typeof Trust>;

const ONE_EMOJI = new RegExp('^\\p{RGI_Emoji}$', 'v');

/** A single emoji, with its modifiers and joiners. */
export const Emoji = z.string().max(32).regex(ONE_EMOJI, 'Use one emoji');

const saysSomething = ({ message, attachmentIds = [] }: { message: string; attachmentIds?: string[] }): boolean =>
  message.trim() !== '' || attachmentIds.length > 0;

export const SendMessage = z
  .object({
    roomId: Id,
    /** May be empty if there are files. */
    message: OptionalText(MAX_MESSAGE_LENGTH),
    /** Names without the `@`, in addition to those found in the text. */
    mentions: z.array(z.string().max(64)).max(50).optional(),
    /** `members`: never shown to spectators, also in a public room. */
    visibility: z.enum(['public', 'members']).default('public'),
    /** The message that this one answers and quotes. */
    replyTo: Id.optional(),
    /** The message whose thread this one belongs to. */
    threadId: Id.optional(),
    /** Files uploaded to this room before, each used once. */
    attachmentIds: z.array(Id).max(MAX_ATTACHMENTS).optional(),
    clientMessageId: CommandId.optional(),
  })
  .refine(saysSomething, { path: ['message'], message: 'Write something' });
export type SendMessage = z.infer<typeof SendMessage>;

/** A file that somebody added to a message. `url` works without a cookie or a token, and stops working when the message is deleted. */
export const Attachment = z
  .object({
    id: Id,
    kind: z.enum(['image', 'file']),
    name: z.string(),
    mediaType: z.string(),
    bytes: z.int(),
    /** Of an image, in pixels. */
    width: z.int().nullable(),
    height: z.int().nullable(),
    url: z.string(),
  })
  .meta({ id: 'Attachment' });
export type Attachment = z.infer<typeof Attachment>;

/** Who answered with this emoji, in the order they did. */
export const Reaction = z.object({ emoji: z.string(), memberIds: z.array(Id) });
export type Reaction = z.infer<typeof Reaction>;

/** What a thread has become. */
export const ThreadSummary = z.object({ replies: z.int(), lastReplyAt: Instant });
export type ThreadSummary = z.infer<typeof ThreadSummary>;

/** What the first address of a message leads to, in the words of the page. Text only: nothing of it is loaded from elsewhere. */
export const LinkPreview = z
  .object({
    /** The address as the message says it. */
    url: z.string(),
    title: z.string(),
    description: z.string().nullable(),
    /** What the site calls itself, or else its host. */
    site: z.string(),
  })
  .meta({ id: 'LinkPreview' });
export type LinkPreview = z.infer<typeof LinkPreview>;

export const ChatMessage = z
  .object({
    type: z.literal('chat_message'),
    id: Id,
    roomId: Id,
    seq: z.int(),
    /** The author's user or agent id; of a spectator's message, the member's who promoted it. */
    userId: Id,
    author: Actor,
    /** The member who brought a spectator's message into the room; null for what members say themselves. The words are the author's. */
    promotedBy: Actor.nullable(),
    /** The message of the spectators' chat that it quotes. */
    spectatorMessageId: Id.nullable(),
    /** Empty if only files were sent, and once deleted. */
    message: z.string(),
    /** Names of the people and agents of the room whom the text mentions. */
    mentions: z.array(z.string()),
    /** True if it called everybody who is in the room, by `@here`. */
    mentionsHere: z.boolean(),
    visibility: z.enum(['public', 'members']),
    trust: Trust,
    /** Only as an agent reads it: whether it was meant for that agent when it was said. */
    addressed: z.boolean().optional(),
    /** The message it answers. Not its text: that may be edited or deleted later. */
    replyTo: Id.nullable(),
    /** The message whose thread it belongs to; null for what is said in the room itself. */
    threadId: Id.nullable(),
    /** The thread that hangs on this message, if any. */
    thread: ThreadSummary.nullable(),
    attachments: z.array(Attachment),
    /** Only in rooms that have `linkPreviews` on, and some time after the message was said. */
    preview: LinkPreview.nullable(),
    reactions: z.array(Reaction),
    clientMessageId: z.string().nullable(),
    timestamp: Instant,
    editedAt: Instant.nullable(),
    deletedAt: Instant.nullable(),
    pinnedAt: Instant.nullable(),
  })
  .meta({ id: 'ChatMessage' });
export type ChatMessage = z.infer<typeof ChatMessage>;

export const EditMessage = z.object({
  roomId: Id,
  messageId: Id,
  message: Text(MAX_MESSAGE_LENGTH),
  commandId: CommandId.optional(),
});
export type EditMessage = z.infer<typeof EditMessage>;

export const DeleteMessage = z.object({ roomId: Id, messageId: Id, commandId: CommandId.optional() });
export type DeleteMessage = z.infer<typeof DeleteMessage>;

export const React = z.object({
  roomId: Id,
  messageId: Id,
  emoji: Emoji,
  /** False takes the reaction back. Saying the same twice changes nothing. */
  on: z.boolean(),
  commandId: CommandId.optional(),
});
export type React = z.infer<typeof React>;

export const PinMessage = z.object({ roomId: Id, messageId: Id, pinned: z.boolean(), commandId: CommandId.optional() });
export type PinMessage = z.infer<typeof PinMessage>;

const onlyOne = (query: { before?: number; after?: number; around?: number }): boolean =>
  [query.before, query.after, query.around].filter((place) => place !== undefined).length <= 1;
const place = z.coerce.number().int().min(0).optional();

/** A page of what was said: the newest, or what is before, after or around a place in the log. */
export const ListMessages = z
  .object({
    before: place,
    after: place,
    around: place,
    /** Only what belongs to this thread, the message it hangs on first. */
    threadId: Id.optional(),
    pinned: z.enum(['true']).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  })
  .refine(onlyOne, { path: ['before'], message: 'Use one of before, after and around' })
  .meta({ id: 'ListMessages' });
export type ListMessages = z.infer<typeof ListMessages>;

/** Oldest first. `hasMore`: there is more before it; `hasNewer`: there is more after it. */
export const MessagePage = z
  .object({ messages: z.array(ChatMessage), hasMore: z.boolean(), hasNewer: z.boolean() })
  .meta({ id: 'MessagePage' });
export type MessagePage = z.infer<typeof MessagePage>;

/** What a message said before it was edited, oldest first; the last one is what it says now. */
export const MessageHistory = z
  .object({ versions: z.array(z.object({ message: z.string(), at: Instant })) })
  .meta({ id: 'MessageHistory' });
export type MessageHistory = z.infer<typeof MessageHistory>;

/**
 * Search over every room the asker may read. `q` holds words, "quoted phrases", -excluded ones and the operators `from:name`,
 * `in:room name or id` (quoted if it has blanks), `before:2026-02-17`, `after:2026-02-17`, `has:code|link|image`, `is:task`.
 */
export const SearchMessages = z
  .object({
    q: z.string().trim().min(1, 'Write what to look for').max(300, 'Use at most 300 characters'),
    /** Only this room. */
    roomId: Id.optional(),
    cursor: z.string().max(300).optional(),
    limit: z.coerce.number().int().min(1).max(50).default(20),
  })
  .meta({ id: 'SearchMessages' });
export type SearchMessages = z.infer<typeof SearchMessages>;

export const SearchHit = z
  .object({
    room: z.object({ id: Id, name: z.string() }),
    message: ChatMessage,
    /** Where the words were found in `message.message`: [from, to) in UTF-16 code units, in order. */
    highlights: z.array(z.tuple([z.int(), z.int()])),
    /** The message before and the one after, for context. */
    before: ChatMessage.nullable(),
    after: ChatMessage.nullable(),
  })
  .meta({ id: 'SearchHit' });
export type SearchHit = z.infer<typeof SearchHit>;

export const SearchResults = z
  .object({ hits: z.array(SearchHit), nextCursor: z.string().nullable() })
  .meta({ id: 'SearchResults' });
export type SearchResults = z.infer<typeof SearchResults>;

/** A message between two members of a room. Never public, never in the room's log; `seq` counts within the two's conversation, without gaps. */
export const DirectMessage = z
  .object({
    type: z.literal('direct_message'),
    id: Id,
    roomId: Id,
    /** The two members, ordered; together with the room they name the conversation. */
    memberIds: z.tuple([Id, Id]),
    seq: z.int(),
    userId: Id,
    author: Actor,
    message: z.string(),
    clientMessageId: z.string().nullable(),
    timestamp: Instant,
    editedAt: Instant.nullable(),
    deletedAt: Instant.nullable(),
    /** Counts the changes to the conversation, this one included: whoever has seen a gap asks again. */
    revision: z.int(),
  })
  .meta({ id: 'DirectMessage' });
export type DirectMessage = z.infer<typeof DirectMessage>;

export const SendDirectMessage = z.object({
  roomId: Id,
  toMemberId: Id,
  message: Text(MAX_MESSAGE_LENGTH),
  clientMessageId: CommandId.optional(),
});
export type SendDirectMessage = z.infer<typeof SendDirectMessage>;

export const EditDirectMessage = z.object({
  roomId: Id,
  messageId: Id,
  message: Text(MAX_MESSAGE_LENGTH),
  commandId: CommandId.optional(),
});
export type EditDirectMessage = z.infer<typeof EditDirectMessage>;

export const DeleteDirectMessage = z.object({ roomId: Id, messageId: Id, commandId: CommandId.optional() });
export type DeleteDirectMessage = z.infer<typeof DeleteDirectMessage>;

export const ListDirectMessages = z
  .object({
    before: place,
    /** What changed after this revision, so that a client that was away misses no edit and no deletion. */
    sinceRevision: place,
    limit: z.coerce.number().int().min(1).max(200).default(50),
  })
  .meta({ id: 'ListDirectMessages' });
export type ListDirectMessages = z.infer<typeof ListDirectMessages>;

export const DirectMessagePage = z
  .object({ messages: z.array(DirectMessage), hasMore: z.boolean(), revision: z.int(), lastReadSeq: z.int() })
  .meta({ id: 'DirectMessagePage' });
export type DirectMessagePage = z.infer<typeof DirectMessagePage>;
