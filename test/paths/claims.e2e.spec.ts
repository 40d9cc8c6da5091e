import { randomUUID } from 'node:crypto';
import type { NewAgent, Room, TaskDetail } from '@clawtank/contracts';
import { startTestServer, type TestServer } from '../support/app.js';
import { Follower } from '../support/follower.js';
import { accepted, command, connect, Person, type RoomSocket } from '../support/people.js';
import { inShort } from './paths.support.js';

describe('what tasks are said to touch', () => {
  let server: TestServer;
  let owner: Person;
  let room: Room;
  let person: RoomSocket;
  let follower: Follower;
  let otter: NewAgent & { socket: RoomSocket };
  let beaver: NewAgent & { socket: RoomSocket };

  beforeAll(async () => (server = await startTestServer()));
  afterAll(() => server.close());
  beforeEach(async () => {
    owner = await Person.register(server.url);
    room = await owner.createRoom();
    person = await owner.connect();
    follower = await Follower.join(person, room.id);
    const bring = async () => {
      const agent = await owner.bringAgent(room.id);
      return { ...agent, socket: await connect(server.url, '/agents', agent.token) };
    };
    [otter, beaver] = [await bring(), await bring()];
  });
  afterEach(() => [person, otter.socket, beaver.socket].forEach((socket) => socket.close()));

  const newTask = (paths: string[] = [], description = 'Write the manual') =>
    accepted(person, 'create_task', { roomId: room.id, description, paths });
  const claim = async ({ socket }: { socket: RoomSocket }, taskId: string, paths?: string[]) => {
    const claimed = await accepted(socket, 'claim_task', { roomId: room.id, taskId, ...(paths && { paths }) });
    return { ...claimed, held: { roomId: room.id, taskId, leaseId: claimed.lease.leaseId } };
  };
  const detail = (taskId: string) => owner.request<TaskDetail>('GET', `/api/rooms/${room.id}/tasks/${taskId}`);
  const told = (type: string) => follower.events.filter((event) => event.type === type);

  it('are told to the agent that claims the second of two tasks, and once to the room', async () => {
    const [first, second] = [await newTask([], 'Write the manual'), await newTask([], 'Correct the manual')];
    expect((await claim(otter, first.id, ['docs/**', 'src/cli.ts'])).conflicts).toEqual([]);

    const { conflicts } = await claim(beaver, second.id, ['docs/manual.md', 'lib']);
    expect(conflicts).toEqual([
      {
        taskId: first.id,
        number: first.number,
        title: 'Write the manual',
        holder: { type: 'agent', id: otter.agent.id, name: otter.agent.name },
        kind: 'claimed',
        paths: ['docs/manual.md'],
        total: 1,
      },
    ]);
    await claim(beaver, second.id, ['docs/manual.md', 'lib']);
    await follower.until((state) => state.conflicts.length === 1);
    expect(inShort(follower.state.conflicts)).toEqual(['1+2 claimed docs/manual.md']);
    expect(told('task.conflict')).toHaveLength(1);
    expect((await detail(first.id)).conflicts).toMatchObject([{ taskId: second.id, holder: { id: beaver.agent.id } }]);
    expect((await detail(second.id)).paths).toMatchObject({
      claim: { paths: ['docs/manual.md', 'lib'] },
      changes: null,
    });
  });

  it('are replaced by what their holder says next, and the conflict goes with them', async () => {
    const [first, second] = [await newTask(['src']), await newTask()];
    const { held } = await claim(otter, second.id);
    const { conflicts } = await accepted(otter.socket, 'claim_paths', { ...held, paths: ['src/a.ts', 'src/a.ts'] });
    expect(conflicts).toMatchObject([{ taskId: first.id, holder: null, paths: ['src/a.ts'] }]);
    const next = await accepted(otter.socket, 'claim_paths', { ...held, paths: ['lib/b.ts'] });
    expect(next).toEqual({ paths: ['lib/b.ts'], conflicts: [] });
    await follower.until(() => told('task.conflict_resolved').length === 1);
    expect(follower.state.conflicts).toEqual([]);
  });

  it('stay when a claim says nothing of them', async () => {
    const task = await newTask(['src']);
    await claim(otter, task.id);
    expect((await detail(task.id)).paths?.claim).toMatchObject({ by: { id: owner.id }, paths: ['src'] });
  });

  it.each([
    ['is given back', 'release_task', { reason: 'busy' }],
    ['could not be done for now', 'fail_task', { reason: 'no quota', retryable: true }],
  ] as const)('end with the lease of their agent when the task %s', async (_, name, more) => {
    const [first, second] = [await newTask(), await newTask(['src'])];
    const { held } = await claim(otter, first.id, ['src/a.ts']);
    await accepted(otter.socket, name, { ...held, ...more });
    await follower.until((state) => state.conflicts.length === 0 && told('task.conflict').length === 1);
    expect((await detail(first.id)).paths).toBeNull();
    expect((await detail(second.id)).paths?.claim?.paths).toEqual(['src']);
  });

  it('end with the task', async () => {
    const [first, second] = [await newTask(['src']), await newTask(['src/a.ts'])];
    await follower.until((state) => state.conflicts.length === 1);
    await accepted(person, 'cancel_task', { roomId: room.id, taskId: first.id });
    await follower.until((state) => state.conflicts.length === 0);
    expect(follower.state.paths.map(({ taskId }) => taskId)).toEqual([second.id]);
    expect((await detail(second.id)).conflicts).toEqual([]);
  });

  it('are changed by people at any time', async () => {
    const [first, second] = [await newTask(['src']), await newTask(['lib'])];
    const update = (paths: string[]) =>
      accepted(person, 'update_task', { roomId: room.id, taskId: second.id, paths, commandId: randomUUID() });
    await update(['src/deep/*.ts']);
    await follower.until((state) => inShort(state.conflicts)[0] === '1+2 claimed src/deep/*.ts');
    await update([]);
    await follower.until((state) => state.conflicts.length === 0);
    expect(follower.state.paths.map(({ taskId }) => taskId)).toEqual([first.id]);
  });

  it('are the business of whoever holds the task', async () => {
    const task = await newTask();
    const { held } = await claim(otter, task.id);
    const reply = await command(beaver.socket, 'claim_paths', { ...held, paths: ['src'] });
    expect(reply).toMatchObject({ ok: false, error: { code: 'lease_lost' } });
  });

  it.each([
    ['/etc/passwd', 'from the root of a disk'],
    ['../elsewhere', 'out of the repository'],
    ['src/./a.ts', 'in a roundabout way'],
    ['src//a.ts', 'with a name that is empty'],
    ['C:\\work', 'as Windows has it'],
    ['a\nb', 'with a line break'],
    ['x'.repeat(301), 'at too great a length'],
    [' ', 'with nothing but a blank'],
  ])('are refused when they are written %j, %s', async (path) => {
    const task = await newTask();
    const request = { roomId: room.id, taskId: task.id, paths: ['src', path] };
    const reply = await command(otter.socket, 'claim_task', request);
    expect(reply).toMatchObject({ ok: false, error: { code: 'invalid_input' } });
    expect(JSON.stringify(reply)).toContain('paths.1');
  });

  it('are at most fifty', async () => {
    const task = await newTask();
    const paths = Array.from({ length: 51 }, (_, index) => `src/${index}.ts`);
    const reply = await command(otter.socket, 'claim_task', { roomId: room.id, taskId: task.id, paths });
    expect(reply).toMatchObject({ ok: false, error: { code: 'invalid_input' } });
    expect((await claim(otter, task.id, paths.slice(1))).lease.taskId).toBe(task.id);
  });
});
