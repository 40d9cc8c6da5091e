import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { connectRedis, disconnect } from '../../apps/api/src/platform/bus/redis.js';
import type { Clock } from '../../apps/api/src/platform/clock.js';
import { MemoryPresence } from '../../apps/api/src/platform/presence/memory-presence.js';
import { type Presence, PRESENCE_TTL_MS } from '../../apps/api/src/platform/presence/presence.js';
import { RedisPresence } from '../../apps/api/src/platform/presence/redis-presence.js';
import { quiet } from './support/quiet.js';
import { eventually } from '../support/people.js';
import { describeWithRedis } from '../support/redis.js';
import { NetworkCable } from './support/network-cable.js';

const START = new Date('2026-01-01T00:00:00Z');
beforeAll(quiet);

let now: Date;
const clock: Clock = { now: () => now };
const pass = (milliseconds: number): void => void (now = new Date(now.getTime() + milliseconds));
beforeEach(() => (now = START));

/** What holds for presence, wherever it is kept. */
function conformsAsPresence(open: () => Presence): void {
  let presence: Presence;
  beforeEach(() => (presence = open()));

  const statusOf = async (memberId: string) => (await presence.of([memberId])).get(memberId);

  it('knows nobody it has not seen', async () => {
    expect(await statusOf('ann')).toEqual({ status: 'offline', lastSeenAt: null });
  });

  it('answers for everybody asked, and for nobody else', async () => {
    await presence.seen([
      { memberId: 'ann', connectionId: '1', status: 'active' },
      { memberId: 'bob', connectionId: '2', status: 'idle' },
    ]);
    const answer = await presence.of(['bob', 'cid']);
    expect([...answer].map(([id, { status }]) => [id, status])).toEqual([
      ['bob', 'idle'],
      ['cid', 'offline'],
    ]);
    expect(await presence.of([])).toEqual(new Map());
  });

  it('takes the liveliest of several connections, until the last is gone', async () => {
    await presence.seen([
      { memberId: 'ann', connectionId: 'laptop', status: 'idle' },
      { memberId: 'ann', connectionId: 'phone', status: 'active' },
    ]);
    expect(await statusOf('ann')).toMatchObject({ status: 'active' });
    await presence.gone('ann', 'phone');
    expect(await statusOf('ann')).toMatchObject({ status: 'idle' });
    pass(1000);
    await presence.gone('ann', 'laptop');
    expect(await statusOf('ann')).toEqual({ status: 'offline', lastSeenAt: now.toISOString() });
  });

  it('forgets a connection that is not seen again, and keeps when it last was', async () => {
    await presence.seen([{ memberId: 'ann', connectionId: 'laptop', status: 'active' }]);
    pass(PRESENCE_TTL_MS - 1);
    expect(await statusOf('ann')).toMatchObject({ status: 'active' });
    pass(1);
    expect(await statusOf('ann')).toEqual({ status: 'offline', lastSeenAt: START.toISOString() });
  });

  it('keeps a connection that is seen again, with what it does now', async () => {
    await presence.seen([{ memberId: 'ann', connectionId: 'laptop', status: 'active' }]);
    pass(PRESENCE_TTL_MS - 1);
    await presence.seen([{ memberId: 'ann', connectionId: 'laptop', status: 'idle' }]);
    pass(PRESENCE_TTL_MS - 1);
    expect((await statusOf('ann'))?.status).toBe('idle');
  });
}

describe('presence in memory', () => {
  conformsAsPresence(() => new MemoryPresence(clock));
});

describeWithRedis('presence on Redis', ({ url, prefix }) => {
  let redis: Redis;
  beforeAll(() => (redis = connectRedis(url || 'redis://localhost')));
  afterAll(() => disconnect(redis));
  const own = () => `${prefix}${randomBytes(4).toString('hex')}:`;

  conformsAsPresence(() => new RedisPresence(redis, own(), clock));

  it('is one presence for all processes', async () => {
    const shared = own();
    const [here, there] = [new RedisPresence(redis, shared, clock), new RedisPresence(redis, shared, clock)];
    await here.seen([{ memberId: 'ann', connectionId: '1', status: 'active' }]);
    expect((await there.of(['ann'])).get('ann')).toMatchObject({ status: 'active' });
  });

  it('leaves nothing in Redis for ever', async () => {
    const shared = own();
    const presence = new RedisPresence(redis, shared, clock);
    await presence.seen([{ memberId: 'ann', connectionId: '1', status: 'active' }]);
    await presence.gone('bob', '2');
    const keys = await redis.keys(`${shared}*`);
    expect(keys).toHaveLength(2);
    for (const key of keys) {
      expect(await redis.ttl(key)).toBeGreaterThan(0);
    }
  });

  it('takes everybody for offline while Redis is away or does not answer, and throws nothing', async () => {
    const cable = await NetworkCable.to(url);
    const lossy = connectRedis(cable.url);
    const presence = new RedisPresence(lossy, own(), clock);
    const sighting = { memberId: 'ann', connectionId: '1', status: 'active' } as const;
    await presence.seen([sighting]);
    await cable.cut();
    await presence.seen([sighting]);
    await presence.gone('ann', '2');
    expect((await presence.of(['ann'])).get('ann')).toEqual({ status: 'offline', lastSeenAt: null });
    await cable.mend();
    await eventually(async () => {
      await presence.seen([sighting]);
      return (await presence.of(['ann'])).get('ann')?.status === 'active';
    });
    cable.clog();
    expect((await presence.of(['ann'])).get('ann')?.status).toBe('offline');
    await disconnect(lossy);
    await cable.cut();
  });
});
