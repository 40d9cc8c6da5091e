import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { Follower } from '../support/follower.js';
import { accepted, connect, eventually, Person, request, type RoomSocket } from '../support/people.js';
import { describeWithRedis } from '../support/redis.js';
import { ServerProcess } from '../support/server-process.js';
import { NetworkCable } from './support/network-cable.js';

const SECRETS = {
  JWT_SECRET: 'a-test-signing-key-of-no-value-0123456789',
  ENCRYPTION_KEY: '0123456789abcdef'.repeat(4),
};

describeWithRedis('a server that loses Redis', (redis) => {
  let database: TestDatabase;
  let cable: NetworkCable;
  let server: ServerProcess;
  const sockets: RoomSocket[] = [];

  beforeAll(async () => {
    [database, cable] = await Promise.all([createTestDatabase(), NetworkCable.to(redis.url)]);
    server = await ServerProcess.start({
      DATABASE_URL: database.url,
      REDIS_URL: cable.url,
      REDIS_PREFIX: redis.prefix,
      LOG_LEVEL: 'fatal',
      ...SECRETS,
    });
  }, 90_000);
  afterAll(async () => {
    sockets.forEach((socket) => socket.close());
    await server.stop();
    await cable.cut();
    server.removeData();
    await database.drop();
  });

  it('goes on by itself, and goes on serving: people talk, tasks reach agents', async () => {
    const ann = await Person.register(server.url);
    const room = await ann.createRoom();
    const { agent, token } = await ann.bringAgent(room.id);
    const socket = await ann.connect();
    const agentSocket = await connect(server.url, '/agents', token);
    sockets.push(socket, agentSocket);
    const follower = await Follower.join(socket, room.id);
    const assigned: string[] = [];
    agentSocket.on('task_assignment', ({ task }) => assigned.push(task.id));

    await cable.cut();
    const message = await accepted(socket, 'chat_message', { roomId: room.id, message: 'Is anybody there?' });
    await follower.reach(message.seq);
    const task = await accepted(socket, 'create_task', { roomId: room.id, description: 'Look', agentId: agent.id });
    await eventually(() => assigned.includes(task.id));
    // Long enough for the connections to have given up on what was to be published.
    for (let look = 0; look < 4; look++) {
      expect(await request(server.url, 'GET', '/health/ready')).toMatchObject({ status: 'ready', redis: 'down' });
    }
    expect(await request(server.url, 'GET', '/health/live')).toEqual({ status: 'alive' });

    await cable.mend();
    await eventually(async () => (await request<{ redis: string }>(server.url, 'GET', '/health/ready')).redis === 'up');
    const later = await accepted(socket, 'chat_message', { roomId: room.id, message: 'There you are.' });
    await follower.reach(later.seq);
    expect(follower.gaps).toBe(0);
  });
});
