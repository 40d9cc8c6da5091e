import type { Agent, AgentAtWork, AgentDeed, AgentHistory, AgentOverview, Lease, NewAgent } from '@clawtank/contracts';
import { DataSource } from 'typeorm';
import { DOER, IS_DEED } from '../../apps/api/src/oversight/domain/deed.js';
import { startTestServer, type TestServer } from '../support/app.js';
import { accepted, connect, eventually, Person, type RoomSocket } from '../support/people.js';

describe('looking after an agent', () => {
  let server: TestServer;
  let owner: Person;
  let roomId: string;
  let made: NewAgent;
  let agentId: string;
  let agent: RoomSocket;
  let person: RoomSocket;

  beforeAll(async () => (server = await startTestServer()));
  afterAll(() => server.close());
  beforeEach(async () => {
    owner = await Person.register(server.url);
    roomId = (await owner.createRoom({ name: 'Harbour' })).id;
    made = await owner.bringAgent(roomId);
    agentId = made.agent.id;
    [agent, person] = [await connect(server.url, '/agents', made.token), await owner.connect()];
  });
  afterEach(() => [agent, person].forEach((socket) => socket.close()));

  const overview = () => owner.request<AgentOverview>('GET', `/api/agents/${agentId}/overview`);
  const history = (query = '') => owner.request<AgentHistory>('GET', `/api/agents/${agentId}/history${query}`);
  const deeds = async () => (await history()).deeds.map(({ type }) => type);
  const atWork = (asker = owner) => asker.request<AgentAtWork[]>('GET', `/api/rooms/${roomId}/agents`);
  const newTask = (title: string, room = roomId) =>
    accepted(person, 'create_task', { roomId: room, description: `${title}, please`, title, agentId });
  const claim = async (taskId: string, room = roomId): Promise<Lease> =>
    (await accepted(agent, 'claim_task', { roomId: room, taskId })).lease;
  const held = ({ taskId, leaseId }: Lease) => ({ roomId, taskId, leaseId });

  describe('its token', () => {
    const renew = () => owner.request<NewAgent>('POST', `/api/agents/${agentId}/token`);
    const asAgent = (token: string) =>
      fetch(`${server.url}/api/rooms/${roomId}`, { headers: { authorization: `Bearer ${token}` } });
    const gitAs = (token: string) =>
      fetch(`${server.url}/git/${roomId}.git/info/refs?service=git-upload-pack`, {
        headers: { authorization: `Basic ${Buffer.from(`git:${token}`).toString('base64')}` },
      });

    it('can be replaced: the one before is dead at once, everywhere, and whoever came with it is cut off', async () => {
      const cut = new Promise((resolve) => agent.once('disconnect', resolve));
      const { token, agent: renewed } = await renew();
      await cut;
      expect(renewed).toMatchObject({ id: agentId, tokenPrefix: token.slice(0, 10) });
      expect([(await asAgent(made.token)).status, (await gitAs(made.token)).status]).toEqual([401, 401]);
      await expect(connect(server.url, '/agents', made.token)).rejects.toMatchObject({
        reply: { code: 'unauthenticated' },
      });
      expect((await asAgent(token)).status).toBe(200);
      (await connect(server.url, '/agents', token)).close();
    });

    it('is one, however many are asked for at the same moment', async () => {
      const answers = await Promise.all(Array.from({ length: 5 }, renew));
      const good = await Promise.all(answers.map(async ({ token }) => (await asAgent(token)).ok));
      expect(good.filter(Boolean)).toHaveLength(1);
    });

    it('does not come back to an agent that was revoked', async () => {
      await owner.request('DELETE', `/api/agents/${agentId}`);
      await expect(renew()).rejects.toMatchObject({ status: 404 });
    });
  });

  it('lets its owner say anew what it is good at', async () => {
    const changed = await owner.request<Agent>('PATCH', `/api/agents/${agentId}`, { description: 'Tends the lamps' });
    expect(changed).toMatchObject({ id: agentId, description: 'Tends the lamps' });
    await expect(
      owner.request('PATCH', `/api/agents/${agentId}`, { description: 'x'.repeat(281) }),
    ).rejects.toMatchObject({
      problem: { code: 'invalid_input', errors: [{ path: 'description' }] },
    });
    expect((await overview()).agent.description).toBe('Tends the lamps');
  });

  it('tells what it holds and until when, to its owner and to the members of the room', async () => {
    expect(await overview()).toMatchObject({ status: 'idle', held: [], lastAcknowledgedAt: null });
    const task = await newTask('Mend the lamp');
    const lease = await claim(task.id);
    await accepted(agent, 'agent_status', { status: 'working', currentTask: 'Mend the lamp' });
    const holding = [{ roomId, taskId: task.id, taskNumber: 1, title: 'Mend the lamp', expiresAt: lease.expiresAt }];
    expect(await overview()).toMatchObject({
      agent: { connected: true },
      status: 'working',
      currentTask: 'Mend the lamp',
      held: holding,
    });
    const [now] = await atWork();
    expect(now).toEqual({ agentId, held: holding, lastAcknowledgedAt: expect.any(String) as string });
    const renewed = await accepted(agent, 'lease_renew', held(lease));
    expect((await atWork())[0]?.held[0]?.expiresAt).toBe(renewed.expiresAt);
    await accepted(agent, 'release_task', held(lease));
    expect(await atWork()).toMatchObject([{ held: [], lastAcknowledgedAt: now?.lastAcknowledgedAt }]);
  });

  it('tells the members of one room nothing of another', async () => {
    const elsewhere = (await owner.createRoom()).id;
    await owner.request('POST', `/api/rooms/${elsewhere}/agents/${agentId}`);
    await claim((await newTask('A secret', elsewhere)).id, elsewhere);
    expect(await atWork()).toEqual([{ agentId, held: [], lastAcknowledgedAt: null }]);
    expect((await overview()).held).toMatchObject([{ roomId: elsewhere }]);
  });

  it('says what it costs each room in messages, and what it did for it', async () => {
    const elsewhere = (await owner.createRoom({ name: 'Old pier' })).id;
    await owner.request('POST', `/api/rooms/${elsewhere}/agents/${agentId}`);
    for (const message of ['one', 'two', 'three']) {
      await accepted(agent, 'chat_message', { roomId, message });
    }
    await accepted(person, 'chat_message', { roomId, message: 'four' });
    await accepted(agent, 'chat_message', { roomId: elsewhere, message: 'five' });
    const old = `UPDATE messages SET created_at = now() - interval`;
    const database = server.app.get(DataSource);
    await database.query(`${old} '2 days' WHERE room_id = $1 AND body = 'two'`, [roomId]);
    await database.query(`${old} '8 days' WHERE room_id = $1 AND body = 'three'`, [roomId]);
    const lease = await claim((await newTask('Climb the mast')).id);
    await accepted(agent, 'fail_task', { ...held(lease), reason: 'Too high' });
    expect((await overview()).rooms).toMatchObject([
      {
        id: roomId,
        name: 'Harbour',
        messagesOfDay: { own: 1, all: 2 },
        messagesOfWeek: { own: 2, all: 3 },
        tasksDone: 0,
        tasksFailed: 1,
        pausedAt: null,
        agentsPaused: false,
      },
      { id: elsewhere, messagesOfDay: { own: 1, all: 1 } },
    ]);
    await owner.request('PUT', `/api/rooms/${roomId}/agents/${agentId}/pause`);
    expect((await overview()).rooms[0]?.pausedAt).not.toBeNull();
  });

  it('keeps a history of what it did and what was done about it, each with its place', async () => {
    const first = await newTask('Mend the lamp');
    const lease = await claim(first.id);
    await accepted(agent, 'task_progress', { ...held(lease), note: 'Looking for the ladder' });
    const asked = await accepted(agent, 'request_approval', {
      ...held(lease),
      approvalId: 'step-1',
      kind: 'execute',
      title: 'Climb the mast',
    });
    await accepted(person, 'decide_approval', { roomId, id: asked.id, decision: 'rejected' });
    await accepted(agent, 'release_task', { ...held(lease), reason: 'Not without the ladder' });
    const second = await claim((await newTask('Paint the buoy')).id);
    await accepted(agent, 'fail_task', { ...held(second), reason: 'No paint', retryable: true });
    const { deeds: told, nextCursor } = await history();
    expect(nextCursor).toBeNull();
    const said = ({ type, task, by, outcome, note }: AgentDeed) => [type, task.number, by.type, outcome, note];
    expect(told.map(said)).toEqual([
      ['task.failed', 2, 'agent', null, 'No paint'],
      ['agent.claimed_task', 2, 'agent', null, ''],
      ['task.released', 1, 'agent', 'released', 'Not without the ladder'],
      ['approval.decided', 1, 'human', 'rejected', 'Climb the mast'],
      ['approval.requested', 1, 'agent', null, 'Climb the mast'],
      ['agent.claimed_task', 1, 'agent', null, ''],
    ]);
    expect(told.at(-1)).toMatchObject({
      room: { id: roomId, name: 'Harbour' },
      task: { id: first.id, title: 'Mend the lamp' },
      seq: expect.any(Number) as number,
    });
  });

  it('gives the history page by page, without gap or repeat', async () => {
    for (const title of ['one', 'two', 'three']) {
      await accepted(agent, 'release_task', held(await claim((await newTask(title)).id)));
    }
    const whole = (await history()).deeds;
    const pages: AgentDeed[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: AgentHistory = await history(`?limit=4${cursor && `&cursor=${cursor}`}`);
      pages.push(...page.deeds);
      cursor = page.nextCursor;
    }
    expect(whole).toHaveLength(6);
    expect(pages).toEqual(whole);
    await expect(history('?cursor=nonsense')).rejects.toMatchObject({ problem: { code: 'invalid_input' } });
  });

  it('tells an owner who was taken out of a room nothing more of it', async () => {
    const host = await Person.register(server.url);
    const theirs = (await host.createRoom()).id;
    await host.invite(theirs, owner);
    await owner.request('POST', `/api/rooms/${theirs}/agents/${agentId}`);
    const hosting = await host.connect();
    const task = await accepted(hosting, 'create_task', { roomId: theirs, description: 'Count the gulls', agentId });
    await claim(task.id, theirs);
    expect(await deeds()).toEqual(['agent.claimed_task']);
    await host.request('DELETE', `/api/rooms/${theirs}/members/${owner.id}`);
    expect(await deeds()).toEqual([]);
    await expect(atWork(await Person.register(server.url))).rejects.toMatchObject({ status: 404 });
    hosting.close();
  });

  it('says no word in the history that was taken back', async () => {
    const said = await accepted(person, 'chat_message', {
      roomId,
      message: `@${made.agent.name} fetch the hidden key`,
    });
    const task = await eventually(async () =>
      (await owner.request<{ id: string }[]>('GET', `/api/rooms/${roomId}/tasks`)).at(0),
    );
    await claim(task.id);
    await accepted(person, 'delete_message', { roomId, messageId: said.id });
    await eventually(async () => !JSON.stringify(await history()).includes('hidden') || undefined);
    expect(await deeds()).toEqual(['agent.claimed_task']);
  });

  it('reads the history and the messages from indexes of agents alone', async () => {
    const database = server.app.get(DataSource);
    const plan = async (sql: string, parameters: unknown[]) =>
      database.transaction(async (manager) => {
        await manager.query(`SET LOCAL enable_seqscan = off`);
        return JSON.stringify(await manager.query(`EXPLAIN ${sql}`, parameters));
      });
    const order = 'ORDER BY entry.created_at DESC, entry.id DESC LIMIT 10';
    const ofDeeds = await plan(`SELECT 1 FROM room_events entry WHERE ${DOER} = $1::text AND ${IS_DEED} ${order}`, [
      agentId,
    ]);
    expect(ofDeeds).toContain('room_events_deeds_idx');
    expect(ofDeeds).not.toContain('Sort');
    const ofMessages = `SELECT count(*) FROM messages WHERE author_type = 'agent' AND author_id = $1 AND created_at > $2`;
    expect(await plan(ofMessages, [agentId, new Date()])).toContain('messages_of_agents_idx');
  });
});
