import type { DataSource } from 'typeorm';
import { MemoryBus } from '../../platform/bus/memory-bus.js';
import type { HotHistory } from './hot-history.js';
import { entryOf, type LogEntry, type LogRow } from './log-entry.js';
import { RoomFeed } from './room-feed.js';

const ROOM = 'room';
const EPOCH = 'epoch';

const row = (seq: number): LogRow => ({
  room_id: ROOM,
  seq: String(seq),
  id: `event-${seq}`,
  type: 'room.created',
  actor_type: 'human',
  actor_id: 'ann',
  actor_name: 'ann',
  payload: {} as LogRow['payload'],
  public_seq: null,
  public_payload: null,
  created_at: new Date(0),
  addressed: null,
  trust: null,
});

/** A bus that comes back when the test says so. */
class AbsentBus extends MemoryBus {
  comeBack = (): void => undefined;

  override onReturn(listener?: () => void): void {
    this.comeBack = listener ?? this.comeBack;
  }
}

/** A message, and what is told when it is deleted. */
const messageRow = (seq: number, message: string): LogRow => ({
  ...row(seq),
  id: `message-${seq}`,
  type: 'chat.message',
  payload: { message: { message } },
});
const deletionRow = (seq: number, deleted: number): LogRow => ({
  ...row(seq),
  type: 'chat.deleted',
  payload: { messageId: `message-${deleted}` },
});

/** A log in memory, which other processes may add to without a word. What is read of it arrives after `slowness`. */
function aFeed(head: number, slowness?: Promise<void>) {
  const log = Array.from({ length: head }, (_, index) => row(index + 1));
  const pagesRead: number[] = [];
  const dataSource = {
    query: async (sql: string, [, after, limit]: [unknown, number, number]) => {
      if (sql.includes('FROM rooms')) {
        return [{ id: ROOM, epoch: EPOCH, last_seq: String(log.length) }];
      }
      pagesRead.push(after);
      const page = log.filter(({ seq }) => Number(seq) > after).slice(0, limit);
      await slowness;
      return page;
    },
  } as unknown as DataSource;
  const hot = { after: () => Promise.resolve(null), remember: () => undefined } as unknown as HotHistory;
  const bus = new AbsentBus();
  const feed = new RoomFeed(dataSource, bus, hot);
  const delivered: number[] = [];
  feed.listen({
    entries: (_room, _epoch, entries) => delivered.push(...entries.map(({ event }) => event.seq)),
    ended: () => undefined,
  });
  const publish = (added: LogRow) => {
    log.push(added);
    feed.publish(ROOM, EPOCH, [entryOf(added)]);
  };
  return { feed, bus, log, pagesRead, delivered, publish, addElsewhere: () => log.push(row(log.length + 1)) };
}

const seqs = (entries: readonly LogEntry[]): number[] => entries.map(({ event }) => event.seq);

describe('The feed of a room', () => {
  it('lets a reader that knows more than was published here begin only once it has delivered that much', async () => {
    const { feed, delivered, addElsewhere } = aFeed(3);
    await feed.open(ROOM);
    addElsewhere();
    addElsewhere();

    const deliveredBefore = await feed.catchUp(ROOM, 5, 100, (missed) => [seqs(missed), [...delivered]]);
    expect(deliveredBefore).toEqual([[], [4, 5]]);
    feed.onApplicationShutdown();
  });

  it('gives a reader that is behind what it missed, in the turn in which the feed has delivered just that', async () => {
    const { feed, delivered } = aFeed(3);
    await feed.open(ROOM);
    expect(await feed.catchUp(ROOM, 1, 100, seqs)).toEqual([2, 3]);
    expect(delivered).toEqual([]);
    feed.onApplicationShutdown();
  });

  it('gives a reader what somebody has read of in the database, though nobody published it yet', async () => {
    const { feed, addElsewhere } = aFeed(3);
    await feed.open(ROOM);
    addElsewhere();
    expect(await feed.catchUp(ROOM, 1, 100, seqs, 4)).toEqual([2, 3, 4]);
    feed.onApplicationShutdown();
  });

  it('reads what many missed once for all, and keeps it for those who come later', async () => {
    const { feed, pagesRead } = aFeed(30);
    await feed.open(ROOM);
    const together = await Promise.all([10, 10, 10].map((since) => feed.catchUp(ROOM, since, 100, seqs)));
    expect(together.map((missed) => missed?.length)).toEqual([20, 20, 20]);
    expect(pagesRead).toEqual([10]);
    expect((await feed.catchUp(ROOM, 15, 100, seqs))?.length).toBe(15);
    expect(pagesRead).toEqual([10]);
    feed.onApplicationShutdown();
  });

  it('keeps nothing of a message that was deleted while it was read', async () => {
    const answer = Promise.withResolvers<void>();
    const { feed, log, pagesRead, publish } = aFeed(1, answer.promise);
    log.push(messageRow(2, 'secret'), row(3));
    await feed.open(ROOM);
    const reading = feed.catchUp(ROOM, 1, 100, seqs);
    await new Promise((resolve) => setImmediate(resolve));
    log[1] = messageRow(2, '');
    publish(deletionRow(4, 2));
    answer.resolve();
    expect(await reading).toEqual([2, 3, 4]);
    const texts = await feed.catchUp(ROOM, 1, 100, (missed) => JSON.stringify(missed));
    expect(texts).not.toContain('secret');
    expect(pagesRead).toEqual([1, 1]);
    feed.onApplicationShutdown();
  });

  it('looks for what it was not told as soon as the bus is back', async () => {
    const { feed, bus, delivered, addElsewhere } = aFeed(3);
    await feed.onModuleInit();
    await feed.open(ROOM);
    addElsewhere();
    bus.comeBack();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(delivered).toEqual([4]);
    feed.onApplicationShutdown();
  });

  it('says so if the gap is too large, or if nobody can say what came after', async () => {
    const { feed } = aFeed(30);
    await feed.open(ROOM);
    expect(await feed.catchUp(ROOM, 1, 10, seqs)).toBeNull();
    expect(await feed.catchUp(ROOM, 31, 10, seqs)).toBeNull();
    feed.onApplicationShutdown();
  });
});
