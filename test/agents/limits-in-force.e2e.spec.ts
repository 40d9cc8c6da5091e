import type { AgentLimits, RoomChange, RoomSettings, TaskAssignment } from '@clawtank/contracts';
import { DataSource } from 'typeorm';
import { RoomSnapshot } from '../../apps/api/src/rooms/index.js';
import { startTestServer, type TestServer } from '../support/app.js';
import { accepted, command, connect, eventually, Person, type RoomSocket } from '../support/people.js';
import { pushBranch } from '../support/push-branch.js';

const HOUR = 3_600_000;
const problemOf = (reply: { ok: boolean; error?: { code: string; message: string; retryAfter?: number } }) =>
  reply.error ?? { code: 'ok', message: '' };

describe('an agent with limits', () => {
  let server: TestServer;
  let host: Person;
  let roomId: string;
  let agentId: string;
  let name: string;
  let token: string;
  let person: RoomSocket;
  let agent: RoomSocket;
  let offered: TaskAssignment[];
  let heard: RoomChange[];

  beforeAll(async () => (server = await startTestServer()));
  afterAll(() => server.close());
  beforeEach(async () => {
    host = await Person.register(server.url);
    roomId = (await host.createRoomWithRepository()).id;
    ({
      agent: { id: agentId, name },
      token,
    } = await host.bringAgent(roomId));
    person = await host.connect();
    [offered, heard] = [[], []];
    person.on('activity_update', ({ activity }) => heard.push(...activity));
    await accepted(person, 'join_room', { roomId });
    agent = await connect(server.url, '/agents', token);
    agent.on('task_assignment', (assignment) => offered.push(assignment));
  });
  afterEach(() => {
    person.close();
    agent.close();
  });

  const limit = (limits: Partial<AgentLimits>, id = agentId) =>
    host.request('PUT', `/api/rooms/${roomId}/agents/${id}/limits`, { limits });
  const configure = (settings: Partial<RoomSettings>) => host.request('PUT', `/api/rooms/${roomId}`, { settings });
  const newTask = () => accepted(person, 'create_task', { roomId, description: 'Write the manual', agentId });
  const claim = (taskId: string, as = agent) => command(as, 'claim_task', { roomId, taskId });
  const say = (message: string, as = person, place: object = {}) =>
    accepted(as, 'chat_message', { roomId, message, ...place });
  const tasks = async () => (await server.app.get(RoomSnapshot, { strict: false }).read(roomId)).tasks;
  const heldBack = () => heard.flatMap((event) => (event.type === 'agent.held_back' ? [event.data.reason] : []));
  const sql = (text: string, parameters: unknown[]) => server.app.get(DataSource).query<unknown>(text, parameters);
  /** As if everything the agent did had been an hour earlier. */
  const anHourLater = () =>
    sql(`UPDATE agent_uses SET used_at = used_at - interval '1 hour' WHERE agent_id = $1`, [agentId]);

  describe('on commands', () => {
    it('is refused what is not permitted, and hears what that is', async () => {
      const { id: taskId } = await newTask();
      const { lease } = await accepted(agent, 'claim_task', { roomId, taskId });
      await limit({ commands: [] });
      const held = { roomId, taskId, leaseId: lease.leaseId };
      const step = { approvalId: 'step-1', kind: 'execute', title: 'Publish', detail: 'npm publish' } as const;
      const { id: other } = await newTask();
      const replies = [
        await command(agent, 'chat_message', { roomId, message: 'Hello' }),
        await command(agent, 'direct_message', { roomId, toMemberId: host.id, message: 'Hello' }),
        await claim(other),
        await command(agent, 'open_pull_request', { roomId, title: 'Work', head: 'work' }),
        await command(agent, 'request_approval', { ...held, ...step }),
        await command(agent, 'submit_work', { ...held, gitBranch: 'work', commit: 'a'.repeat(40) }),
      ].map(problemOf);
      expect(replies.map(({ code, message }) => [code, /\((\w+)\)$/.exec(message)?.[1]])).toEqual([
        ['forbidden', 'talk'],
        ['forbidden', 'talk'],
        ['forbidden', 'take_tasks'],
        ['forbidden', 'open_pull_requests'],
        ['forbidden', 'ask_approval'],
        ['forbidden', 'submit_work'],
      ]);
      await expect(pushBranch(server, roomId, token, 'agent/work')).rejects.toThrow(/403/);
    });

    it('can end what it began, whatever was taken from it', async () => {
      const { id: taskId } = await newTask();
      const { lease } = await accepted(agent, 'claim_task', { roomId, taskId });
      await limit({ commands: [] });
      const held = { roomId, taskId, leaseId: lease.leaseId };
      const replies = [
        await command(agent, 'join_room', { roomId }),
        await command(agent, 'lease_renew', held),
        await claim(taskId),
        await command(agent, 'task_progress', { ...held, note: 'On my way' }),
        await command(agent, 'release_task', { ...held, reason: 'as I may not go on' }),
      ];
      expect(replies.map((reply) => problemOf(reply).code)).toEqual(Array(5).fill('ok'));
    });

    it('is told at once what it may do', async () => {
      const abilities: (readonly string[])[] = [];
      agent.on('abilities_changed', (push) => abilities.push(push.abilities));
      await accepted(agent, 'join_room', { roomId });
      await limit({ commands: ['push', 'take_tasks'] });
      await eventually(() => abilities.length > 0);
      expect(abilities).toEqual([['read', 'push']]);
    });

    it('is offered nothing while it may take nothing, and what waited once it may', async () => {
      await limit({ commands: ['talk'] });
      const { id: taskId } = await newTask();
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(offered).toEqual([]);
      await limit({});
      await eventually(() => offered.some((offer) => offer.taskId === taskId));
    });
  });

  describe('on messages', () => {
    it('may say so much in an hour, in the open or to one alone, and hears when it may say more', async () => {
      await limit({ messagesPerHour: 2 });
      await say('One', agent);
      await accepted(agent, 'direct_message', { roomId, toMemberId: host.id, message: 'Two' });
      for (const refused of [
        await command(agent, 'chat_message', { roomId, message: 'Three' }),
        await command(agent, 'direct_message', { roomId, toMemberId: host.id, message: 'Three' }),
      ]) {
        const { code, retryAfter } = problemOf(refused);
        expect(code).toBe('limit_reached');
        expect(retryAfter).toBeGreaterThan(HOUR - 60_000);
        expect(retryAfter).toBeLessThanOrEqual(HOUR);
      }
      await anHourLater();
      await say('Three', agent);
    });

    it('does not pay twice for a message that is sent twice, nor for one that is refused', async () => {
      await limit({ messagesPerHour: 2 });
      await say('One', agent, { clientMessageId: 'message-1' });
      await say('One', agent, { clientMessageId: 'message-1' });
      await command(agent, 'chat_message', { roomId, message: 'x', replyTo: roomId });
      await say('Two', agent);
    });
  });

  describe('on mentions', () => {
    it('gets no task from a mention too many, and the room is told why, once', async () => {
      await limit({ mentionsPerHour: 1 });
      for (const what of ['write a test', 'write another', 'write a third']) {
        await say(`@${name} please ${what}`);
      }
      await eventually(async () => (await tasks()).length > 0);
      await eventually(() => heldBack().length > 0);
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect((await tasks()).map(({ title }) => title)).toEqual([expect.stringContaining('write a test')]);
      expect(heldBack()).toEqual(['mentions_per_hour']);
      await anHourLater();
      await say(`@${name} please write a fourth`);
      await eventually(async () => (await tasks()).length === 2);
    });

    it('is reached by none where none is permitted', async () => {
      await limit({ mentionsPerHour: 0 });
      await say(`@${name} please write a test`);
      await eventually(() => heldBack().length > 0);
      expect(await tasks()).toEqual([]);
    });
  });

  describe('on tasks', () => {
    it('holds so many at once, and is offered the next when it has given one up', async () => {
      await limit({ parallelTasks: 1 });
      const { id: first } = await newTask();
      const { lease } = await accepted(agent, 'claim_task', { roomId, taskId: first });
      const { id: second } = await newTask();
      const refused = problemOf(await claim(second));
      expect(refused).toMatchObject({ code: 'agent_busy', retryAfter: expect.any(Number) as number });
      expect(offered.some(({ taskId }) => taskId === second)).toBe(false);
      await accepted(agent, 'release_task', { roomId, taskId: first, leaseId: lease.leaseId, reason: '' });
      await eventually(() => offered.some(({ taskId }) => taskId === second));
      await accepted(agent, 'claim_task', { roomId, taskId: second });
    });

    it('is offered the next as well when somebody calls off what it holds', async () => {
      await limit({ parallelTasks: 1 });
      const { id: first } = await newTask();
      await accepted(agent, 'claim_task', { roomId, taskId: first });
      const { id: second } = await newTask();
      await accepted(person, 'cancel_task', { roomId, taskId: first });
      await eventually(() => offered.some(({ taskId }) => taskId === second));
    });

    it('takes so many in an hour, hears when it may take more, and is offered them then', async () => {
      await limit({ tasksPerHour: 1 });
      const { id: first } = await newTask();
      await accepted(agent, 'claim_task', { roomId, taskId: first });
      await accepted(agent, 'claim_task', { roomId, taskId: first }); // its own again
      const { id: second } = await newTask();
      const refused = problemOf(await claim(second));
      expect(refused.code).toBe('limit_reached');
      expect(refused.retryAfter).toBeGreaterThan(HOUR - 60_000);
      expect(offered.some(({ taskId }) => taskId === second)).toBe(false);
      await anHourLater();
      await eventually(() => offered.some(({ taskId }) => taskId === second), 60_000);
      await accepted(agent, 'claim_task', { roomId, taskId: second });
    }, 90_000);

    it('may be held to none at all', async () => {
      await limit({ parallelTasks: 0 });
      expect(problemOf(await claim((await newTask()).id)).code).toBe('agent_busy');
    });

    it('is held by what the room sets for all agents', async () => {
      await configure({ agentLimits: { ...NO_LIMITS, parallelTasks: 1 } });
      await accepted(agent, 'claim_task', { roomId, taskId: (await newTask()).id });
      expect(problemOf(await claim((await newTask()).id)).code).toBe('agent_busy');
      await configure({ agentLimits: NO_LIMITS });
      for (let index = 0; index < 4; index++) {
        await accepted(agent, 'claim_task', { roomId, taskId: (await newTask()).id });
      }
    });
  });

  it('shows what it has used', async () => {
    await say('One', agent);
    await say(`@${name} hello`);
    await accepted(agent, 'claim_task', { roomId, taskId: (await newTask()).id });
    expect(await host.request('GET', `/api/rooms/${roomId}/agents/${agentId}/limits`)).toMatchObject({
      used: { messages: 1, mentions: 1, tasks: 1, heldTasks: 1 },
    });
  });

  describe('whose lease ran out before anybody looked', () => {
    const runOut = (taskId: string) =>
      sql(`UPDATE tasks SET lease_expires_at = now() - interval '1 second' WHERE id = $1`, [taskId]);

    it('gets its task again at once, under a new lease', async () => {
      const { id: taskId } = await newTask();
      const before = await accepted(agent, 'claim_task', { roomId, taskId });
      await runOut(taskId);
      const after = await accepted(agent, 'claim_task', { roomId, taskId });
      expect(after.lease.fence).toBe(before.lease.fence + 1);
      const renewed = await command(agent, 'lease_renew', { roomId, taskId, leaseId: before.lease.leaseId });
      expect(problemOf(renewed).code).toBe('lease_lost');
    });

    it('loses it to whoever asks first', async () => {
      const helper = await host.bringAgent(roomId);
      const other = await connect(server.url, '/agents', helper.token);
      const { id: taskId } = await newTask();
      await accepted(agent, 'claim_task', { roomId, taskId });
      expect(problemOf(await claim(taskId, other)).code).toBe('task_not_open');
      await runOut(taskId);
      await accepted(other, 'claim_task', { roomId, taskId });
      expect(problemOf(await claim(taskId)).code).toBe('task_not_open');
      other.close();
    });
  });

  describe('that talks to another', () => {
    let other: RoomSocket;
    let otherName: string;
    let otherId: string;

    beforeEach(async () => {
      const helper = await host.bringAgent(roomId);
      ({ name: otherName, id: otherId } = helper.agent);
      other = await connect(server.url, '/agents', helper.token);
      await configure({ maxAgentTurns: 3 });
    });
    afterEach(() => other.close());

    const mentionsOfOther = async () =>
      (await host.request<{ used: { mentions: number } }>('GET', `/api/rooms/${roomId}/agents/${otherId}/limits`)).used
        .mentions;

    it('reaches it so many times in a row, then the room is told once, until a person says something', async () => {
      const addressed: (boolean | undefined)[] = [];
      other.on('message_broadcast', ({ message }) => addressed.push(message.addressed));
      await accepted(other, 'join_room', { roomId });
      for (const turn of [1, 2, 3, 4, 5, 6]) {
        await say(turn % 2 ? `@${otherName} what of ${turn}?` : `@${name} and of ${turn}?`, turn % 2 ? agent : other);
      }
      await eventually(() => heldBack().length > 0);
      await say('Now then', agent); // to nobody
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(heldBack()).toEqual(['agents_among_themselves']);
      expect(await mentionsOfOther()).toBe(2);
      expect(addressed).toEqual([true, false, true, false, false, false, false]);
      await say('Go on, you two');
      await say(`@${otherName} so we may`, agent);
      expect(await mentionsOfOther()).toBe(3);
    });

    it('reaches it no more often by answers or by opening threads', async () => {
      const first = await say(`@${otherName} one`, agent);
      const second = await say('two', other, { replyTo: first.id });
      const third = await say('three', agent, { threadId: second.id });
      await say('four', other, { threadId: third.threadId! });
      await eventually(() => heldBack().length > 0);
      const root = await say('A new thread', agent);
      await say(`@${name} five`, other, { threadId: root.id });
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(heldBack()).toEqual(['agents_among_themselves']);
    });

    it('is not held back by what it says to people', async () => {
      for (const turn of [1, 2, 3, 4, 5]) {
        await say(`@${host.name} done with ${turn}`, agent);
      }
      await say(`@${otherName} your turn`, agent);
      expect(await mentionsOfOther()).toBe(1);
      expect(heldBack()).toEqual([]);
    });
  });
});

const NO_LIMITS: AgentLimits = {
  commands: null,
  paths: null,
  messagesPerHour: null,
  mentionsPerHour: null,
  tasksPerHour: null,
  parallelTasks: null,
};
