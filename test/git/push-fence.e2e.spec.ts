import type { Lease, NewAgent } from '@clawtank/contracts';
import type { DataSource } from 'typeorm';
import { accepted, connect, eventually, Person, type RoomSocket } from '../support/people.js';
import { pushBranch } from '../support/push-branch.js';
import { describeWithRedis } from '../support/redis.js';
import type { ServerProcess } from '../support/server-process.js';
import { SlowPush, type SlowPushOptions } from '../support/slow-push.js';
import { TwoProcesses } from '../support/two-processes.js';

describeWithRedis('the push of an agent that says nothing of a lease, on two processes', (redis) => {
  let processes: TwoProcesses;
  let dataSource: DataSource;
  let left: ServerProcess;
  let right: ServerProcess;
  let owner: Person;
  let person: RoomSocket;
  let roomId: string;
  let slow: NewAgent;
  let other: NewAgent;
  let sockets: readonly [slow: RoomSocket, other: RoomSocket];

  beforeAll(async () => {
    processes = await TwoProcesses.start(redis);
    ({ left, right, dataSource } = processes);
    owner = await Person.register(left.url);
    person = await owner.connect();
  }, 180_000);
  afterAll(async () => {
    person.close();
    await processes.stop();
  });
  beforeEach(async () => {
    roomId = (await owner.createRoomWithRepository()).id;
    [slow, other] = [await owner.bringAgent(roomId), await owner.bringAgent(roomId)];
    sockets = [await connect(left.url, '/agents', slow.token), await connect(right.url, '/agents', other.token)];
  });
  afterEach(() => sockets.forEach((socket) => socket.close()));

  const newTask = async () => (await accepted(person, 'create_task', { roomId, description: 'Some work' })).id;
  const claim = async (socket: RoomSocket, taskId: string): Promise<Lease> =>
    (await accepted(socket, 'claim_task', { roomId, taskId })).lease;
  const runOut = (taskId: string) =>
    dataSource.query(`UPDATE tasks SET lease_expires_at = now() - interval '1 second' WHERE id = $1`, [taskId]);
  const begin = async (push: Partial<SlowPushOptions> = {}): Promise<SlowPush> => {
    const before = await underWay();
    const begun = await SlowPush.begin({ url: left.url, roomId, token: slow.token, branch: 'slow/work', ...push });
    await eventually(async () => (await underWay()) > before);
    return begun;
  };
  const underWay = async () =>
    (await dataSource.query<unknown[]>(`SELECT FROM hosted_changes WHERE room_id = $1`, [roomId])).length;
  const branches = async () => {
    const rows = await dataSource.query<{ ref: string }[]>(`SELECT ref FROM hosted_refs WHERE room_id = $1`, [roomId]);
    return rows.map(({ ref }) => ref.slice('refs/heads/'.length)).sort();
  };

  it('is taken in while it holds a task, though all of it comes late', async () => {
    await claim(sockets[0], await newTask());
    expect(await (await begin()).finish()).toBe('taken');
    expect(await branches()).toEqual(['main', 'slow/work']);
  });

  it('is refused while it holds nothing, in a sentence', async () => {
    await expect(pushBranch(left, roomId, slow.token, 'slow/work')).rejects.toThrow(
      'You hold no task in this room: claim one before you push',
    );
    expect(await branches()).toEqual(['main']);
  });

  it.each([
    ['without a word of its lease', false],
    ['under the lease that it had', true],
  ])('moves nothing when its task went to another while it was in transfer, %s', async (_how, isNamed) => {
    const taskId = await newTask();
    const lease = await claim(sockets[0], taskId);
    const begun = await begin(isNamed ? { lease } : {});
    await runOut(taskId);
    await claim(sockets[1], taskId);
    expect(await begun.finish()).toContain('hold');
    expect(await branches()).toEqual(['main']);
    await pushBranch(right, roomId, other.token, 'other/work');
    expect(await branches()).toEqual(['main', 'other/work']);
  });

  it('does not reach the branch on which another goes on with its task, though it holds one more', async () => {
    const taskId = await newTask();
    await claim(sockets[0], taskId);
    await claim(sockets[0], await newTask());
    await runOut(taskId);
    await claim(sockets[1], taskId);
    await pushBranch(right, roomId, other.token, 'shared/work');
    await eventually(async () => {
      const bound = `SELECT FROM task_paths WHERE task_id = $1 AND branch = 'shared/work'`;
      return (await dataSource.query<unknown[]>(bound, [taskId])).length > 0;
    });
    const late = await begin({ branch: 'shared/work' });
    expect(await late.finish()).toContain('the work of a task that you do not hold');
    await pushBranch(left, roomId, slow.token, 'slow/more');
  });

  it('counts as its own once it holds the same task again; the lease of before does not', async () => {
    const taskId = await newTask();
    const lease = await claim(sockets[0], taskId);
    const [named, unnamed] = [await begin({ branch: 'slow/named', lease }), await begin({ branch: 'slow/unnamed' })];
    await runOut(taskId);
    expect((await claim(sockets[0], taskId)).fence).toBeGreaterThan(lease.fence);
    expect(await named.finish()).toContain('You no longer hold this task');
    expect(await unnamed.finish()).toBe('taken');
    expect(await branches()).toEqual(['main', 'slow/unnamed']);
  });

  it('comes before or after the end of its lease, however they race: what was taken in was held', async () => {
    for (let round = 0; round < 10; round++) {
      const taskId = await newTask();
      const lease = await claim(sockets[0], taskId);
      const branch = `slow/race-${round}`;
      const begun = await begin({ branch, url: round % 2 ? left.url : right.url });
      const [outcome] = await Promise.all([
        begun.finish(),
        accepted(sockets[0], 'release_task', { roomId, taskId, leaseId: lease.leaseId }),
      ]);
      expect((await branches()).includes(branch)).toBe(outcome === 'taken');
      expect(outcome === 'taken' || outcome.includes('You hold no task')).toBe(true);
      expect(
        await (await SlowPush.begin({ url: left.url, roomId, token: slow.token, branch: 'late' })).finish(),
      ).toMatch(/^409/);
    }
  });
});
