import type { InboxPage, NewAgent, Room } from '@clawtank/contracts';
import { startTestServer, type TestServer } from '../support/app.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { accepted, connect, Person, request, type RoomSocket } from '../support/people.js';
import { describeWithRedis } from '../support/redis.js';
import { ServerProcess } from '../support/server-process.js';

/** Processes take a while to start on a machine that is busy. */
const START_MS = 120_000;
const JWT_SECRET = 'a-test-signing-key-of-no-value-0123456789';

describeWithRedis('an agent’s inbox between two processes of which one is killed', (redis) => {
  let database: TestDatabase;
  let here: TestServer;
  let there: ServerProcess;
  let host: Person;
  let room: Room;
  let helper: NewAgent;

  const start = () =>
    ServerProcess.start({
      DATABASE_URL: database.url,
      REDIS_URL: redis.url,
      REDIS_PREFIX: redis.prefix,
      JWT_SECRET,
      ENCRYPTION_KEY: '0123456789abcdef'.repeat(4),
    });
  const say = (socket: RoomSocket, text: string) =>
    accepted(socket, 'chat_message', { roomId: room.id, message: `@${helper.agent.name} ${text}` });
  const inboxAt = ({ url }: { readonly url: string }, after: number) =>
    request<InboxPage>(url, 'GET', `/api/agents/me/inbox?after=${after}`, { token: helper.token });
  const textsOf = ({ items }: InboxPage) =>
    items.flatMap(({ event }) => (event?.type === 'chat.message' ? event.data.message.message.split(' ')[1] : []));

  beforeAll(async () => {
    database = await createTestDatabase();
    here = await startTestServer({ database, redis });
    there = await start();
    host = await Person.register(there.url);
    room = await host.createRoom();
    helper = await host.bringAgent(room.id);
  }, START_MS);
  afterAll(async () => {
    await there.stop();
    there.removeData();
    await here.close();
    await database.drop();
  });

  it('hints at one of them at what is said at the other, and says the same at both', async () => {
    const agent = await connect(here.url, '/agents', helper.token);
    const socket = await host.connect();
    const hinted = new Promise<{ head: number }>((resolve) => agent.once('inbox', resolve));
    await say(socket, 'one');
    const { head } = await hinted;
    const page = await inboxAt(here, 0);
    expect(page.upTo).toBe(head);
    expect(await inboxAt(there, 0)).toEqual(page);
    agent.close();
    socket.close();
  });

  it(
    'has all that was acknowledged to its sender, in order, and nothing that the agent acknowledged, through kill -9',
    async () => {
      const { upTo: from } = await inboxAt(here, 0);
      await request(here.url, 'POST', '/api/agents/me/inbox/ack', { token: helper.token, body: { upTo: from } });
      const socket = await host.connect();
      const stored: string[] = [];
      const talking = (async () => {
        for (let count = 1; ; count++) {
          await say(socket, String(count));
          stored.push(String(count));
        }
      })().catch(() => undefined); // the line is dead
      while (stored.length < 20) {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      const { items } = await inboxAt(here, 0);
      const tenth = items[9]!.number;
      await request(there.url, 'POST', '/api/agents/me/inbox/ack', { token: helper.token, body: { upTo: tenth } });
      await there.kill();
      there.removeData();
      socket.close();
      await talking;

      const page = await inboxAt(here, 0);
      const expected = stored.slice(10);
      expect(textsOf(page).slice(0, expected.length)).toEqual(expected);
      // What was being stored when the process was killed is there as a whole or not at all.
      expect(textsOf(page).length - expected.length).toBeLessThanOrEqual(1);
      expect(page.items.map(({ number }) => number)).toEqual(page.items.map((_, index) => tenth + 1 + index));
      there = await start();
      expect(await inboxAt(there, 0)).toEqual(page);
    },
    START_MS,
  );
});
