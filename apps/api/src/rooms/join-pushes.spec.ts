import type { Ability, RoomState } from '@clawtank/contracts';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { JoinPushes, type Welcome } from './join-pushes.js';
import type { LogEntry } from './stream/log-entry.js';

const CHAT: readonly Ability[] = ['read', 'chat'];
const welcome: Welcome = {
  roomId: 'room',
  epoch: 'epoch',
  seq: 7,
  state: null,
  moment: { presence: {}, viewers: 0 },
  abilities: CHAT,
};
const entry = (seq: number): LogEntry =>
  ({ event: { seq, type: 'chat.message', data: { message: { id: `${seq}` } } }, publicEvent: null }) as LogEntry;

describe('what those who join are sent', () => {
  it('is encoded once for all who are told the same in one turn', async () => {
    const pushes = new JoinPushes();
    const first = pushes.welcome(welcome);
    expect(pushes.welcome({ ...welcome, abilities: [...CHAT] })).toBe(first);
    await nextTurn();
    expect(pushes.welcome(welcome)).not.toBe(first);
  });

  it.each<Partial<Welcome>>([
    { roomId: 'other' },
    { epoch: 'other' },
    { seq: 8 },
    { state: {} as RoomState },
    { moment: { presence: {}, viewers: 0 } },
    { abilities: ['read'] },
    { abilities: ['read', 'push'] },
  ])('is another welcome for somebody with %j', (difference) => {
    const pushes = new JoinPushes();
    const first = pushes.welcome(welcome);
    expect(pushes.welcome({ ...welcome, ...difference })).not.toBe(first);
    expect(pushes.welcome(welcome)).toBe(first);
  });

  it('is the same for all who missed the very same entries, and for nobody else', async () => {
    const pushes = new JoinPushes();
    const entries = [entry(1), entry(2), entry(3)];
    const first = pushes.since('room', 'epoch', entries);
    expect(pushes.since('room', 'epoch', [...entries])).toBe(first);
    expect(pushes.since('room', 'epoch', entries.slice(1))).not.toBe(first);
    expect(pushes.since('room', 'epoch', [entries[0]!, entry(2), entries[2]!])).not.toBe(first); // rewritten meanwhile
    await nextTurn();
    expect(pushes.since('room', 'epoch', entries)).not.toBe(first);
  });
});
