import type { Ability, TaskAssignment } from '@clawtank/contracts';
import { startTestServer, type TestServer } from '../support/app.js';
import { accepted, command, connect, eventually, Person, type RoomSocket } from '../support/people.js';
import { pushBranch } from '../support/push-branch.js';

const codeOf = (reply: { ok: boolean; error?: { code: string } }) => reply.error?.code ?? 'ok';

describe('an agent that is told to rest', () => {
  let server: TestServer;
  let host: Person;
  let owner: Person;
  let roomId: string;
  let agentId: string;
  let token: string;
  let person: RoomSocket;
  let agent: RoomSocket;
  let lost: string[];
  let offered: TaskAssignment[];

  beforeAll(async () => (server = await startTestServer()));
  afterAll(() => server.close());
  beforeEach(async () => {
    [host, owner] = [await Person.register(server.url), await Person.register(server.url)];
    roomId = (await host.createRoomWithRepository()).id;
    await host.invite(roomId, owner);
    ({
      agent: { id: agentId },
      token,
    } = await owner.bringAgent(roomId));
    person = await host.connect();
    [lost, offered] = [[], []];
    agent = await listening();
  });
  afterEach(() => {
    person.close();
    agent.close();
  });

  const listening = async () => {
    const socket = await connect(server.url, '/agents', token);
    socket.on('lease_lost', ({ taskId }) => lost.push(taskId));
    socket.on('task_assignment', (assignment) => offered.push(assignment));
    return socket;
  };
  const newTask = () => accepted(person, 'create_task', { roomId, description: 'Write the manual', agentId });
  const claim = (taskId: string) => accepted(agent, 'claim_task', { roomId, taskId });
  const pause = (by: Person, on = true) =>
    by.request(on ? 'PUT' : 'DELETE', `/api/rooms/${roomId}/agents/${agentId}/pause`);
  const pauseAll = (agentsPaused: boolean) =>
    host.request('PUT', `/api/rooms/${roomId}`, { settings: { agentsPaused } });

  it('loses what it holds within a second, and can do nothing but read', async () => {
    const { id: taskId } = await newTask();
    const { lease } = await claim(taskId);
    await pause(owner);
    await eventually(() => lost.includes(taskId), 1000);
    const held = { roomId, taskId, leaseId: lease.leaseId };
    const replies = [
      await command(agent, 'task_progress', { ...held, note: 'On my way' }),
      await command(agent, 'lease_renew', held),
      await command(agent, 'claim_task', { roomId, taskId }),
      await command(agent, 'chat_message', { roomId, message: 'But I was nearly done' }),
      await command(agent, 'submit_work', { ...held, gitBranch: 'work', commit: 'a'.repeat(40) }),
    ];
    expect(replies.map(codeOf)).toEqual(Array(5).fill('agent_paused'));
    await expect(pushBranch(server, roomId, token, 'agent/late')).rejects.toThrow(/403/);
    expect(codeOf(await command(agent, 'join_room', { roomId }))).toBe('ok');
  });

  it('is offered what waited for it as soon as it may go on', async () => {
    const { id: taskId } = await newTask();
    await claim(taskId);
    await pause(owner);
    await eventually(() => lost.length > 0);
    offered.length = 0;
    agent.close();
    agent = await listening();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(offered).toEqual([]);
    await pause(owner, false);
    await eventually(() => offered.some((offer) => offer.taskId === taskId));
    await claim(taskId);
  });

  it('rests with all others when the room is told to, and goes on with them', async () => {
    const { id: taskId } = await newTask();
    await claim(taskId);
    await pauseAll(true);
    await eventually(() => lost.includes(taskId), 1000);
    expect(codeOf(await command(agent, 'claim_task', { roomId, taskId }))).toBe('agent_paused');
    offered.length = 0;
    await pauseAll(false);
    await eventually(() => offered.length > 0);
    await claim(taskId);
  });

  it('keeps resting when the room goes on but nobody let it', async () => {
    const { id: taskId } = await newTask();
    await pause(owner);
    await pauseAll(true);
    await pauseAll(false);
    expect(codeOf(await command(agent, 'claim_task', { roomId, taskId }))).toBe('agent_paused');
  });

  it('does not rest elsewhere', async () => {
    const other = await owner.createRoom();
    await owner.request('POST', `/api/rooms/${other.id}/agents/${agentId}`);
    await pause(owner);
    expect(codeOf(await command(agent, 'chat_message', { roomId: other.id, message: 'Here I am' }))).toBe('ok');
  });

  it('hears what it may do', async () => {
    await accepted(agent, 'join_room', { roomId });
    const heard: (readonly Ability[])[] = [];
    agent.on('abilities_changed', ({ abilities }) => heard.push(abilities));
    await pause(owner);
    await eventually(() => heard.length > 0);
    expect(heard).toEqual([['read']]);
  });

  it('is told so by its owner or by whoever looks after the room, and by nobody else', async () => {
    const member = await Person.register(server.url);
    await host.invite(roomId, member);
    await expect(pause(member)).rejects.toMatchObject({ problem: { code: 'forbidden' } });
    expect(await pause(host)).toMatchObject({ pausedAt: expect.any(String) as string });
    const audit = await host.request<{ entries: { action: string }[] }>('GET', `/api/rooms/${roomId}/audit`);
    expect(audit.entries[0]?.action).toBe('agent.paused');
  });
});
