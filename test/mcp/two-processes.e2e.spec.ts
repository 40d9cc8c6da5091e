import type { NewAgent, Room } from '@clawtank/contracts';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { startTestServer, type TestServer } from '../support/app.js';
import { accepted, Person, type RoomSocket } from '../support/people.js';
import { describeWithRedis } from '../support/redis.js';
import { McpAgent, type Waited } from './mcp.support.js';

describeWithRedis('an agent that speaks MCP to one process while things happen at another', (redis) => {
  let database: TestDatabase;
  let here: TestServer;
  let there: TestServer;
  let host: Person;
  let socket: RoomSocket;
  let room: Room;
  let helper: NewAgent;
  let agent: McpAgent;
  beforeAll(async () => {
    database = await createTestDatabase();
    [here, there] = await Promise.all([startTestServer({ database, redis }), startTestServer({ database, redis })]);
    host = await Person.register(there.url);
    socket = await host.connect();
    room = await host.createRoom();
    helper = await host.bringAgent(room.id);
    agent = await McpAgent.connect(here, helper.token);
  });
  afterAll(async () => {
    await agent.close();
    socket.close();
    await Promise.all([here.close(), there.close()]);
    await database.drop();
  });

  /** What a wait comes to that has begun for sure before `happens`, and how long after it. */
  const meanwhile = async (happens: () => Promise<unknown>): Promise<{ waited: Waited; milliseconds: number }> => {
    const { cursor } = await agent.ask('wait_for_events', { timeoutSeconds: 0 });
    const waiting = agent.ask('wait_for_events', { after: cursor, timeoutSeconds: 10 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    await happens();
    const since = performance.now();
    return { waited: await waiting, milliseconds: performance.now() - since };
  };

  it('hears at once of what is addressed to it', async () => {
    const say = () => accepted(socket, 'chat_message', { roomId: room.id, message: `@${helper.agent.name} look` });
    const { waited, milliseconds } = await meanwhile(say);
    expect(waited.events).toMatchObject([{ kind: 'mention' }]);
    expect(milliseconds).toBeLessThan(1000);
  });

  it('hears at once of a seat in a room that nobody followed', async () => {
    const other = await host.createRoom();
    const seat = () => host.request('POST', `/api/rooms/${other.id}/agents/${helper.agent.id}`);
    const { waited, milliseconds } = await meanwhile(seat);
    expect(waited.events).toMatchObject([{ kind: 'seat_given', roomId: other.id }]);
    expect(milliseconds).toBeLessThan(1000);
  });

  it('goes on at the other process with the cursor of this one', async () => {
    const elsewhere = await McpAgent.connect(there, helper.token);
    const { cursor } = await agent.ask('wait_for_events', { timeoutSeconds: 0 });
    await accepted(socket, 'chat_message', { roomId: room.id, message: `@${helper.agent.name} again` });
    const waited = await elsewhere.ask('wait_for_events', { after: cursor });
    expect(waited.events).toMatchObject([{ kind: 'mention', message: { text: `@${helper.agent.name} again` } }]);
    expect((await agent.ask('wait_for_events', { after: waited.cursor, timeoutSeconds: 0 })).events).toEqual([]);
    await elsewhere.close();
  });

  it('is out within a second once it is revoked', async () => {
    const revoke = () => host.request('DELETE', `/api/agents/${helper.agent.id}`);
    const { cursor } = await agent.ask('wait_for_events', { timeoutSeconds: 0 });
    const waiting = agent.refused('wait_for_events', { after: cursor });
    await new Promise((resolve) => setTimeout(resolve, 300));
    await revoke();
    const since = performance.now();
    expect(await waiting).toMatchObject({ error: 'unauthenticated' });
    expect(performance.now() - since).toBeLessThan(1000);
  });
});
