import type { InboxPage, NewAgent, Task, TaskAssignment } from '@clawtank/contracts';
import { DataSource } from 'typeorm';
import { LeaseService } from '../../apps/api/src/tasks/lease.service.js';
import { startTestServer, type TestServer } from '../support/app.js';
import { accepted, command, connect, eventually, Person, type RoomSocket } from '../support/people.js';

const DAY_MS = 86_400_000;
const later = (milliseconds: number): string => new Date(Date.now() + milliseconds).toISOString();

describe('a task that its agent cannot do before some time', () => {
  let server: TestServer;
  let host: Person;
  let person: RoomSocket;
  let agent: RoomSocket;
  let helper: NewAgent;
  let roomId: string;

  beforeAll(async () => (server = await startTestServer()));
  afterAll(() => server.close());
  beforeEach(async () => {
    host = await Person.register(server.url);
    roomId = (await host.createRoom()).id;
    helper = await host.bringAgent(roomId);
    person = await host.connect();
    agent = await connect(server.url, '/agents', helper.token);
  });
  afterEach(() => [person, agent].forEach((socket) => socket.close()));

  const held = async () => {
    const task = { roomId, description: 'Write the manual', agentId: helper.agent.id };
    const { id: taskId } = await accepted(person, 'create_task', task);
    const { lease } = await accepted(agent, 'claim_task', { roomId, taskId });
    return { roomId, taskId, leaseId: lease.leaseId };
  };
  const quota = { reason: 'The quota is used up', retryable: true };
  /** As if the time had come. */
  const letTimePass = (taskId: string) =>
    server.app.get(DataSource).query(`UPDATE tasks SET waits_until = now() WHERE id = $1`, [taskId]);
  const taskOf = async (taskId: string): Promise<Task> =>
    (await host.request<{ task: Task }>('GET', `/api/rooms/${roomId}/tasks/${taskId}`)).task;
  const offersOn = (socket: RoomSocket) => {
    const offers: TaskAssignment[] = [];
    socket.on('task_assignment', (offer) => offers.push(offer));
    return offers;
  };

  it('waits for it, says until when and why, and is not offered before', async () => {
    const task = await held();
    const until = later(DAY_MS);
    const failed = await accepted(agent, 'fail_task', { ...task, ...quota, until });
    expect(failed).toMatchObject({
      state: 'open',
      assignedTo: { id: helper.agent.id },
      lease: null,
      failure: quota.reason,
      waitsUntil: until,
    });
    agent.close();
    agent = await connect(server.url, '/agents', helper.token);
    const offers = offersOn(agent);
    await server.app.get(LeaseService, { strict: false }).offerDue();
    await accepted(agent, 'join_room', { roomId });
    expect(offers).toEqual([]);
    expect(await taskOf(task.taskId)).toMatchObject({ waitsUntil: until });
  });

  it('is offered to it again when the time has come, once, by whatever process', async () => {
    const task = await held();
    await accepted(agent, 'fail_task', { ...task, ...quota, until: later(DAY_MS) });
    const offers = offersOn(agent);
    const { upTo: after } = await accepted(agent, 'read_inbox', {});
    await letTimePass(task.taskId);
    const { offerDue } = LeaseService.prototype;
    const leases = server.app.get(LeaseService, { strict: false });
    await Promise.all([offerDue.call(leases), offerDue.call(leases)]);
    await eventually(() => offers.length > 0);
    const { items }: InboxPage = await accepted(agent, 'read_inbox', { after });
    expect(items.map(({ kind }) => kind)).toEqual(['task_offered']);
    expect(await taskOf(task.taskId)).toMatchObject({ state: 'open', waitsUntil: null, failure: quota.reason });
    await accepted(agent, 'claim_task', { roomId, taskId: task.taskId });
  });

  it('is found by the job that looks for such tasks', async () => {
    const task = await held();
    await accepted(agent, 'fail_task', { ...task, ...quota, until: later(DAY_MS) });
    await letTimePass(task.taskId);
    await eventually(async () => (await taskOf(task.taskId)).waitsUntil === null, 25_000);
  }, 30_000);

  it('may be taken by another agent meanwhile, or given to one', async () => {
    const [one, two] = [await held(), await held()];
    for (const task of [one, two]) {
      await accepted(agent, 'fail_task', { ...task, ...quota, until: later(DAY_MS) });
    }
    const other = await host.bringAgent(roomId);
    const theirs = await connect(server.url, '/agents', other.token);
    await accepted(theirs, 'claim_task', { roomId, taskId: one.taskId });
    expect(await taskOf(one.taskId)).toMatchObject({ lease: { holder: { id: other.agent.id } }, waitsUntil: null });
    const offers = offersOn(theirs);
    await accepted(person, 'update_task', { roomId, taskId: two.taskId, agentId: other.agent.id });
    await eventually(() => offers.length > 0);
    theirs.close();
  });

  it.each([
    ['in the past', { retryable: true, until: later(-1000) }],
    ['too far away', { retryable: true, until: later(32 * DAY_MS) }],
    ['for what cannot be tried again', { retryable: false, until: later(DAY_MS) }],
  ])('is refused %s, by the name of the field, and the lease stays', async (_, wait) => {
    const task = await held();
    const reply = await command(agent, 'fail_task', { ...task, reason: 'Quota', ...wait });
    expect(reply).toMatchObject({ ok: false, error: { code: 'invalid_input', errors: [{ path: 'until' }] } });
    await accepted(agent, 'lease_renew', task);
  });
});
