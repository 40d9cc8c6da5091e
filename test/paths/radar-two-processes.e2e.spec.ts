import type { TaskDetail } from '@clawtank/contracts';
import type { DataSource } from 'typeorm';
import { accepted, connect, eventually, Person } from '../support/people.js';
import { describeWithRedis } from '../support/redis.js';
import type { ServerProcess } from '../support/server-process.js';
import { TwoProcesses } from '../support/two-processes.js';
import { Clone } from './paths.support.js';

const ROOMS = 10;

describeWithRedis('tasks whose branches are pushed at the same moment, on two processes', (redis) => {
  let processes: TwoProcesses;
  let dataSource: DataSource;
  let left: ServerProcess;
  let right: ServerProcess;
  let owner: Person;

  beforeAll(async () => {
    processes = await TwoProcesses.start(redis);
    ({ left, right, dataSource } = processes);
    owner = await Person.register(left.url);
  }, 180_000);
  afterAll(() => processes.stop());

  /** A room with a task of an agent at each process, and the clones from which these push. */
  async function makeRoom() {
    const { id: roomId } = await owner.createRoomWithRepository();
    const person = await owner.connect();
    const work = await Promise.all(
      [left, right].map(async (server) => {
        const { token } = await owner.bringAgent(roomId);
        const agent = await connect(server.url, '/agents', token);
        const { id: taskId } = await accepted(person, 'create_task', { roomId, description: 'Write it down' });
        await accepted(agent, 'claim_task', { roomId, taskId });
        agent.close();
        return { server, taskId, clone: await Clone.of(server, roomId, token) };
      }),
    );
    person.close();
    return { roomId, work };
  }

  it('are told once, and as certain where git cannot merge them', async () => {
    const rooms = await Promise.all(Array.from({ length: ROOMS }, makeRoom));
    await Promise.all(
      rooms.flatMap(({ work }) =>
        work.map(({ clone, server }) => clone.push(`work-at-${new URL(server.url).port}`, { 'notes.md': server.url })),
      ),
    );
    for (const { roomId, work } of rooms) {
      const [one, other] = work;
      const conflicts = await eventually(async () => {
        const detail = await owner.request<TaskDetail>('GET', `/api/rooms/${roomId}/tasks/${one!.taskId}`);
        return detail.conflicts.some(({ kind }) => kind === 'unmergeable') && detail.conflicts;
      });
      expect(conflicts).toMatchObject([{ taskId: other!.taskId, paths: ['notes.md'] }]);
      const told = await dataSource.query<unknown[]>(
        `SELECT 1 FROM room_events WHERE room_id = $1 AND type = 'task.conflict'`,
        [roomId],
      );
      expect(told).toHaveLength(1);
      work.forEach(({ clone }) => clone.remove());
    }
  }, 120_000);
});
