import { messageAsEvent } from '@clawtank/room-state';
import { JONAS, MARA, OTTER, ROOM_ID, aMessage, aTask, anEvent } from '../testing/builders';
import { type Reader, keyAt, rowsOf } from './rows';

const said = (seq: number, changes: Parameters<typeof aMessage>[1] = {}) => messageAsEvent(aMessage(seq, changes));
const READER: Reader = { actor: MARA, newFrom: null, names: [] };
const pending = (id: string, createdAt: string) => ({
  clientMessageId: id,
  text: 'On its way',
  readerId: 'mara',
  roomId: ROOM_ID,
  replyTo: null,
  threadId: null,
  attachments: [],
  visibility: 'public' as const,
  createdAt,
  refusal: null,
});

describe('the rows of the conversation', () => {
  it('name an author once for what they say in one go', () => {
    const rows = rowsOf([said(1), said(2), said(3, { author: MARA }), said(4)], [], READER);
    expect(rows.flatMap((row) => (row.kind === 'speech' ? [row.startsGroup] : []))).toEqual([true, false, true, true]);
  });

  it('name an author again after a while, after work, and when the readership changes', () => {
    const rows = rowsOf(
      [
        said(1),
        said(2, { timestamp: '2026-11-21T12:20:00.000Z' }),
        anEvent(3, 'task.created', { task: aTask({ createdAt: '2026-11-21T12:20:00.000Z' }) }),
        said(4, { timestamp: '2026-11-21T12:20:10.000Z' }),
        said(5, { timestamp: '2026-11-21T12:20:11.000Z', visibility: 'members' }),
      ],
      [],
      READER,
    );
    expect(rows.flatMap((row) => (row.kind === 'speech' ? [row.startsGroup] : []))).toEqual([true, true, true, true]);
  });

  it('begin a day where one begins, and never collapse work across it', () => {
    const task = aTask();
    const rows = rowsOf(
      [
        { ...anEvent(1, 'task.created', { task }), timestamp: '2026-11-20T12:00:00.000Z' },
        { ...anEvent(2, 'task.cancelled', { task }), timestamp: '2026-11-21T12:00:00.000Z' },
      ],
      [],
      READER,
    );
    expect(rows.map(({ kind }) => kind)).toEqual(['day', 'work', 'day', 'work']);
  });

  it('show what is on its way at the end, under the key that the stored message will have', () => {
    const [, before] = rowsOf([], [pending('mine-0001', '2026-11-21T12:00:00.000Z')], READER);
    const [, after] = rowsOf([said(1, { author: MARA, clientMessageId: 'mine-0001' })], [], READER);
    expect(before?.key).toBe('mine-0001');
    expect(after?.key).toBe(before?.key);
  });

  it('keep their keys when older ones come before them', () => {
    const newer = rowsOf([said(5), said(6, { author: JONAS })], [], READER).map(({ key }) => key);
    const all = rowsOf([said(1), said(5), said(6, { author: JONAS })], [], READER).map(({ key }) => key);
    expect(all).toEqual(expect.arrayContaining(newer));
  });

  it('gather what is said in a thread in one line between two messages, which grows in place', () => {
    const reply = (seq: number, threadId: string) => said(seq, { threadId });
    const rows = rowsOf([said(1), reply(2, 'a'), reply(3, 'b'), reply(4, 'a'), said(5), reply(6, 'a')], [], READER);
    const threads = rows.flatMap((row) =>
      row.kind === 'replies' ? [[row.threadId, row.replies.map(({ seq }) => seq)]] : [],
    );
    expect(threads).toEqual([
      ['a', [2, 4]],
      ['b', [3]],
      ['a', [6]],
    ]);
  });

  it('say once where messages were deleted, and keep apart the one that a thread hangs on', () => {
    const deletedAt = '2026-11-21T13:00:00.000Z';
    const thread = { replies: 2, lastReplyAt: deletedAt };
    const rows = rowsOf(
      [
        said(1, { deletedAt }),
        said(2, { deletedAt }),
        said(3, { deletedAt, thread }),
        said(4, { deletedAt, threadId: 'x' }),
      ],
      [],
      READER,
    );
    expect(rows.flatMap((row) => (row.kind === 'gone' ? [row.messages.length] : []))).toEqual([2, 1]);
  });

  it('begin what is new above the first message of somebody else', () => {
    const reader = { ...READER, newFrom: 2 };
    const rows = rowsOf([said(1), said(2, { author: MARA }), said(3), said(4)], [], reader);
    expect(rows.map(({ kind }) => kind)).toEqual(['day', 'speech', 'speech', 'new', 'speech', 'speech']);
  });

  it('name the author of an answer again, above what it answers', () => {
    const rows = rowsOf([said(1), said(2, { replyTo: 'message-1' })], [], READER);
    expect(rows.flatMap((row) => (row.kind === 'speech' ? [row.startsGroup] : []))).toEqual([true, true]);
  });

  it('are found by the place in the log, also inside lines that hold several', () => {
    const rows = rowsOf(
      [said(1), said(2, { threadId: 'a', author: OTTER }), said(3, { threadId: 'a' }), said(4)],
      [],
      READER,
    );
    expect(keyAt(rows, 4)).toBe('message-4');
    expect(keyAt(rows, 3)).toBe('replies message-2');
    expect(keyAt(rows, 99)).toBeNull();
  });
});
