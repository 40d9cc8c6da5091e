import type { DataSource } from 'typeorm';
import { MemoryBus } from '../../platform/bus/memory-bus.js';
import type { HotHistory } from './hot-history.js';
import type { LogEntry, LogRow } from './log-entry.js';
import { RoomFeed } from './room-feed.js';

const ROOM = 'room';
const EPOCH = 'epoch';

const row = (seq: number): LogRow => ({
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
});

/** A bus that comes back when the test says so. */
class AbsentBus extends MemoryBus {
  comeBack = (): void => undefined;

  override onReturn(listener?: () => void): void {
    this.comeBack = listener ?? this.comeBack;
  }
}

/** A log in memory, which other processes may add to without a word. */
function aFeed(head: number) {
  const log = Array.from({ length: head }, (_, index) => row(index + 1));
  const dataSource = {
    query: (sql: string, [, after]: [unknown, number]) =>
      Promise.resolve(
        sql.includes('FROM rooms')
          ? [{ id: ROOM, epoch: EPOCH, last_seq: String(log.length) }]
          : log.filter(({ seq }) => Number(seq) > after),
      ),
  } as unknown as DataSource;
  const hot = { after: () => Promise.resolve(null), remember: () => undefined } as unknown as HotHistory;
  const bus = new AbsentBus();
  const feed = new RoomFeed(dataSource, bus, hot);
  const delivered: number[] = [];
  feed.listen({
    entries: (_room, _epoch, entries) => delivered.push(...entries.map(({ event }) => event.seq)),
    ended: () => undefined,
  });
  return { feed, bus, delivered, addElsewhere: () => log.push(row(log.length + 1)) };
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
