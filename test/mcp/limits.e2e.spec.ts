import type { AgentLimits, NewAgent, Room } from '@clawtank/contracts';
import { DataSource } from 'typeorm';
import { TaskFollower } from '../../apps/api/src/tasks/task-follower.service.js';
import { startTestServer, type TestServer } from '../support/app.js';
import { accepted, Person, type RoomSocket } from '../support/people.js';
import { aKey, ERAS, McpAgent, type Waited } from './mcp.support.js';

const HOUR_MS = 3_600_000;
const inAnHour = (retryAfter: number | undefined): boolean => Number(retryAfter) > 0 && Number(retryAfter) <= HOUR_MS;

describe.each(ERAS)('over MCP, in the %s era', (era) => {
  let server: TestServer;
  let host: Person;
  let socket: RoomSocket;
  let room: Room;
  let helper: NewAgent;
  let agent: McpAgent;
  beforeAll(async () => {
    server = await startTestServer();
    host = await Person.register(server.url);
    socket = await host.connect();
  });
  afterAll(async () => {
    socket.close();
    await server.close();
  });
  beforeEach(async () => {
    room = await host.createRoom();
    helper = await host.bringAgent(room.id);
    agent = await McpAgent.connect(server, helper.token, era);
  });
  afterEach(() => agent.close());

  const newTask = (more: { agentId?: string; dependsOn?: string[] } = {}) =>
    accepted(socket, 'create_task', { roomId: room.id, description: 'Fix it', ...more });
  const claimOf = (taskId: string) => ({ roomId: room.id, taskId, idempotencyKey: aKey() });
  const held = async (by = agent) => {
    const { id: taskId } = await newTask();
    const { lease } = await by.ask('claim_task', claimOf(taskId));
    return { roomId: room.id, taskId, leaseId: lease.leaseId };
  };
  const limit = (limits: Partial<AgentLimits>) =>
    host.request('PUT', `/api/rooms/${room.id}/agents/${helper.agent.id}/limits`, { limits });

  describe('an agent that says what it will touch', () => {
    it('hears who else does, names something else later, and is answered once for one key', async () => {
      const other = await McpAgent.connect(server, (await host.bringAgent(room.id)).token, era);
      const [mine, theirs] = [await held(), await held(other)];
      const claim = { ...mine, paths: ['src/*.ts'], idempotencyKey: aKey() };
      expect(await agent.ask('claim_paths', claim)).toEqual({ paths: ['src/*.ts'], conflicts: [] });
      const meeting = await other.ask('claim_paths', {
        ...theirs,
        paths: ['src/main.ts', 'docs'],
        idempotencyKey: aKey(),
      });
      expect(meeting.conflicts).toMatchObject([
        { taskId: mine.taskId, kind: 'claimed', holder: { id: helper.agent.id } },
      ]);
      const apart = await other.ask('claim_paths', { ...theirs, paths: ['docs'], idempotencyKey: aKey() });
      expect(apart).toEqual({ paths: ['docs'], conflicts: [] });
      expect((await agent.ask('claim_paths', claim)).paths).toEqual(['src/*.ts']);
      await other.close();
    });

    it('may say so when it claims the task', async () => {
      const { id: taskId } = await newTask();
      await agent.ask('claim_task', { ...claimOf(taskId), paths: ['src'] });
      const { paths } = await host.request<{ paths: { claim: object } }>(
        'GET',
        `/api/rooms/${room.id}/tasks/${taskId}`,
      );
      expect(paths.claim).toMatchObject({ by: { id: helper.agent.id }, paths: ['src'] });
    });

    it('hears which path is none, and that its lease is lost, and changes nothing by either', async () => {
      const mine = await held();
      const refused = await agent.refused('claim_paths', { ...mine, paths: ['src', '../etc'], idempotencyKey: aKey() });
      expect(refused).toMatchObject({ error: 'invalid_input', errors: [{ path: 'paths.1' }] });
      await agent.ask('release_task', { ...mine, idempotencyKey: aKey() });
      expect(await agent.refused('claim_paths', { ...mine, paths: ['src'], idempotencyKey: aKey() })).toMatchObject({
        error: 'lease_lost',
      });
    });
  });

  describe('an agent with limits', () => {
    it('hears that it said as much as it may in an hour, and when it may say more', async () => {
      await limit({ messagesPerHour: 1 });
      const say = () => ({ roomId: room.id, text: 'Hello', clientMessageId: aKey() });
      await agent.ask('post_message', say());
      const refused = await agent.refused('post_message', say());
      expect(refused.error).toBe('limit_reached');
      expect(inAnHour(refused.retryAfter)).toBe(true);
    });

    it('hears that it took as many tasks as it may in an hour, and when it may take more', async () => {
      await limit({ tasksPerHour: 1 });
      const mine = await held();
      await agent.ask('release_task', { ...mine, idempotencyKey: aKey() });
      const refused = await agent.refused('claim_task', claimOf((await newTask()).id));
      expect(refused.error).toBe('limit_reached');
      expect(inAnHour(refused.retryAfter)).toBe(true);
    });

    it('hears that it holds as many tasks as it may, and when to ask again', async () => {
      await limit({ parallelTasks: 1 });
      await held();
      const refused = await agent.refused('claim_task', claimOf((await newTask()).id));
      expect(refused.error).toBe('agent_busy');
      expect(Number(refused.retryAfter)).toBeGreaterThan(0);
    });

    it('hears what was taken from it, without a time after which that would change', async () => {
      await limit({ commands: ['push'] });
      const said = { roomId: room.id, text: 'Hello', clientMessageId: aKey() };
      const refused = await agent.refused('post_message', said);
      expect(refused).toMatchObject({ error: 'forbidden', message: expect.stringContaining('talk') as string });
      expect(refused.retryAfter).toBeUndefined();
    });
  });

  describe('an agent that waits is woken when a task is offered that waited', () => {
    /** What the next wait comes to, if `happens` while it is open. */
    const woken = async (happens: () => Promise<unknown>): Promise<Waited> => {
      const { cursor } = await agent.ask('wait_for_events', { timeoutSeconds: 0 });
      const began = performance.now();
      const waiting = agent.ask('wait_for_events', { after: cursor, timeoutSeconds: 20 });
      await happens();
      const waited = await waiting;
      expect(performance.now() - began).toBeLessThan(15_000); // and not when its time is over
      return waited;
    };
    const isOffered = (taskId: string) => [{ kind: 'task_offered', task: { id: taskId, state: 'open' } }];

    it('for another that had to be done first', async () => {
      const first = await newTask();
      const { id } = await newTask({ agentId: helper.agent.id, dependsOn: [first.id] });
      const finish = `UPDATE tasks SET state = 'approved' WHERE id = $1`;
      const waited = await woken(async () => {
        await server.app.get(DataSource).query(finish, [first.id]);
        await server.app.get(TaskFollower).followPullRequest(room.id, first.id, 1, 'merged');
      });
      expect(waited.events).toMatchObject(isOffered(id));
    });

    it('for one that the agent held', async () => {
      await limit({ parallelTasks: 1 });
      const mine = await held();
      const { id } = await newTask({ agentId: helper.agent.id });
      const waited = await woken(() => agent.ask('release_task', { ...mine, idempotencyKey: aKey() }));
      expect(waited.events).toMatchObject(isOffered(id));
    });

    it('for the limits of the agent', async () => {
      await limit({ commands: ['talk'] });
      const { id } = await newTask({ agentId: helper.agent.id });
      const waited = await woken(() => limit({}));
      expect(waited.events).toMatchObject(isOffered(id));
    });
  });
});
