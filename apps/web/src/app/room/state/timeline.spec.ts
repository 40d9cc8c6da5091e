import type { ChatMessage } from '@clawtank/contracts';
import { aMessage, aRoom, aTask, anEvent } from '../testing/builders';
import {
  entriesOf,
  newestOf,
  shorterList,
  timelineOf,
  withEvent,
  withOlderActivity,
  withOlderMessages,
} from './timeline';

const messages = (from: number, to: number): ChatMessage[] =>
  Array.from({ length: (to - from) / 2 + 1 }, (_, index) => aMessage(from + 2 * index));
const activity = (from: number, to: number) =>
  Array.from({ length: (to - from) / 2 + 1 }, (_, index) =>
    anEvent(from + 2 * index, 'task.created', { task: aTask() }),
  );

/** Messages have the even numbers, everything else the odd ones. */
const FULL = timelineOf(aRoom({ seq: 200, messages: messages(102, 200), activity: activity(61, 159) }));
const seqs = (timeline = FULL) => entriesOf(timeline).map(({ seq }) => seq);

describe('the past of a room', () => {
  it('is shown only from where both talk and work are known, so that it never has a hole', () => {
    expect(Math.min(...seqs())).toBe(102);
    expect(seqs()).toEqual([...seqs()].sort((a, b) => a - b));
  });

  it('is read further back in whichever list is the shorter one', () => {
    expect(shorterList(FULL)).toBe('messages');
    const further = withOlderMessages(FULL, { messages: messages(2, 100), hasMore: false, hasNewer: false });
    expect(shorterList(further)).toBe('activity');
    expect(Math.min(...seqs(further))).toBe(61);
    const all = withOlderActivity(further, { activity: activity(1, 59), hasMore: false, hasNewer: false });
    expect(shorterList(all)).toBeNull();
    expect(seqs(all).length).toBe(100 + 80);
  });

  it('takes nothing twice when a page overlaps with what is known', () => {
    const further = withOlderMessages(FULL, { messages: messages(98, 110), hasMore: true, hasNewer: false });
    expect(further.messages.map(({ seq }) => seq).slice(0, 4)).toEqual([98, 100, 102, 104]);
  });

  it('is whole at once in a young room', () => {
    const young = timelineOf(aRoom({ messages: messages(2, 4), activity: activity(1, 3) }));
    expect(shorterList(young)).toBeNull();
    expect(seqs(young)).toEqual([1, 2, 3, 4]);
  });

  it('does not forget what the room’s bounded state lets go of', () => {
    const grown = messages(202, 300).reduce(
      (timeline, message) =>
        withEvent(timeline, {
          ...anEvent(0, 'task.created', { task: aTask() }),
          ...{ seq: message.seq, id: message.id, type: 'chat.message' as const, data: { message } },
        }),
      FULL,
    );
    expect(grown.messages).toHaveLength(100);
  });

  it('lets go of what lies far behind, and knows that it did', () => {
    expect(newestOf(FULL, 40)).toBe(FULL);
    const trimmed = newestOf(FULL, 20);
    expect(trimmed.messages).toHaveLength(20);
    expect(shorterList(trimmed)).not.toBeNull();
  });
});
