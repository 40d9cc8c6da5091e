import { request as httpRequest } from 'node:http';
import type { AgentLimits, NewAgent, RoomChange } from '@clawtank/contracts';
import type { DataSource } from 'typeorm';
import { accepted, command, connect, eventually, Person, type RoomSocket } from '../support/people.js';
import { pushBranch } from '../support/push-branch.js';
import { describeWithRedis } from '../support/redis.js';
import type { ServerProcess } from '../support/server-process.js';
import { TwoProcesses } from '../support/two-processes.js';

const codeOf = (reply: { ok: boolean; error?: { code: string } }) => reply.error?.code ?? 'ok';
const countOf = (codes: readonly string[]) =>
  Object.fromEntries([...new Set(codes)].sort().map((code) => [code, codes.filter((one) => one === code).length]));

describeWithRedis('an agent with limits, on two processes', (redis) => {
  let processes: TwoProcesses;
  let dataSource: DataSource;
  let left: ServerProcess;
  let right: ServerProcess;
  let owner: Person;
  let roomId: string;
  let agent: NewAgent;
  let sockets: RoomSocket[];
  let person: RoomSocket;

  beforeAll(async () => {
    processes = await TwoProcesses.start(redis);
    ({ left, right, dataSource } = processes);
    owner = await Person.register(left.url);
  }, 180_000);
  afterAll(() => processes.stop());
  beforeEach(async () => {
    roomId = (await owner.createRoomWithRepository()).id;
    agent = await owner.bringAgent(roomId);
    person = await owner.connect();
    sockets = await Promise.all([left, right].map(({ url }) => connect(url, '/agents', agent.token)));
  });
  afterEach(() => [person, ...sockets].forEach((socket) => socket.close()));

  const limit = (limits: Partial<AgentLimits>) =>
    owner.request('PUT', `/api/rooms/${roomId}/agents/${agent.agent.id}/limits`, { limits });
  const newTasks = (count: number, agentId?: string) =>
    Promise.all(
      Array.from({ length: count }, (_, index) =>
        accepted(person, 'create_task', { roomId, description: `Task ${index}`, ...(agentId && { agentId }) }),
      ),
    );
  /** The same by turns on both processes, all at once. */
  const race = (count: number, ask: (socket: RoomSocket, index: number) => Promise<{ ok: boolean }>) =>
    Promise.all(Array.from({ length: count }, (_, index) => ask(sockets[index % 2]!, index))).then((replies) =>
      countOf(replies.map(codeOf)),
    );

  it('takes exactly one of twenty tasks, if it may hold one', async () => {
    await limit({ parallelTasks: 1 });
    const tasks = await newTasks(20);
    const outcome = await race(20, (socket, index) =>
      command(socket, 'claim_task', { roomId, taskId: tasks[index]!.id }),
    );
    expect(outcome).toEqual({ agent_busy: 19, ok: 1 });
  });

  it('takes exactly as many of twenty tasks as it may in an hour', async () => {
    await limit({ tasksPerHour: 3 });
    const tasks = await newTasks(20);
    const outcome = await race(20, (socket, index) =>
      command(socket, 'claim_task', { roomId, taskId: tasks[index]!.id }),
    );
    expect(outcome).toEqual({ limit_reached: 17, ok: 3 });
  });

  it('says exactly as much as it may in an hour', async () => {
    await limit({ messagesPerHour: 5 });
    const outcome = await race(20, (socket, index) =>
      command(socket, 'chat_message', { roomId, message: `Message ${index}` }),
    );
    expect(outcome).toEqual({ limit_reached: 15, ok: 5 });
  });

  it('writes to one alone exactly as often as it may in an hour', async () => {
    await limit({ messagesPerHour: 5 });
    const outcome = await race(60, (socket, index) =>
      command(socket, 'direct_message', { roomId, toMemberId: owner.id, message: `Message ${index}` }),
    );
    expect(outcome).toEqual({ limit_reached: 55, ok: 5 });
  });

  it('reaches other agents exactly as often as the room lets them, whichever process they speak through', async () => {
    const other = (await owner.bringAgent(roomId)).agent;
    await owner.request('PUT', `/api/rooms/${roomId}`, { settings: { maxAgentTurns: 4 } });
    const heard: RoomChange[] = [];
    person.on('activity_update', ({ activity }) => heard.push(...activity));
    await accepted(person, 'join_room', { roomId });
    await race(16, (socket, index) => command(socket, 'chat_message', { roomId, message: `@${other.name} ${index}?` }));
    const { used } = await owner.request<{ used: { mentions: number } }>(
      'GET',
      `/api/rooms/${roomId}/agents/${other.id}/limits`,
    );
    expect(used.mentions).toBe(4);
    await eventually(() => heard.some(({ type }) => type === 'agent.held_back'));
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(heard.filter(({ type }) => type === 'agent.held_back')).toHaveLength(1);
  });

  it('is mentioned exactly as often as it may be, and the room hears of it once', async () => {
    await limit({ mentionsPerHour: 2 });
    const heard: RoomChange[] = [];
    person.on('activity_update', ({ activity }) => heard.push(...activity));
    await accepted(person, 'join_room', { roomId });
    const people = [person, await (await Person.signIn(right.url, owner.name, 'correct horse battery')).connect()];
    await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        accepted(people[index % 2]!, 'chat_message', {
          roomId,
          message: `@${agent.agent.name} please write test ${index}`,
        }),
      ),
    );
    await eventually(() => heard.filter(({ type }) => type === 'task.created').length === 2);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(heard.filter(({ type }) => type === 'task.created')).toHaveLength(2);
    expect(heard.filter(({ type }) => type === 'agent.held_back')).toHaveLength(1);
    people[1]!.close();
  });

  it('leaves a task whose lease ran out to exactly one of many that ask, before anybody looked', async () => {
    const helpers = await Promise.all(Array.from({ length: 5 }, () => owner.bringAgent(roomId)));
    const [task] = await newTasks(1);
    await accepted(sockets[0]!, 'claim_task', { roomId, taskId: task!.id });
    const others = await Promise.all(
      helpers.map(({ token }, index) => connect((index % 2 ? left : right).url, '/agents', token)),
    );
    await dataSource.query(`UPDATE tasks SET lease_expires_at = now() - interval '1 second' WHERE id = $1`, [task!.id]);
    const replies = await Promise.all(
      others.map((socket) => command(socket, 'claim_task', { roomId, taskId: task!.id })),
    );
    expect(countOf(replies.map(codeOf))).toEqual({ ok: 1, task_not_open: 4 });
    others.forEach((socket) => socket.close());
  });

  describe('that is stopped', () => {
    let host: Person;
    let lost: string[];
    let taskId: string;
    let leaseId: string;

    /** The agent of somebody who is a guest in the room of another; everything it does goes through the other process. */
    beforeEach(async () => {
      host = await Person.register(left.url);
      roomId = (await host.createRoomWithRepository()).id;
      owner = await Person.register(left.url);
      await host.invite(roomId, owner);
      person.close();
      sockets.forEach((socket) => socket.close());
      agent = await owner.bringAgent(roomId);
      person = await host.connect();
      sockets = [await connect(right.url, '/agents', agent.token)];
      lost = [];
      sockets[0]!.on('lease_lost', (push) => lost.push(push.taskId));
      const [task] = await newTasks(1, agent.agent.id);
      taskId = task!.id;
      ({
        lease: { leaseId },
      } = await accepted(sockets[0]!, 'claim_task', { roomId, taskId }));
    });

    const push = () => pushBranch(right, roomId, agent.token, 'agent/late');
    const isOut = async () =>
      connect(right.url, '/agents', agent.token).then(
        (socket) => (socket.close(), false),
        () => true,
      );
    const stateOf = async () =>
      (await host.request<{ task: { state: string } }>('GET', `/api/rooms/${roomId}/tasks/${taskId}`)).task.state;

    it('by its owner, who revokes its token, is cut off everywhere, and its pushes are refused', async () => {
      await owner.request('DELETE', `/api/agents/${agent.agent.id}`);
      await eventually(() => !sockets[0]!.connected);
      expect(await isOut()).toBe(true);
      await expect(push()).rejects.toThrow(/Authentication failed/);
      await eventually(async () => (await stateOf()) === 'open');
    });

    it('by its owner, who revokes its token, does not finish the push that it has begun', async () => {
      const began = beginPush();
      await began.isUnderWay;
      await owner.request('DELETE', `/api/agents/${agent.agent.id}`);
      await began.isCutOff;
    });

    /** The first bytes of a push through the other process; the rest never comes. */
    const beginPush = () => {
      const url = new URL(`/git/${roomId}.git/git-receive-pack`, right.url);
      const pushing = httpRequest(url, {
        method: 'POST',
        auth: `git:${agent.token}`,
        headers: { 'content-type': 'application/x-git-receive-pack-request' },
      });
      const isCutOff = new Promise<void>((resolve) => pushing.once('close', resolve).once('error', () => resolve()));
      pushing.write('0');
      return {
        isUnderWay: new Promise((resolve) => setTimeout(resolve, 1000)),
        isCutOff,
      };
    };

    it('by its owner, who leaves, loses what it holds, and its pushes are refused', async () => {
      await owner.request('POST', `/api/rooms/${roomId}/leave`);
      await eventually(() => lost.includes(taskId));
      const held = { roomId, taskId, leaseId };
      expect(codeOf(await command(sockets[0]!, 'task_progress', { ...held, note: 'Still here' }))).toBe('not_found');
      await expect(push()).rejects.toThrow(/There is no such room/);
      await eventually(async () => (await stateOf()) === 'open');
    });

    it('by the host, who bans its owner, loses what it holds, and its pushes are refused', async () => {
      await host.request('POST', `/api/rooms/${roomId}/bans`, { userId: owner.id });
      await eventually(() => lost.includes(taskId));
      const held = { roomId, taskId, leaseId };
      expect(codeOf(await command(sockets[0]!, 'task_progress', { ...held, note: 'Still here' }))).toBe('banned');
      await expect(push()).rejects.toThrow(/banned from this room/);
    });

    it('by a pause of the whole room, with every other agent in it', async () => {
      const second = await owner.bringAgent(roomId);
      const other = await connect(left.url, '/agents', second.token);
      other.on('lease_lost', (push) => lost.push(push.taskId));
      const [task] = await newTasks(1, second.agent.id);
      await accepted(other, 'claim_task', { roomId, taskId: task!.id });
      await host.request('PUT', `/api/rooms/${roomId}`, { settings: { agentsPaused: true } });
      const late = [
        codeOf(await command(sockets[0]!, 'chat_message', { roomId, message: 'But' })),
        codeOf(await command(other, 'chat_message', { roomId, message: 'But' })),
        codeOf(await command(sockets[0]!, 'lease_renew', { roomId, taskId, leaseId })),
      ];
      expect(late).toEqual(Array(3).fill('agent_paused'));
      await expect(push()).rejects.toThrow(/403/);
      await eventually(() => lost.includes(taskId) && lost.includes(task!.id));
      other.close();
    });

    it('by a limit that takes pushing from it, may not push from that moment on', async () => {
      await owner.request('PUT', `/api/agents/${agent.agent.id}/limits`, { limits: { commands: ['talk'] } });
      await expect(push()).rejects.toThrow(/403/);
    });
  });
});
