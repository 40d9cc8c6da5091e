import { SPECTATOR_CLOSE_CODES } from '@clawtank/contracts';
import { DataSource } from 'typeorm';
import { PublicRoomReader } from '../../apps/api/src/spectators/public-room.reader.js';
import { SpectatorLimits } from '../../apps/api/src/spectators/spectator-limits.js';
import { startTestServer, type TestServer } from '../support/app.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { eventually, Person } from '../support/people.js';
import { describeWithRedis } from '../support/redis.js';
import { aMessage, append } from './room-log.support.js';
import { PlainSpectator, SocketIoSpectator, TRANSPORTS } from './spectators.support.js';

const aRoom = (host: Person) => host.createRoom({ visibility: 'public' });

describe('The audience of a room', () => {
  let server: TestServer;
  let host: Person;

  beforeAll(async () => {
    server = await startTestServer();
    host = await Person.register(server.url);
  });

  afterAll(() => server.close());

  it('is counted for its members and for itself, whatever the transport', async () => {
    const room = await aRoom(host);
    const member = await host.connect();
    const viewers: number[] = [];
    member.on('room_update', (update) => viewers.push(update.viewers));
    await member.emitWithAck('join_room', { roomId: room.id });

    const plain = new PlainSpectator(server.url, room.id);
    await plain.welcome();
    const socketIo = new SocketIoSpectator(server.url, room.id, { auth_token: host.token });
    const { presence } = await socketIo.welcome();
    expect(presence).toMatchObject({ total_spectators: 2, anonymous_count: 1, registered_count: 1 });
    await eventually(() => viewers.at(-1) === 2);
    await plain.until(() => plain.of('spectator.presence').at(-1)?.total_spectators === 2);

    await socketIo.leave();
    await eventually(() => viewers.at(-1) === 1);
    const last = await plain.until(() =>
      plain.of('spectator.presence').find((told) => told.total_spectators === 1 && told.recent_peak === 2),
    );
    expect(last).toEqual({
      room_id: room.id,
      total_spectators: 1,
      anonymous_count: 1,
      registered_count: 0,
      recent_peak: 2,
      join_rate: 2,
    });

    await plain.leave();
    await eventually(() => viewers.at(-1) === 0);
    member.disconnect();
  });

  it('is let in by a reading or two of the room, however many arrive together', async () => {
    const room = await aRoom(host);
    server.app.get(PublicRoomReader, { strict: false }).forget(room.id);
    const readings = await countingReadings(server.app.get(DataSource, { strict: false }), async () => {
      const crowd = Array.from({ length: 200 }, () => new PlainSpectator(server.url, room.id));
      await Promise.all(crowd.map((spectator) => spectator.welcome()));
      await Promise.all(crowd.map((spectator) => spectator.leave()));
    });
    expect(readings).toBeGreaterThan(0);
    expect(readings).toBeLessThan(10); // one a second, if this machine is slow
  });

  it('never exceeds the room’s capacity, also when many arrive at once', async () => {
    const limits = server.app.get(SpectatorLimits, { strict: false });
    const { capacity } = limits;
    Object.assign(limits, { capacity: 5 });
    const room = await aRoom(host);
    const crowd = Array.from({ length: 12 }, () => new PlainSpectator(server.url, room.id));
    const messages = await Promise.all(crowd.map((spectator) => spectator.until(() => spectator.messages[0])));
    Object.assign(limits, { capacity });

    expect(messages.filter(({ type }) => type === 'spectator.welcome')).toHaveLength(5);
    const refused = crowd.filter((spectator) => spectator.of('spectator.error').length > 0);
    for (const spectator of refused) {
      expect(await spectator.error()).toMatchObject({
        code: 'CAPACITY_EXCEEDED',
        retry_after: 30_000,
        permanent: false,
      });
      await spectator.until(() => spectator.closed);
      expect(spectator.closed).toEqual({ code: SPECTATOR_CLOSE_CODES.tryLater });
    }
    await Promise.all(crowd.filter(({ closed }) => !closed).map((spectator) => spectator.leave()));
  });

  it.each(TRANSPORTS)('loses those who do not read over %s, and nobody else', async (_, connect) => {
    const room = await aRoom(host);
    const lively = new PlainSpectator(server.url, room.id);
    const stuck = connect(server.url, room.id);
    await Promise.all([lively.welcome(), stuck.welcome()]);
    stuck.stopReading();
    const messages = Array.from({ length: 10 }, () => aMessage('x'.repeat(60_000)));
    await eventually(async () => {
      await lively.eventsUpTo(await append(server, room.id, ...messages));
      return lively.of('spectator.presence').at(-1)?.total_spectators === 1;
    }, 25_000);
    stuck.readOn();
    await stuck.until(() => stuck.closed);
    expect(lively.closed).toBeNull();
    await lively.leave();
  });

  it('refuses addresses that open connection after connection', async () => {
    const one = await startTestServer();
    const hasty = async () => {
      const spectator = new PlainSpectator(one.url, 'nowhere');
      const { code } = await spectator.error();
      await spectator.until(() => spectator.closed);
      return code;
    };
    const { connectionsPerMinute } = one.app.get(SpectatorLimits, { strict: false });
    const codes = new Set<string>();
    for (let opened = 0; opened < connectionsPerMinute; opened += 50) {
      (await Promise.all(Array.from({ length: 50 }, hasty))).forEach((code) => codes.add(code));
    }
    expect(codes).toEqual(new Set(['ROOM_NOT_FOUND']));
    expect(await hasty()).toBe('RATE_LIMITED');
    await one.close();
  });
});

describeWithRedis('The audience of a room over two processes', (redis) => {
  let database: TestDatabase;
  let first: TestServer;
  let second: TestServer;

  beforeAll(async () => {
    database = await createTestDatabase();
    first = await startTestServer({ database, redis });
    second = await startTestServer({ database, redis });
  });

  afterAll(async () => {
    await first.close();
    await second.close();
    await database.drop();
  });

  it('is counted together, hears the same, and is sent away together', async () => {
    const host = await Person.register(first.url);
    const room = await aRoom(host);
    const here = new PlainSpectator(first.url, room.id);
    await here.welcome();
    const there = new SocketIoSpectator(second.url, room.id);
    await there.welcome();
    await Promise.all(
      [here, there].map((spectator) =>
        spectator.until(() => spectator.of('spectator.presence').at(-1)?.total_spectators === 2),
      ),
    );

    const head = await append(second, room.id, aMessage('from the other process'));
    expect(await here.eventsUpTo(head)).toEqual(await there.eventsUpTo(head));

    await host.request('PUT', `/api/rooms/${room.id}`, { visibility: 'private' });
    for (const spectator of [here, there]) {
      expect(await spectator.error()).toMatchObject({ code: 'ROOM_NOT_FOUND', permanent: true });
      await spectator.until(() => spectator.closed);
    }
  });

  it('may go on at another process', async () => {
    const host = await Person.register(first.url);
    const room = await aRoom(host);
    const here = new SocketIoSpectator(first.url, room.id);
    const { epoch, public_seq } = await here.welcome();
    await append(first, room.id, aMessage('one'));
    await here.eventsUpTo(public_seq + 1);
    await here.leave();
    await append(first, room.id, aMessage('two'));

    const there = new SocketIoSpectator(second.url, room.id, { epoch, last_public_seq: public_seq + 1 });
    expect(await there.welcome()).toMatchObject({ recovered: true, public_seq: public_seq + 1 });
    expect(await there.eventsUpTo(public_seq + 2)).toMatchObject([{ content: 'two' }]);
    await there.leave();
  });
});

/** How many consistent readings were begun meanwhile. */
async function countingReadings(dataSource: DataSource, run: () => Promise<void>): Promise<number> {
  let begun = 0;
  const { transaction } = dataSource;
  dataSource.transaction = ((...asked: Parameters<typeof transaction>) => {
    begun += asked[0] === 'REPEATABLE READ' ? 1 : 0;
    return transaction.apply(dataSource, asked);
  }) as typeof transaction;
  try {
    await run();
  } finally {
    dataSource.transaction = transaction;
  }
  return begun;
}
