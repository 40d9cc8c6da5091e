import { setTimeout as sleep } from 'node:timers/promises';
import type { Bus } from '../../apps/api/src/platform/bus/bus.js';
import { MemoryBus } from '../../apps/api/src/platform/bus/memory-bus.js';
import { RedisBus } from '../../apps/api/src/platform/bus/redis-bus.js';
import { connectRedis } from '../../apps/api/src/platform/bus/redis.js';
import { quiet } from './support/quiet.js';
import { eventually } from '../support/people.js';
import { describeWithRedis } from '../support/redis.js';
import { NetworkCable } from './support/network-cable.js';

beforeAll(quiet);

/** What holds for the bus, between `here` and `there`, which may be the same. */
function conformsAsBus(open: () => Promise<{ here: Bus; there: Bus; close(): Promise<void> }>): void {
  let here: Bus;
  let there: Bus;
  let close: () => Promise<void>;
  beforeEach(async () => ({ here, there, close } = await open()));
  afterEach(() => close());

  it('carries messages in order within each channel, and to no other', async () => {
    const heard: Record<'a' | 'b', unknown[]> = { a: [], b: [] };
    await there.subscribe('a', (message) => heard.a.push(message));
    await there.subscribe('b', (message) => heard.b.push(message));
    const numbers = Array.from({ length: 100 }, (_, index) => index);
    await Promise.all(numbers.map((number) => here.publish(number % 2 ? 'a' : 'b', { number })));
    await eventually(() => heard.a.length + heard.b.length >= 100);
    expect(heard.a).toEqual(numbers.filter((number) => number % 2).map((number) => ({ number })));
    expect(heard.b).toEqual(numbers.filter((number) => !(number % 2)).map((number) => ({ number })));
  });

  it('calls nobody before the publisher’s turn has ended', async () => {
    let heard = 0;
    await here.subscribe('a', () => heard++);
    const publishing = here.publish('a', null);
    expect(heard).toBe(0);
    await publishing;
    await eventually(() => heard === 1);
  });

  it('gives each listener a message of its own', async () => {
    const heard: { list: number[] }[] = [];
    const original = { list: [1] };
    await there.subscribe('a', (message) => {
      (message as { list: number[] }).list.push(2);
      heard.push(message as { list: number[] });
    });
    await there.subscribe('a', (message) => heard.push(message as { list: number[] }));
    await here.publish('a', original);
    await eventually(() => heard.length === 2);
    expect([...heard, original]).toEqual([{ list: [1, 2] }, { list: [1] }, { list: [1] }]);
  });

  it('reaches a second listener that came while the first was still being let in', async () => {
    let heard = 0;
    await Promise.all([there.subscribe('a', () => heard++), there.subscribe('a', () => heard++)]);
    await here.publish('a', null);
    await eventually(() => heard === 2);
  });

  it('stops for whoever unsubscribed, and for nobody else', async () => {
    const heard: string[] = [];
    const stopOne = await there.subscribe('a', () => heard.push('one'));
    const stopOther = await there.subscribe('a', () => heard.push('other'));
    await stopOne();
    await here.publish('a', null);
    await eventually(() => heard.length === 1);
    await stopOther();
    await stopOther();
    await here.publish('a', null);
    await there.subscribe('a', () => heard.push('new'));
    await here.publish('a', null);
    await eventually(() => heard.includes('new'));
    expect(heard).toEqual(['other', 'new']);
  });

  it('goes on after a listener threw', async () => {
    const heard: unknown[] = [];
    await there.subscribe('a', () => {
      throw new Error('a bug of a feature');
    });
    await there.subscribe('a', (message) => heard.push(message));
    await here.publish('a', 1);
    await here.publish('a', 2);
    await eventually(() => heard.length === 2);
    expect(heard).toEqual([1, 2]);
  });
}

describe('the bus in memory', () => {
  conformsAsBus(() => {
    const bus = new MemoryBus();
    return Promise.resolve({ here: bus, there: bus, close: () => bus.close() });
  });
});

describeWithRedis('the bus on Redis', (redis) => {
  const openAt = (url: string): RedisBus =>
    new RedisBus(connectRedis(url), connectRedis(url, { autoResubscribe: false }), redis.prefix);

  conformsAsBus(() => {
    const [here, there] = [openAt(redis.url), openAt(redis.url)];
    return Promise.resolve({ here, there, close: async () => void (await Promise.all([here.close(), there.close()])) });
  });

  it('ignores what is no message', async () => {
    const bus = openAt(redis.url);
    const publisher = connectRedis(redis.url);
    const heard: unknown[] = [];
    await bus.subscribe('a', (message) => heard.push(message));
    await publisher.publish(`${redis.prefix}a`, 'not JSON');
    await bus.publish('a', 'JSON');
    await eventually(() => heard.length === 1);
    expect(heard).toEqual(['JSON']);
    await Promise.all([bus.close(), publisher.quit()]);
  });

  describe('while Redis is away', () => {
    let cable: NetworkCable;
    let bus: RedisBus;
    let faithful: RedisBus;
    beforeEach(async () => {
      cable = await NetworkCable.to(redis.url);
      bus = openAt(cable.url);
      faithful = openAt(redis.url);
    });
    afterEach(async () => {
      await Promise.all([bus.close(), faithful.close()]);
      await cable.cut();
    });

    /** Publishes until it is heard: when exactly a subscription is back, nobody outside can say. */
    const untilHeard = (heard: unknown[], channel: string) =>
      eventually(async () => {
        await faithful.publish(channel, channel);
        await sleep(20);
        return heard.includes(channel);
      });

    it('refuses nothing, and listens again afterwards on every channel, those asked for meanwhile too', async () => {
      const heard: unknown[] = [];
      await bus.subscribe('old', (message) => heard.push(message));
      const stop = await bus.subscribe('left', (message) => heard.push(message));
      await untilHeard(heard, 'old');

      await cable.cut();
      await bus.publish('old', 'lost');
      await bus.subscribe('new', (message) => heard.push(message));
      await bus.subscribe('new', (message) => heard.push(message));
      await stop();
      heard.length = 0;
      await cable.mend();

      await untilHeard(heard, 'new');
      await untilHeard(heard, 'old');
      await faithful.publish('left', 'left');
      await eventually(() => bus.publish('old', 'found').then(() => heard.includes('found')));
      expect(heard).not.toContain('lost');
      expect(heard).not.toContain('left');
    });

    it('survives losing it again and again in the middle of subscribing', async () => {
      const heard: unknown[] = [];
      for (let round = 0; round < 5; round++) {
        const subscribing = bus.subscribe(`round ${round}`, (message) => heard.push(message));
        await cable.cut();
        await subscribing;
        await cable.mend();
        await sleep(30 * round);
      }
      await untilHeard(heard, 'round 0');
      await untilHeard(heard, 'round 4');
    });

    it('says when it is back, and carries messages then', async () => {
      const heard: unknown[] = [];
      await bus.subscribe('a', (message) => heard.push(message));
      await cable.cut();
      await bus.publish('a', 'lost');
      bus.onReturn(() => void bus.publish('a', 'back'));
      await cable.mend();
      await eventually(() => heard.includes('back'));
      expect(heard).not.toContain('lost');
    });

    it('closes', async () => {
      await cable.cut();
      await bus.publish('a', null);
      await bus.close();
    });
  });
});
