import { randomUUID } from 'node:crypto';
import type { ActivityItem, Task } from '@clawtank/contracts';
import { DataSource } from 'typeorm';
import { startTestServer, type TestServer } from '../support/app.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { accepted, command, connect, eventually, Person, type RoomSocket } from '../support/people.js';
import { describeWithRedis } from '../support/redis.js';
import { ServerProcess } from '../support/server-process.js';

const ASKED = 'could somebody fix the flaky login test?';

const tasksOf = (person: Person, roomId: string) => person.request<Task[]>('GET', `/api/rooms/${roomId}/tasks`);

describe('a task made from a message', () => {
  let server: TestServer;
  let ann: Person;
  let bob: Person;
  let annSocket: RoomSocket;
  let bobSocket: RoomSocket;
  let roomId: string;

  beforeAll(async () => {
    server = await startTestServer();
    [ann, bob] = [await Person.register(server.url), await Person.register(server.url)];
  });
  beforeEach(async () => {
    roomId = (await ann.createRoom({ visibility: 'public' })).id;
    await ann.invite(roomId, bob);
    [annSocket, bobSocket] = [await ann.connect(), await bob.connect()];
  });
  afterEach(() => [annSocket, bobSocket].forEach((socket) => socket.close()));
  afterAll(() => server.close());

  const say = (message: string, visibility: 'public' | 'members' = 'public') =>
    accepted(bobSocket, 'chat_message', { roomId, message, visibility, clientMessageId: randomUUID() });
  const make = (sourceMessageId: string, socket = annSocket) =>
    command(socket, 'create_task', { roomId, description: ASKED, sourceMessageId, commandId: randomUUID() });

  it('names its message, is its maker’s, and belongs to nobody until somebody claims it', async () => {
    const { id } = await say(ASKED);
    const made = await make(id);
    expect(made).toMatchObject({
      ok: true,
      data: { sourceMessageId: id, createdBy: { id: ann.id }, assignedTo: null, state: 'open', priority: 'medium' },
    });
  });

  it('is the same task whoever asks again', async () => {
    const { id } = await say(ASKED);
    const replies = [await make(id), await make(id, bobSocket), await make(id)];
    expect(new Set(replies.map((reply) => reply.ok && reply.data.id)).size).toBe(1);
    expect(await tasksOf(ann, roomId)).toHaveLength(1);
  });

  it('is the one that a mention in the message has made', async () => {
    const { agent } = await ann.bringAgent(roomId);
    const { id } = await say(`@${agent.name} fix the flaky login test`);
    const [asked] = await eventually(async () => {
      const tasks = await tasksOf(ann, roomId);
      return tasks.length > 0 && tasks;
    });
    expect(await make(id)).toMatchObject({ ok: true, data: { id: asked?.id } });
  });

  it('is not given to an agent that the message asked, too', async () => {
    const [{ agent }, { agent: other }] = [await ann.bringAgent(roomId), await ann.bringAgent(roomId)];
    await say(`@${agent.name} @${other.name} fix the flaky login test`);
    const [first, second] = await eventually(async () => {
      const tasks = await tasksOf(ann, roomId);
      return tasks.length === 2 && tasks;
    });
    const give = { roomId, taskId: first!.id, agentId: second!.assignedTo!.id, commandId: randomUUID() };
    expect(await command(annSocket, 'update_task', give)).toMatchObject({
      ok: false,
      error: { code: 'invalid_input', errors: [{ path: 'agentId' }] },
    });
  });

  it('needs a message that stands in this very room', async () => {
    const elsewhere = await ann.createRoom();
    const { id: other } = await accepted(annSocket, 'chat_message', { roomId: elsewhere.id, message: ASKED });
    const { id: gone } = await say(ASKED);
    await accepted(bobSocket, 'delete_message', { roomId, messageId: gone, commandId: randomUUID() });
    const { id: whispered } = await accepted(bobSocket, 'direct_message', {
      ...{ roomId, toMemberId: ann.id, message: ASKED, clientMessageId: randomUUID() },
    });
    for (const id of [other, gone, whispered, randomUUID()]) {
      expect(await make(id)).toMatchObject({ ok: false, error: { code: 'not_found' } });
    }
    expect(await tasksOf(ann, roomId)).toEqual([]);
  });

  it('forgets what was said when the message is deleted', async () => {
    const { id } = await say(ASKED);
    await make(id);
    await accepted(bobSocket, 'delete_message', { roomId, messageId: id, commandId: randomUUID() });
    await eventually(async () => {
      const [task] = await tasksOf(ann, roomId);
      return task?.title === 'Task 1' && task.description === '';
    });
    const { activity } = await ann.request<{ activity: ActivityItem[] }>('GET', `/api/rooms/${roomId}/activity`);
    expect(JSON.stringify(activity)).not.toContain('flaky');
  });

  it('stays among members if its message did, from the first entry to the last', async () => {
    const told = async () => {
      const rows = await server.app.get(DataSource).query<{ type: string; number: string }[]>(
        `SELECT type, public_payload ->> 'number' AS number FROM room_events
         WHERE room_id = $1 AND public_seq IS NOT NULL AND public_payload ? 'task_id' ORDER BY seq`,
        [roomId],
      );
      return rows.map(({ type, number }) => `${type} ${number}`);
    };
    const { token } = await ann.bringAgent(roomId);
    const agent = await connect(server.url, '/agents', token);
    for (const visibility of ['members', 'public'] as const) {
      const { id } = await say(ASKED, visibility);
      const made = await make(id);
      const taskId = made.ok ? made.data.id : '';
      const { lease } = await accepted(agent, 'claim_task', { roomId, taskId });
      await accepted(agent, 'release_task', { roomId, taskId, leaseId: lease.leaseId, commandId: randomUUID() });
    }
    agent.close();
    expect(await told()).toEqual(['task.created 2', 'agent.claimed_task 2']);
  });
});

describeWithRedis('a message that everybody makes a task of at once, at two processes', (redis) => {
  let database: TestDatabase;
  let processes: ServerProcess[];
  let people: Person[];
  const sockets: RoomSocket[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    const env = {
      ...{ DATABASE_URL: database.url, REDIS_URL: redis.url, REDIS_PREFIX: redis.prefix },
      ...{ JWT_SECRET: 'a-test-signing-key-of-no-value-0123456789', ENCRYPTION_KEY: '0123456789abcdef'.repeat(4) },
    };
    processes = await Promise.all([ServerProcess.start(env), ServerProcess.start(env)]);
    const [left, right] = processes as [ServerProcess, ServerProcess];
    people = [await Person.register(left.url), (await Person.register(left.url)).at(right.url)];
  }, 120_000);
  afterAll(async () => {
    sockets.forEach((socket) => socket.close());
    await Promise.all(processes.map((one) => one.stop()));
    processes.forEach((one) => one.removeData());
    await database.drop();
  });

  it('becomes one task', async () => {
    const [ann, bob] = people as [Person, Person];
    const { id: roomId } = await ann.createRoom();
    await ann.invite(roomId, bob);
    sockets.push(await ann.connect(), await bob.connect());
    const { id } = await accepted(sockets[0]!, 'chat_message', { roomId, message: ASKED });
    const replies = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        accepted(sockets[index % 2]!, 'create_task', {
          ...{ roomId, description: ASKED, sourceMessageId: id, commandId: randomUUID() },
        }),
      ),
    );
    expect(new Set(replies.map((task) => task.id)).size).toBe(1);
    expect(await tasksOf(ann, roomId)).toHaveLength(1);
  });
});
