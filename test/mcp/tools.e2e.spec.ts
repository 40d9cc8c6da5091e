import type { NewAgent, Room, Task } from '@clawtank/contracts';
import { DataSource } from 'typeorm';
import type { AgentCaller } from '../../apps/api/src/platform/caller.js';
import { CommandDispatcher } from '../../apps/api/src/platform/sockets/command-dispatcher.js';
import { anAgentKey, registrationOf } from '../support/agent-key.js';
import { startTestServer, type TestServer } from '../support/app.js';
import { accepted, command, connect, Person, type RoomSocket } from '../support/people.js';
import { pushBranch } from '../support/push-branch.js';
import { aKey, type Era, ERAS, McpAgent, post, type ToolName } from './mcp.support.js';

const UNKNOWN = '00000000-0000-4000-8000-000000000000';

describe('an agent that speaks MCP', () => {
  let server: TestServer;
  let host: Person;
  let socket: RoomSocket;
  let room: Room;
  let helper: NewAgent;
  let agent: McpAgent;
  const agents: McpAgent[] = [];

  const speak = async (token: string, era?: Era) => {
    const connected = await McpAgent.connect(server, token, era);
    agents.push(connected);
    return connected;
  };
  const offer = (agentId?: string): Promise<Task> =>
    accepted(socket, 'create_task', {
      roomId: room.id,
      description: 'Fix the login',
      ...(agentId !== undefined && { agentId }),
    });
  /** A task that the agent holds, and how it names it. */
  const held = async () => {
    const { id: taskId } = await offer(helper.agent.id);
    const { lease } = await agent.ask('claim_task', { roomId: room.id, taskId, idempotencyKey: aKey() });
    return { roomId: room.id, taskId, leaseId: lease.leaseId };
  };

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
    room = await host.createRoomWithRepository();
    helper = await host.bringAgent(room.id);
    agent = await speak(helper.token);
  });
  afterEach(async () => {
    await Promise.all(agents.splice(0).map((connected) => connected.close()));
  });

  it.each(ERAS)('works through a whole day in the %s era', async (era) => {
    const worker = await speak(helper.token, era);
    const { rooms, name } = await worker.ask('list_rooms');
    expect(rooms).toMatchObject([{ id: room.id, archived: false, trust: 'member' }]);
    expect(rooms[0]?.abilities).toContain('push');
    expect(name).toBe(helper.agent.name);

    const { events, cursor } = await worker.ask('wait_for_events', { timeoutSeconds: 0 });
    expect(events.map(({ kind }) => kind)).toEqual(['seat_given']);
    const waiting = worker.ask('wait_for_events', { after: cursor });
    await accepted(socket, 'chat_message', { roomId: room.id, message: 'The login is broken' });
    const { id: taskId } = await offer(helper.agent.id);
    expect((await waiting).events).toMatchObject([{ kind: 'task_offered', task: { id: taskId, trust: 'owner' } }]);

    const task = { roomId: room.id, taskId };
    const claimed = await worker.ask('claim_task', { ...task, idempotencyKey: aKey() });
    expect(claimed.contextMessages).toMatchObject([{ message: 'The login is broken', trust: 'owner' }]);
    expect(claimed.repository?.cloneUrl).toBe(`${server.settings.publicUrl}/git/${room.id}.git`);
    const lease = { ...task, leaseId: claimed.lease.leaseId };
    const progress = { ...lease, note: 'Half of it', percent: 50, idempotencyKey: aKey() };
    expect(await worker.ask('report_progress', progress)).toMatchObject({
      cancelRequested: false,
      leaseSeconds: server.settings.taskLeaseSeconds,
      task: { state: 'in_progress', progress: { percent: 50 } },
    });
    await worker.ask('post_message', { roomId: room.id, text: 'Half of it is done', clientMessageId: aKey() });
    expect((await worker.ask('read_messages', { roomId: room.id })).messages).toMatchObject([
      { text: 'The login is broken', trust: 'owner', author: { name: host.name } },
      { text: 'Half of it is done', trust: 'agent', author: { name } },
    ]);

    const given = await worker.ask('release_task', {
      ...lease,
      reason: 'Somebody else knows it',
      idempotencyKey: aKey(),
    });
    expect(given.task).toMatchObject({ state: 'open', assignedTo: null });
    const { history } = await worker.ask('get_task', task);
    expect(history.map(({ what, note }) => [what, note])).toEqual([
      ['task.created', null],
      ['agent.claimed_task', null],
      ['task.progressed', 'Half of it'],
      ['task.released', 'Somebody else knows it'],
    ]);
    expect((await worker.ask('list_tasks', { roomId: room.id, state: 'open' })).tasks).toMatchObject([{ id: taskId }]);
    expect((await worker.ask('list_tasks', { roomId: room.id, state: 'done' })).tasks).toEqual([]);
  });

  it.each(ERAS)(
    'hands in what it signed with its own key, and hears what people say of it, in the %s era',
    async (era) => {
      const worker = await speak(helper.token, era);
      const { agentId, commitEmail } = await worker.ask('list_rooms');
      const key = anAgentKey();
      const registration = { ...registrationOf(key, agentId), idempotencyKey: aKey() };
      expect((await worker.ask('register_key', registration)).key).toMatchObject({ agentId, revokedAt: null });
      const { id: taskId } = await offer(helper.agent.id);
      const { cursor } = await worker.ask('wait_for_events');
      const claim = await worker.ask('claim_task', { roomId: room.id, taskId, idempotencyKey: aKey() });
      const signer = { key, email: commitEmail };
      const commit = await pushBranch(server, room.id, helper.token, 'fix-login', undefined, signer);
      const submitted = await worker.ask('submit_work', {
        roomId: room.id,
        taskId,
        leaseId: claim.lease.leaseId,
        gitBranch: 'fix-login',
        commit,
        description: 'The login works',
        idempotencyKey: aKey(),
      });
      expect(submitted.task).toMatchObject({ state: 'in_review', branch: 'fix-login', lease: null });

      const waiting = worker.ask('wait_for_events', { after: cursor });
      const review = {
        roomId: room.id,
        taskId,
        sha: commit,
        verdict: 'changes_requested',
        comment: 'A test, please',
      } as const;
      await accepted(socket, 'review_task', review);
      expect((await waiting).events).toMatchObject([
        { kind: 'changes_requested', task: { review: { comment: 'A test, please', trust: 'owner' } } },
      ]);
    },
  );

  it('may say that a task cannot be done', async () => {
    const lease = await held();
    const { task } = await agent.ask('fail_task', { ...lease, reason: 'No such login', idempotencyKey: aKey() });
    expect(task).toMatchObject({ state: 'failed', failure: 'No such login' });
  });

  it('hears what is missing when it hands in what was never pushed', async () => {
    const work = { ...(await held()), gitBranch: 'nowhere', commit: 'a'.repeat(40), idempotencyKey: aKey() };
    expect(await agent.refused('submit_work', work)).toMatchObject({ error: 'branch_missing' });
  });

  it('gets a task that several race for if it is the one that comes first, and hears that it is gone otherwise', async () => {
    const others = await Promise.all(ERAS.map(async (era) => speak((await host.bringAgent(room.id)).token, era)));
    const { id: taskId } = await offer();
    const outcomes = await Promise.all(
      [agent, ...others].map((racing) =>
        racing.call('claim_task', { roomId: room.id, taskId, idempotencyKey: aKey() }),
      ),
    );
    expect(outcomes.map(({ isError }) => isError === true).sort()).toEqual([false, true, true]);
    expect(outcomes.find(({ isError }) => isError)?.structuredContent).toMatchObject({ error: 'task_not_open' });
  });

  it('has one thing happen once, however often it asks with the same key', async () => {
    const lease = await held();
    const claim = { roomId: room.id, taskId: lease.taskId, idempotencyKey: aKey() };
    expect((await agent.ask('claim_task', claim)).lease.leaseId).toBe(lease.leaseId);

    const progress = { ...lease, note: 'Started', idempotencyKey: aKey() };
    await agent.ask('report_progress', progress);
    await agent.ask('report_progress', progress);
    const message = { roomId: room.id, text: 'On it', clientMessageId: aKey() };
    const said = await agent.ask('post_message', message);
    expect(await agent.ask('post_message', message)).toEqual(said);
    const release = { ...lease, idempotencyKey: aKey() };
    await agent.ask('release_task', release);
    await agent.ask('release_task', release); // without a lease by now

    const { history } = await agent.ask('get_task', { roomId: room.id, taskId: lease.taskId });
    expect(history.map(({ what }) => what)).toEqual([
      'task.created',
      'agent.claimed_task',
      'task.progressed',
      'task.released',
    ]);
    expect((await agent.ask('read_messages', { roomId: room.id })).messages).toHaveLength(1);
    expect(await agent.refused('report_progress', { ...progress, note: 'Something else' })).toMatchObject({
      error: 'command_id_reused',
    });
  });

  it('hears that its lease is lost, and whether that is because the task was cancelled', async () => {
    const [cancelled, expired] = [await held(), await held()];
    await accepted(socket, 'cancel_task', { roomId: room.id, taskId: cancelled.taskId });
    await server.app
      .get(DataSource)
      .query(`UPDATE tasks SET lease_expires_at = now() - interval '1 second' WHERE id = $1`, [expired.taskId]);
    const report = { note: 'Still here' };
    expect(await agent.refused('report_progress', { ...cancelled, ...report, idempotencyKey: aKey() })).toMatchObject({
      error: 'lease_lost',
      cancelRequested: true,
    });
    expect(await agent.refused('report_progress', { ...expired, ...report, idempotencyKey: aKey() })).toMatchObject({
      error: 'lease_lost',
      cancelRequested: false,
    });
    for (const name of ['release_task', 'fail_task', 'submit_work'] as const) {
      const request = { ...expired, idempotencyKey: aKey(), ...(name === 'fail_task' && { reason: 'Too late' }) };
      const work = name === 'submit_work' && { gitBranch: 'work', commit: 'a'.repeat(40) };
      expect(await agent.refused(name, { ...request, ...work })).toMatchObject({ error: 'lease_lost' });
    }
  });

  it('asks the person who answers for it for leave, and looks how that stands', async () => {
    const lease = await held();
    const step = {
      ...lease,
      approvalId: 'step-1',
      kind: 'execute',
      title: 'Run the migration',
      detail: 'npm run migrate',
    };
    const { approval } = await agent.ask('request_approval', { ...step, idempotencyKey: aKey() });
    expect(approval).toMatchObject({ state: 'pending', title: 'Run the migration' });
    const asked = { roomId: room.id, id: approval.id };
    expect((await agent.ask('get_approval', asked)).approval).toEqual(approval);

    const { cursor } = await agent.ask('wait_for_events', { timeoutSeconds: 0 });
    const waiting = agent.ask('wait_for_events', { after: cursor });
    await accepted(socket, 'decide_approval', { ...asked, decision: 'approved', note: 'Go on' });
    expect((await waiting).events).toMatchObject([
      { kind: 'approval_decided', approval: { state: 'approved', trust: 'owner' } },
    ]);
    expect((await agent.ask('get_approval', asked)).approval).toMatchObject({ state: 'approved', note: 'Go on' });

    const withdrawal = (approvalId: string) => ({ ...lease, approvalId, idempotencyKey: aKey() });
    expect((await agent.ask('withdraw_approval', withdrawal('step-1'))).approval.state).toBe('approved');
    const needless = { ...step, approvalId: 'needless', idempotencyKey: aKey() };
    const { id } = (await agent.ask('request_approval', needless)).approval;
    expect((await agent.ask('withdraw_approval', withdrawal('needless'))).approval).toMatchObject({
      id,
      state: 'withdrawn',
    });
    expect(await command(socket, 'decide_approval', { roomId: room.id, id, decision: 'approved' })).toMatchObject({
      error: { code: 'already_decided' },
    });
    expect(await agent.refused('withdraw_approval', withdrawal('unheard-of'))).toMatchObject({ error: 'not_found' });

    const other = { ...step, approvalId: 'step-2', idempotencyKey: aKey() };
    const { approval: withdrawn } = await agent.ask('request_approval', other);
    await agent.ask('release_task', { ...lease, idempotencyKey: aKey() });
    expect((await agent.ask('get_approval', { roomId: room.id, id: withdrawn.id })).approval.state).toBe('withdrawn');
    expect(await agent.refused('get_approval', { roomId: room.id, id: UNKNOWN })).toMatchObject({ error: 'not_found' });
  });

  it('pages through what was said in both directions', async () => {
    for (const message of ['one', 'two', 'three', 'four', 'five']) {
      await accepted(socket, 'chat_message', { roomId: room.id, message });
    }
    const texts = async (place: object) => {
      const read = await agent.ask('read_messages', { roomId: room.id, limit: 2, ...place });
      return { ...read, messages: read.messages.map(({ text }) => text) };
    };
    const newest = await texts({});
    expect(newest.messages).toEqual(['four', 'five']);
    const older = await texts({ before: newest.before });
    expect(older.messages).toEqual(['two', 'three']);
    const oldest = await texts({ before: older.before });
    expect(oldest).toMatchObject({ messages: ['one'], before: null });
    const newer = await texts({ after: 0 });
    expect(newer.messages).toEqual(['one', 'two']);
    expect((await texts({ after: newer.after })).messages).toEqual(['three', 'four']);
    expect((await texts({ after: newest.after })).messages).toEqual([]);
  });

  it('reads nothing of what was deleted', async () => {
    const said = await accepted(socket, 'chat_message', { roomId: room.id, message: 'a secret' });
    await accepted(socket, 'delete_message', { roomId: room.id, messageId: said.id });
    const { messages } = await agent.ask('read_messages', { roomId: room.id });
    expect(messages).toMatchObject([{ id: said.id, text: '', deleted: true }]);
    expect(JSON.stringify(messages)).not.toContain('a secret');
  });

  describe('in a private room of others', () => {
    const REQUESTS: Partial<Record<ToolName, object>> = {
      list_tasks: {},
      get_task: { taskId: UNKNOWN },
      claim_task: { taskId: UNKNOWN, idempotencyKey: aKey() },
      report_progress: { taskId: UNKNOWN, leaseId: UNKNOWN, note: 'x', idempotencyKey: aKey() },
      submit_work: {
        taskId: UNKNOWN,
        leaseId: UNKNOWN,
        gitBranch: 'x',
        commit: 'a'.repeat(40),
        idempotencyKey: aKey(),
      },
      release_task: { taskId: UNKNOWN, leaseId: UNKNOWN, idempotencyKey: aKey() },
      fail_task: { taskId: UNKNOWN, leaseId: UNKNOWN, reason: 'x', idempotencyKey: aKey() },
      get_approval: { id: UNKNOWN },
      read_messages: {},
      post_message: { text: 'hello', clientMessageId: aKey() },
      wait_for_events: { timeoutSeconds: 0 },
    };

    it.each(Object.entries(REQUESTS))(
      '%s hears just what it hears of a room that does not exist',
      async (name, request) => {
        const stranger = await Person.register(server.url);
        const { id: roomId } = await stranger.createRoom({ visibility: 'private' });
        const tool = name as ToolName;
        const answers = [
          await agent.refused(tool, { ...request, roomId }),
          await agent.refused(tool, { ...request, roomId: UNKNOWN }),
        ];
        expect(answers[0]).toEqual(answers[1]);
        expect(answers[0]).toEqual({ error: 'not_found', message: 'There is no such room' });
      },
    );

    it('does not even list it', async () => {
      await (await Person.register(server.url)).createRoom({ visibility: 'private' });
      expect((await agent.ask('list_rooms')).rooms.map(({ id }) => id)).toEqual([room.id]);
    });
  });

  describe('given nonsense', () => {
    it.each<[string, ToolName, object, string]>([
      ['something missing', 'claim_task', { roomId: UNKNOWN, idempotencyKey: 'a-good-key' }, 'taskId'],
      ['no key', 'claim_task', { roomId: UNKNOWN, taskId: UNKNOWN }, 'idempotencyKey'],
      [
        'a key that is too short',
        'claim_task',
        { roomId: UNKNOWN, taskId: UNKNOWN, idempotencyKey: 'x' },
        'idempotencyKey',
      ],
      ['an id that is none', 'list_tasks', { roomId: 'lobby' }, 'roomId'],
      ['a number that is text', 'read_messages', { roomId: UNKNOWN, limit: '5' }, 'limit'],
      ['too much', 'read_messages', { roomId: UNKNOWN, limit: 101 }, 'limit'],
      ['two places at once', 'read_messages', { roomId: UNKNOWN, before: 1, after: 1 }, 'before'],
      ['an empty text', 'post_message', { roomId: UNKNOWN, text: ' ', clientMessageId: 'a-good-key' }, 'text'],
      [
        'a text that is too long',
        'post_message',
        { roomId: UNKNOWN, text: 'x'.repeat(4001), clientMessageId: 'a-good-key' },
        'text',
      ],
      ['a wait that is too long', 'wait_for_events', { timeoutSeconds: 26 }, 'timeoutSeconds'],
      ['a cursor that is none', 'wait_for_events', { after: 'yesterday' }, 'cursor'],
      ['a state that there is not', 'list_tasks', { roomId: UNKNOWN, state: 'lost' }, 'state'],
      ['something nobody asked for', 'list_rooms', { verbose: true }, ''],
    ])('says what is wrong with %s', async (_, name, request, path) => {
      const refused = await agent.refused(name, request);
      expect(refused.error).toBe('invalid_input');
      expect(refused.errors?.map((error) => error.path)).toEqual([path]);
    });

    it('has no tool of a name that there is not', async () => {
      await expect(agent.call('drop_tables')).rejects.toMatchObject({ code: -32602 });
    });
  });

  it('leaves nothing of what it was refused', async () => {
    const lease = await held();
    const before = await agent.ask('get_task', { roomId: room.id, taskId: lease.taskId });
    const wrong = { ...lease, leaseId: UNKNOWN, idempotencyKey: aKey() };
    await agent.refused('report_progress', { ...wrong, note: 'mine' });
    await agent.refused('fail_task', { ...wrong, reason: 'mine' });
    expect(await agent.ask('get_task', { roomId: room.id, taskId: lease.taskId })).toEqual(before);
  });

  it('has one budget for what it asks here and over its socket', async () => {
    const strict = await startTestServer({ env: { COMMANDS_PER_MINUTE: '8' }, database: server.database });
    try {
      const limited = await McpAgent.connect(strict, helper.token);
      const other = await connect(strict.url, '/agents', helper.token);
      for (let count = 0; count < 8; count++) {
        await accepted(other, 'agent_status', { status: 'working' });
      }
      const refused = await limited.refused('list_rooms');
      expect(refused).toMatchObject({ error: 'rate_limited', retryAfter: expect.any(Number) as number });
      other.close();
      await limited.close();
    } finally {
      await strict.close();
    }
  });

  it('has a budget for what is no tool, too', async () => {
    const strict = await startTestServer({ env: { COMMANDS_PER_MINUTE: '3' }, database: server.database });
    try {
      const ping = () => post(strict, helper.token, { jsonrpc: '2.0', id: 1, method: 'ping' });
      for (let count = 0; count < 3; count++) {
        expect((await ping()).status).toBe(200);
      }
      const refused = await ping();
      expect(refused.status).toBe(429);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    } finally {
      await strict.close();
    }
  });

  it('cannot have a command run that is about a connection', async () => {
    const caller: AgentCaller = {
      type: 'agent',
      id: helper.agent.id,
      agentId: helper.agent.id,
      userId: host.id,
      name: helper.agent.name,
    };
    const dispatcher = server.app.get(CommandDispatcher);
    expect(await dispatcher.dispatchFor(caller, 'join_room', { roomId: room.id })).toMatchObject({
      ok: false,
      error: { code: 'forbidden' },
    });
  });
});
