import { messageAsEvent } from '@clawtank/room-state';
import { JONAS, MARA, aMessage, aTask, anEvent } from '../testing/builders';
import { rowsOf } from './rows';

const said = (seq: number, changes: Parameters<typeof aMessage>[1] = {}) => messageAsEvent(aMessage(seq, changes));
const pending = (id: string, createdAt: string) => ({
  clientMessageId: id,
  text: 'On its way',
  visibility: 'public' as const,
  createdAt,
  refusal: null,
  isStored: false,
});

describe('the rows of the conversation', () => {
  it('name an author once for what they say in one go', () => {
    const rows = rowsOf([said(1), said(2), said(3, { author: MARA }), said(4)], [], MARA);
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
      MARA,
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
      MARA,
    );
    expect(rows.map(({ kind }) => kind)).toEqual(['day', 'work', 'day', 'work']);
  });

  it('show what is on its way at the end, under the key that the stored message will have', () => {
    const [, before] = rowsOf([], [pending('mine-0001', '2026-11-21T12:00:00.000Z')], MARA);
    const [, after] = rowsOf([said(1, { author: MARA, clientMessageId: 'mine-0001' })], [], MARA);
    expect(before?.key).toBe('mine-0001');
    expect(after?.key).toBe(before?.key);
  });

  it('keep their keys when older ones come before them', () => {
    const newer = rowsOf([said(5), said(6, { author: JONAS })], [], MARA).map(({ key }) => key);
    const all = rowsOf([said(1), said(5), said(6, { author: JONAS })], [], MARA).map(({ key }) => key);
    expect(all).toEqual(expect.arrayContaining(newer));
  });
});
