import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import type { Settings } from '../../apps/api/src/platform/config/settings.js';
import type { LogEntry } from '../../apps/api/src/rooms/index.js';
import { HotHistory } from '../../apps/api/src/rooms/stream/hot-history.js';
import { eventually } from '../support/people.js';
import { describeWithRedis } from '../support/redis.js';
import { sampleEvents } from '../support/sample-events.js';

const anEntry = (seq: number, text = `message ${seq}`): LogEntry => {
  const { data, ...event } = sampleEvents['chat.message'];
  const said = { ...event, seq, data: { message: { ...data.message, seq, message: text } } };
  return { event: said, publicEvent: null, addressed: [], trust: 'member' };
};
const entries = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => anEntry(from + index));
const seqs = (found: LogEntry[] | null) => found?.map(({ event }) => event.seq) ?? null;

describeWithRedis('the hot history of a room', ({ url, prefix }) => {
  let redis: Redis;
  let history: HotHistory;
  const [roomId, epoch] = [randomUUID(), randomUUID()];
  const open = (connection: Redis | null) => new HotHistory(connection, { redisPrefix: prefix } as Settings);
  const remembered = (room: string, seq: number) =>
    eventually(async () => (await history.after(room, epoch, seq - 1, 1)) !== null);

  beforeAll(() => {
    redis = new Redis(url);
    history = open(redis);
  });
  afterAll(async () => {
    await history.onApplicationShutdown();
    await redis.quit();
  });

  it('answers what came after a place, whole and in order', async () => {
    history.remember(roomId, epoch, entries(1, 3));
    history.remember(roomId, epoch, entries(4, 5));
    await remembered(roomId, 5);
    expect(await history.after(roomId, epoch, 2, 100)).toEqual(entries(3, 5));
    expect(seqs(await history.after(roomId, epoch, 0, 2))).toEqual([1, 2]);
  });

  it('answers nothing rather than a part', async () => {
    const room = randomUUID();
    history.remember(room, epoch, entries(4, 6));
    history.remember(room, epoch, entries(8, 9));
    await remembered(room, 9);
    expect(await history.after(room, epoch, 2, 100)).toBeNull();
    expect(await history.after(room, epoch, 5, 100)).toBeNull();
    expect(await history.after(room, epoch, 9, 100)).toBeNull();
    expect(await history.after(room, randomUUID(), 3, 100)).toBeNull();
  });

  it('keeps a bounded number, the newest', async () => {
    const room = randomUUID();
    history.remember(room, epoch, entries(1, 700));
    await remembered(room, 700);
    expect(await history.after(room, epoch, 199, 1000)).toBeNull();
    expect(await history.after(room, epoch, 200, 1000)).toHaveLength(500);
  });

  it('never brings back what was taken back, however late a process remembers it', async () => {
    const room = randomUUID();
    history.remember(room, epoch, entries(1, 3));
    await remembered(room, 3);
    await history.redact({ roomId: room, epoch, seqs: [2] });
    const late = open(redis);
    late.remember(room, epoch, [anEntry(2, 'a secret'), anEntry(4)]);
    await late.onApplicationShutdown();
    expect(await history.after(room, epoch, 0, 10)).toBeNull();
    expect(seqs(await history.after(room, epoch, 2, 10))).toEqual([3, 4]);
    const [key = ''] = await redis.keys(`${prefix}room:${room}:*`);
    expect(await redis.zrange(key, 0, -1)).toHaveLength(4);
    expect((await redis.zrange(key, 0, -1)).join()).not.toContain('a secret');
  });

  it('is nothing without Redis, and when Redis is away', async () => {
    const none = open(null);
    none.remember(roomId, epoch, entries(1, 1));
    await none.redact({ roomId, epoch, seqs: [1] });
    expect(await none.after(roomId, epoch, 0, 1)).toBeNull();

    const away = new Redis(url, { lazyConnect: true, enableOfflineQueue: false });
    const blind = open(away);
    blind.remember(roomId, epoch, entries(1, 1));
    await blind.onApplicationShutdown();
    expect(await blind.after(roomId, epoch, 0, 1)).toBeNull();
    await expect(blind.redact({ roomId, epoch, seqs: [1] })).rejects.toThrow();
    away.disconnect();
  });
});
