import { ACKNOWLEDGE_WITHIN_MS, type Task } from '@clawtank/contracts';
import { runAgent, type RunningAgent } from '@clawtank/agent-sdk';
import { RoomSnapshot } from '../../apps/api/src/rooms/index.js';
import { startTestServer, type TestServer } from '../support/app.js';
import { accepted, command, connect, eventually, Person, type RoomSocket } from '../support/people.js';
import { verifyRoom } from '../support/verify-room.js';

const codeOf = (reply: { ok: boolean; error?: { code: string } }) => reply.error?.code ?? 'ok';

describe('the receipt of an offered task', () => {
  let server: TestServer;
  let owner: Person;
  let roomId: string;
  let agentId: string;
  let token: string;
  let person: RoomSocket;

  beforeAll(async () => (server = await startTestServer()));
  afterAll(() => server.close());
  beforeEach(async () => {
    owner = await Person.register(server.url);
    roomId = (await owner.createRoom()).id;
    ({
      agent: { id: agentId },
      token,
    } = await owner.bringAgent(roomId));
    person = await owner.connect();
  });
  afterEach(() => person.close());

  const newTask = (task: object = { agentId }) =>
    accepted(person, 'create_task', { roomId, description: 'Write the manual', ...task });
  const taskOf = async (taskId: string): Promise<Task | undefined> =>
    (await server.app.get(RoomSnapshot, { strict: false }).read(roomId)).tasks.find(({ id }) => id === taskId);
  const receiptOf = async (taskId: string) => (await taskOf(taskId))?.receipt;

  it('says that nobody answers, for an agent that looks online and does nothing', async () => {
    const silent = await connect(server.url, '/agents', token);
    const { id } = await newTask();
    const receipt = await eventually(() => receiptOf(id));
    expect(receipt).toMatchObject({ deliveredAt: null, acknowledgedAt: null, wokenAt: null });
    expect(Date.parse(receipt.offeredAt) + ACKNOWLEDGE_WITHIN_MS).toBeGreaterThan(Date.now());
    silent.close();
  });

  it('keeps each step when it is first said, and says nothing twice in the log', async () => {
    const agent = await connect(server.url, '/agents', token);
    const born = await server.app.get(RoomSnapshot, { strict: false }).read(roomId);
    const { id: taskId } = await newTask();
    const first = await accepted(agent, 'task_receipt', { roomId, taskId, step: 'delivered' });
    expect(first).toMatchObject({ deliveredAt: expect.any(String) as string, acknowledgedAt: null });
    const head = (await server.app.get(RoomSnapshot, { strict: false }).read(roomId)).seq;
    expect(await accepted(agent, 'task_receipt', { roomId, taskId, step: 'delivered' })).toEqual(first);
    expect((await server.app.get(RoomSnapshot, { strict: false }).read(roomId)).seq).toBe(head);
    const woken = await accepted(agent, 'task_receipt', { roomId, taskId, step: 'woken' });
    expect(woken).toMatchObject({ deliveredAt: first.deliveredAt, acknowledgedAt: woken.wokenAt });
    await verifyRoom(server, born);
    agent.close();
  });

  it('takes a claim for an acknowledgement, and begins anew with each offer', async () => {
    const agent = await connect(server.url, '/agents', token);
    const { id: taskId } = await newTask();
    const { lease } = await accepted(agent, 'claim_task', { roomId, taskId });
    expect(await receiptOf(taskId)).toMatchObject({ acknowledgedAt: expect.any(String) as string, wokenAt: null });
    await accepted(agent, 'release_task', { roomId, taskId, leaseId: lease.leaseId });
    expect(await receiptOf(taskId)).toBeNull();
    await accepted(person, 'update_task', { roomId, taskId, agentId });
    expect(await receiptOf(taskId)).toMatchObject({ deliveredAt: null, acknowledgedAt: null });
    agent.close();
  });

  it('is there only once the task is free to be done', async () => {
    const first = await newTask({});
    const second = await newTask({ agentId, dependsOn: [first.id] });
    expect(await receiptOf(second.id)).toBeNull();
    await accepted(person, 'update_task', { roomId, taskId: second.id, dependsOn: [] });
    expect(await receiptOf(second.id)).not.toBeNull();
  });

  it('is nobody else’s to confirm', async () => {
    const other = await owner.bringAgent(roomId);
    const stranger = await connect(server.url, '/agents', other.token);
    const { id: taskId } = await newTask();
    expect(codeOf(await command(stranger, 'task_receipt', { roomId, taskId, step: 'woken' }))).toBe('task_not_open');
    stranger.close();
  });

  it('is confirmed by the SDK by itself: also of what has to wait for its turn', async () => {
    const running: RunningAgent = runAgent(
      {
        onTaskAssignment: ({ signal }) =>
          new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
      },
      { url: server.url, token, stopOn: [], report: () => undefined },
    );
    await running.client.ready();
    const [one, two] = [await newTask(), await newTask()];
    await eventually(async () => (await receiptOf(one.id))?.wokenAt);
    await eventually(async () => (await receiptOf(two.id))?.acknowledgedAt);
    expect(await receiptOf(two.id)).toMatchObject({ wokenAt: null });
    expect((await taskOf(two.id))?.state).toBe('open');
    await running.stop(0);
  });
});
