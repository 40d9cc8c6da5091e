import type { ChatMessage } from '@clawtank/contracts';
import { pageOf } from './message-page.js';

/** A conversation whose messages have these places in the log; between them lies what is not chat. */
const SEQS = [2, 3, 5, 8, 9, 12, 15];

const read = ({ direction, seq }: { direction: 'before' | 'after'; seq: number | null }, limit: number) => {
  const side = SEQS.filter((one) => seq === null || (direction === 'before' ? one < seq : one > seq));
  const nearest = direction === 'before' ? side.slice(-limit) : side.slice(0, limit);
  return Promise.resolve(nearest.map((one) => ({ seq: one }) as ChatMessage));
};

const page = async (wanted: { before?: number; after?: number; around?: number }, limit: number) => {
  const { messages, hasMore, hasNewer } = await pageOf(wanted, limit, read);
  return { seqs: messages.map(({ seq }) => seq), hasMore, hasNewer };
};

describe('A page of messages', () => {
  it.each([
    ['the newest', {}, 3, [9, 12, 15], true, false],
    ['all there are', {}, 7, SEQS, false, false],
    ['what is before a place', { before: 8 }, 2, [3, 5], true, true],
    ['the very first', { before: 8 }, 3, [2, 3, 5], false, true],
    ['nothing before the first', { before: 2 }, 3, [], false, true],
    ['the newest, if the place is past the end', { before: 99 }, 2, [12, 15], true, false],
    ['what is after a place', { after: 8 }, 2, [9, 12], true, true],
    ['the last', { after: 9 }, 2, [12, 15], true, false],
    ['nothing after the last', { after: 15 }, 2, [], true, false],
    ['all from the beginning', { after: 0 }, 2, [2, 3], false, true],
    ['what is around a message', { around: 8 }, 4, [3, 5, 8, 9], true, true],
    ['what is around a place without a message', { around: 10 }, 4, [8, 9, 12, 15], true, false],
    ['more of what is earlier, near the end', { around: 15 }, 4, [8, 9, 12, 15], true, false],
    ['more of what is later, near the beginning', { around: 2 }, 4, [2, 3, 5, 8], false, true],
    ['exactly everything around a place', { around: 8 }, 7, SEQS, false, false],
    ['a single message', { around: 8 }, 1, [8], true, true],
  ] as const)('holds %s', async (_, wanted, limit, seqs, hasMore, hasNewer) => {
    expect(await page(wanted, limit)).toEqual({ seqs, hasMore, hasNewer });
  });
});
