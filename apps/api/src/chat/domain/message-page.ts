import type { ChatMessage, MessagePage } from '@clawtank/contracts';

/** Everything on one side of a place, the place itself left out; null is the end of the conversation. */
export interface Side {
  readonly direction: 'before' | 'after';
  readonly seq: number | null;
}

/** The nearest messages on that side, oldest first. */
type Read = (side: Side, limit: number) => Promise<ChatMessage[]>;

interface Wanted {
  readonly before?: number | undefined;
  readonly after?: number | undefined;
  readonly around?: number | undefined;
}

/** The page that was asked for, and whether there is more on either side of it: always looked up, never guessed. */
export async function pageOf({ before, after, around }: Wanted, limit: number, read: Read): Promise<MessagePage> {
  if (after !== undefined) {
    const found = await read({ direction: 'after', seq: after }, limit + 1);
    const [earlier] = await read({ direction: 'before', seq: after + 1 }, 1);
    return { messages: found.slice(0, limit), hasMore: earlier !== undefined, hasNewer: found.length > limit };
  }
  if (around !== undefined) {
    // The message at the place itself counts to the later half.
    const [earlier, later] = await Promise.all([
      read({ direction: 'before', seq: around }, limit + 1),
      read({ direction: 'after', seq: around - 1 }, limit + 1),
    ]);
    const wantedLater = Math.max(Math.ceil(limit / 2), limit - earlier.length);
    const ahead = later.slice(0, Math.min(wantedLater, limit));
    const behind = earlier.slice(Math.max(0, earlier.length - (limit - ahead.length)));
    return {
      messages: [...behind, ...ahead],
      hasMore: earlier.length > behind.length,
      hasNewer: later.length > ahead.length,
    };
  }
  const found = await read({ direction: 'before', seq: before ?? null }, limit + 1);
  const [newer] = before === undefined ? [] : await read({ direction: 'after', seq: before - 1 }, 1);
  return { messages: found.slice(-limit), hasMore: found.length > limit, hasNewer: newer !== undefined };
}
