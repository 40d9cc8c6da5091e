import type { ConnectionOverview } from '@clawtank/contracts';
import { DataSource } from 'typeorm';
import { ConnectionMap } from '../../apps/api/src/rooms/index.js';
import { startTestServer, type TestServer } from '../support/app.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { accepted, connect, eventually, Person } from '../support/people.js';
import { describeWithRedis } from '../support/redis.js';

describeWithRedis('the map of connections', (redis) => {
  let database: TestDatabase;
  let left: TestServer;
  let right: TestServer;

  beforeAll(async () => {
    database = await createTestDatabase();
    left = await startTestServer({ database, redis });
    right = await startTestServer({ database, redis });
  });
  afterAll(async () => {
    await left.close();
    await database.drop();
  });

  it('tells administrators how connections are spread over processes, and forgets a process that stops', async () => {
    const ann = await Person.register(left.url);
    const room = await ann.createRoom();
    const { token } = await ann.bringAgent(room.id);
    const [here, there, agent] = [
      await ann.connect(),
      await ann.at(right.url).connect(),
      await connect(right.url, '/agents', token),
    ];
    await accepted(there, 'join_room', { roomId: room.id });
    await accepted(agent, 'join_room', { roomId: room.id });
    await left.app.get(DataSource).query(`UPDATE users SET role = 'admin' WHERE id = $1`, [ann.id]);
    const admin = await Person.signIn(left.url, ann.name, 'correct horse battery');
    const overview = () => admin.request<ConnectionOverview>('GET', '/api/admin/connections');

    const spread = await eventually(async () => {
      const seen = await overview();
      return seen.total === 3 && seen;
    }, 20_000);
    expect(spread.processes.map(({ people, agents, rooms }) => ({ people, agents, rooms }))).toEqual([
      { people: 1, agents: 1, rooms: 1 },
      { people: 1, agents: 0, rooms: 0 },
    ]);
    const mapped = await left.app.get(ConnectionMap, { strict: false }).read();
    expect(mapped.find(({ id }) => id === agent.id)).toMatchObject({ type: 'agent', roomIds: [room.id] });

    await right.close();
    expect((await overview()).total).toBe(1);
    here.close();
    const bob = await Person.register(left.url);
    await expect(bob.request('GET', '/api/admin/connections')).rejects.toMatchObject({ status: 403 });
  }, 60_000);
});
