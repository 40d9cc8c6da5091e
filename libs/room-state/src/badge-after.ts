import { type ChatMessage, MAX_BADGE, type RoomBadge, type RoomEvent } from '@clawtank/contracts';

/** Whose badge it is, and what they can see of the room: its newest messages without a hole, oldest first, as they were before the event. */
export interface Reader {
  readonly id: string;
  readonly name: string;
  readonly messages: readonly ChatMessage[];
}

/**
 * The badge of a room that its reader follows, after `event`; the same as the server computes. `'ask'` where that cannot be
 * known here: something older than what the reader sees was changed, or there are more unread messages than are counted.
 */
export function badgeAfter(badge: RoomBadge, event: RoomEvent, reader: Reader): RoomBadge | 'ask' {
  switch (event.type) {
    case 'chat.message': {
      const { message } = event.data;
      return isUnread(message, badge, reader) ? withOneMore(badge, message, reader) : badge;
    }
    case 'chat.edited': {
      const { message } = event.data;
      if (!isUnread(message, badge, reader)) {
        return badge;
      }
      const before = reader.messages.find(({ id }) => id === message.id);
      return before ? withCalls(badge, Number(calls(message, reader)) - Number(calls(before, reader))) : 'ask';
    }
    case 'chat.deleted': {
      const gone = reader.messages.find(({ id }) => id === event.data.messageId);
      if (!gone) {
        return seesEverythingUnread(badge, reader) ? badge : 'ask';
      }
      return isUnread(gone, badge, reader) ? withOneLess(badge, gone, reader) : badge;
    }
    default:
      return badge;
  }
}

/** The badge once everything up to `seq` was read, or `'ask'` if what is left reaches back further than the reader sees. */
export function badgeAfterReading(badge: RoomBadge, seq: number, reader: Reader): RoomBadge | 'ask' {
  if (seq <= badge.lastReadSeq) {
    return badge;
  }
  const read = { ...badge, lastReadSeq: seq };
  if (!seesEverythingUnread(read, reader)) {
    return 'ask';
  }
  const unread = reader.messages.filter((message) => isUnread(message, read, reader));
  return {
    ...read,
    unread: Math.min(MAX_BADGE, unread.length),
    mentions: Math.min(MAX_BADGE, unread.filter((message) => calls(message, reader)).length),
    firstUnreadSeq: unread[0]?.seq ?? null,
  };
}

function withOneMore(badge: RoomBadge, message: ChatMessage, reader: Reader): RoomBadge {
  return {
    ...badge,
    unread: Math.min(MAX_BADGE, badge.unread + 1),
    mentions: Math.min(MAX_BADGE, badge.mentions + Number(calls(message, reader))),
    firstUnreadSeq: badge.firstUnreadSeq ?? message.seq,
  };
}

function withOneLess(badge: RoomBadge, gone: ChatMessage, reader: Reader): RoomBadge | 'ask' {
  if (badge.unread >= MAX_BADGE) {
    return 'ask';
  }
  const less = withCalls(badge, -Number(calls(gone, reader)));
  if (less === 'ask') {
    return 'ask';
  }
  const next = reader.messages.find((message) => message.seq > gone.seq && isUnread(message, badge, reader));
  return {
    ...less,
    unread: badge.unread - 1,
    firstUnreadSeq: badge.firstUnreadSeq === gone.seq ? (next?.seq ?? null) : badge.firstUnreadSeq,
  };
}

function withCalls(badge: RoomBadge, change: number): RoomBadge | 'ask' {
  return change < 0 && badge.mentions >= MAX_BADGE
    ? 'ask'
    : { ...badge, mentions: Math.min(MAX_BADGE, badge.mentions + change) };
}

const isUnread = ({ seq, userId, deletedAt }: ChatMessage, { lastReadSeq }: RoomBadge, { id }: Reader): boolean =>
  seq > lastReadSeq && userId !== id && deletedAt === null;

const calls = ({ mentions, mentionsHere }: ChatMessage, { name }: Reader): boolean =>
  mentionsHere || mentions.some((mentioned) => mentioned.toLowerCase() === name.toLowerCase());

const seesEverythingUnread = ({ lastReadSeq }: RoomBadge, { messages }: Reader): boolean =>
  (messages[0]?.seq ?? Infinity) <= lastReadSeq;
