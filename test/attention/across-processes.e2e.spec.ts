import type { Badges } from '@clawtank/contracts';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { accepted, eventually, Person, type RoomSocket } from '../support/people.js';
import { describeWithRedis } from '../support/redis.js';
import { ServerProcess } from '../support/server-process.js';
import { NetworkCable } from '../platform/support/network-cable.js';
import { aWhile, Device } from './device.js';

const SECRETS = {
  JWT_SECRET: 'a-test-signing-key-of-no-value-0123456789',
  ENCRYPTION_KEY: '0123456789abcdef'.repeat(4),
};

describeWithRedis('what people have not read, over two processes', (redis) => {
  let database: TestDatabase;
  let cable: NetworkCable;
  let left: ServerProcess;
  let right: ServerProcess;
  let ann: Person;
  let bob: Person;
  let roomId: string;
  let hers: RoomSocket;
  const devices: Device[] = [];

  beforeAll(async () => {
    [database, cable] = await Promise.all([createTestDatabase(), NetworkCable.to(redis.url)]);
    const env = { DATABASE_URL: database.url, REDIS_PREFIX: redis.prefix, LOG_LEVEL: 'fatal', ...SECRETS };
    [left, right] = await Promise.all([
      ServerProcess.start({ ...env, REDIS_URL: redis.url }),
      ServerProcess.start({ ...env, REDIS_URL: cable.url }),
    ]);
    ann = await Person.register(left.url);
    bob = await Person.register(left.url);
    const room = await ann.createRoomWithRepository();
    roomId = room.id;
    await ann.invite(roomId, bob);
    hers = await ann.connect();
  }, 120_000);
  afterEach(() => devices.splice(0).forEach((device) => device.close()));
  afterAll(async () => {
    hers.close();
    await Promise.all([left.stop(), right.stop()]);
    await cable.cut();
    left.removeData();
    right.removeData();
    await database.drop();
  });

  const deviceOf = async (person: Person): Promise<Device> => {
    const device = await Device.of(person);
    devices.push(device);
    return device;
  };
  const badgeOf = async () =>
    (await bob.request<Badges>('GET', '/api/me/badges')).rooms.find((badge) => badge.roomId === roomId);
  const say = (message: string) => accepted(hers, 'chat_message', { roomId, message });

  it('is heard of at the other one within two seconds, with its notification, and is read at both', async () => {
    const [here, there] = [await deviceOf(bob), await deviceOf(bob.at(right.url))];
    const said = await say(`hello @${bob.name}`);
    await Promise.all([here.hears(roomId, { mentions: 1 }, 2000), there.hears(roomId, { mentions: 1 }, 2000)]);
    const { id } = await there.isTold({ kind: 'mention' });
    await here.isTold({ id });

    await accepted(there.socket, 'mark_read', { roomId, seq: said.seq });
    await here.hears(roomId, { unread: 0, lastReadSeq: said.seq }, 2000);
    await eventually(() => here.cleared.includes(id) && there.cleared.includes(id));
  });

  it('does not pop up here while the person looks there', async () => {
    const [here, there] = [await deviceOf(bob), await deviceOf(bob.at(right.url))];
    await accepted(there.socket, 'join_room', { roomId });
    await say(`you see, @${bob.name}`);
    await here.hears(roomId, { mentions: 1 });
    await aWhile();
    expect([...here.notifications, ...there.notifications]).toEqual([]);
  });

  it('is heard of within seconds by a process that lost the bus', async () => {
    const there = await deviceOf(bob.at(right.url));
    await cable.cut();
    const { unread } = (await badgeOf())!;
    await say('is this lost?');
    await there.hears(roomId, { unread: unread + 1 }, 20_000);
    await cable.mend();
  }, 60_000);
});
