import { jest } from '@jest/globals';
import { HotHistory } from '../../apps/api/src/rooms/stream/hot-history.js';
import { startTestServer, type TestServer } from '../support/app.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { Follower } from '../support/follower.js';
import { accepted, eventually, Person } from '../support/people.js';
import { describeWithRedis, removeKeys } from '../support/redis.js';

describeWithRedis('a process that has just started', (redis) => {
  let database: TestDatabase;
  let writer: TestServer;
  let starter: TestServer;

  beforeAll(async () => {
    database = await createTestDatabase();
    writer = await startTestServer({ database, redis });
    starter = await startTestServer({ database, redis });
  });
  afterAll(async () => {
    await Promise.all([writer.close(), starter.close()]);
    await database.drop();
  });

  it('hands returning clients what they missed from Redis, and from PostgreSQL when Redis was emptied', async () => {
    const ann = await Person.register(writer.url);
    const room = await ann.createRoomWithRepository();
    const here = await ann.connect();
    const follower = await Follower.join(here, room.id);
    const since = { lastSeq: follower.state.seq, epoch: follower.state.epoch, state: follower.state };
    const said = Array.from({ length: 60 }, (_, index) => `message ${index}`);
    for (const message of said) {
      await accepted(here, 'chat_message', { roomId: room.id, message });
    }
    const head = since.lastSeq + said.length;
    await follower.reach(head);
    const history = starter.app.get(HotHistory, { strict: false });
    await eventually(async () => (await history.after(room.id, since.epoch, head - 1, 1)) !== null);
    const asked = jest.spyOn(history, 'after');

    const comeBack = async () => {
      const socket = await ann.at(starter.url).connect();
      const back = await Follower.join(socket, room.id, since);
      await back.reach(head);
      expect([back.joins[0]?.recovered, back.gaps, back.events.length]).toEqual([true, 0, said.length]);
      socket.close();
      // How many entries Redis had, each time that it was asked.
      const found = await Promise.all(asked.mock.results.map(({ value }) => value as ReturnType<HotHistory['after']>));
      return found.map((entries) => entries?.length ?? null);
    };
    expect(await comeBack()).toEqual([said.length]);
    await removeKeys(redis.url, redis.prefix);
    expect((await comeBack()).at(-1)).toBeNull();
    here.close();
  });
});
