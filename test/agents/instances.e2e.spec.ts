import type { Lease } from '@clawtank/contracts';
import { runAgent, type RunningAgent } from '@clawtank/agent-sdk';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { accepted, command, connect, eventually, Person, type RoomSocket } from '../support/people.js';
import { describeWithRedis } from '../support/redis.js';
import { ServerProcess } from '../support/server-process.js';

describeWithRedis('several runs of one agent, on two processes', (redis) => {
  let database: TestDatabase;
  let left: ServerProcess;
  let right: ServerProcess;
  let owner: Person;
  let roomId: string;
  let agentId: string;
  let token: string;
  const running: RunningAgent[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    const env = {
      DATABASE_URL: database.url,
      REDIS_URL: redis.url,
      REDIS_PREFIX: redis.prefix,
      JWT_SECRET: 'a-test-signing-key-of-no-value-0123456789',
      ENCRYPTION_KEY: '0123456789abcdef'.repeat(4),
    };
    [left, right] = await Promise.all([ServerProcess.start(env), ServerProcess.start(env)]);
    owner = await Person.register(left.url);
  }, 120_000);
  afterAll(async () => {
    await Promise.all([left.stop(), right.stop()]);
    left.removeData();
    right.removeData();
    await database.drop();
  });
  beforeEach(async () => {
    roomId = (await owner.createRoom()).id;
    ({
      agent: { id: agentId },
      token,
    } = await owner.bringAgent(roomId));
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((one) => one.stop(0)));
  });

  /** Holds every task it is given until it is told to stop. */
  const start = async ({ url }: ServerProcess, instance: string): Promise<RunningAgent & { given: Lease[] }> => {
    const given: Lease[] = [];
    const agent = runAgent(
      {
        onTaskAssignment: ({ lease, signal }) => {
          given.push(lease);
          return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
        },
      },
      { url, token, instance, stopOn: [], report: () => undefined },
    );
    running.push(agent);
    await agent.client.ready();
    return { ...agent, given };
  };
  const endOf = ({ stopped }: RunningAgent) => stopped.then(() => 'closed').catch((end: { code: string }) => end.code);

  it('leave the newest: the other is told why, stays away, and its work goes on under the same lease', async () => {
    const first = await start(left, 'one');
    const person = await owner.connect();
    const task = await accepted(person, 'create_task', { roomId, description: 'Something long', agentId });
    await eventually(() => first.given.length > 0);
    const second = await start(right, 'two');
    expect(await endOf(first)).toBe('superseded');
    const resumed = await eventually(() => second.given[0]);
    expect(resumed).toMatchObject({ taskId: task.id, leaseId: first.given[0]?.leaseId, fence: 1 });
    person.close();
  });

  it('leave exactly one, however many come at the same time', async () => {
    const sockets = await Promise.all(
      Array.from({ length: 12 }, (_, index) => connect((index % 2 ? left : right).url, '/agents', token)),
    );
    await Promise.allSettled(
      sockets.map((socket, index) => command(socket, 'agent_register', { instance: `run-${index}` })),
    );
    const open = (): RoomSocket[] => sockets.filter((socket) => socket.connected);
    await eventually(() => open().length === 1);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(open()).toHaveLength(1);
    expect(await command(open()[0]!, 'agent_status', { status: 'idle' })).toMatchObject({ ok: true });
    open().forEach((socket) => socket.close());
  });

  it('do not mind each other if it is the same run that came back', async () => {
    const [before, after] = [await connect(left.url, '/agents', token), await connect(right.url, '/agents', token)];
    await accepted(before, 'agent_register', { instance: 'one' });
    await accepted(after, 'agent_register', { instance: 'one' });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect([before.connected, after.connected]).toEqual([true, true]);
    before.close();
    after.close();
  });
});
