import { setTimeout as delay } from 'node:timers/promises';
import type { Task } from '@clawtank/contracts';
import { accepted, connect, eventually } from '../support/people.js';
import { Scene, Server } from './scene.js';

const LIMIT_MS = 120_000;
const spent = (time: string) => [{ fail: `You’ve hit your usage limit. Try again in ${time}.` }];
const written = [{ write: ['one.md', '1\n'] }, { say: 'Written.' }];

describe('clawtank-bridge, when its agent says until when its quota is used up', () => {
  let server: Server;
  let scene: Scene;
  beforeAll(async () => (server = await Server.start()), LIMIT_MS);
  afterAll(() => server.stop());
  beforeEach(async () => (scene = await Scene.set(server, LIMIT_MS / 2)));
  afterEach(() => scene.leave());

  /** The task as the room heard that it has to wait. */
  const parked = (): Promise<Task> =>
    eventually(
      () =>
        scene.follower.events.flatMap((event) =>
          event.type === 'task.failed' && event.data.task.waitsUntil ? [event.data.task] : [],
        )[0],
    );

  it(
    'keeps the task for then, and takes it up again by itself',
    async () => {
      scene.script({ turns: [spent('4 seconds'), written] });
      scene.join();
      const task = await scene.give('Write one.md');

      const { state, assignedTo, lease, waitsUntil } = await parked();
      expect({ state, assignedTo, lease }).toMatchObject({
        state: 'open',
        assignedTo: { id: scene.agent.id },
        lease: null,
      });
      await scene.reaches(task, 'in_review');

      const claims = scene.follower.events.filter(({ type }) => type === 'agent.claimed_task');
      expect(claims).toHaveLength(2);
      expect(claims[1]?.timestamp.localeCompare(waitsUntil ?? '')).toBe(1);
      expect(scene.noted('prompt')).toHaveLength(2);
    },
    LIMIT_MS,
  );

  it(
    'leaves the task to another agent that takes it meanwhile',
    async () => {
      scene.script({ turns: [spent('2 hours')] });
      const bridge = scene.join();
      const { id: taskId, waitsUntil } = await scene.give('Write one.md').then(parked);
      expect(Date.parse(waitsUntil ?? '') - Date.now()).toBeGreaterThan(1.9 * 3_600_000);

      const other = await scene.owner.bringAgent(scene.room.id);
      const socket = await connect(server.url, '/agents', other.token);
      const { lease } = await accepted(socket, 'claim_task', { roomId: scene.room.id, taskId });
      expect(lease.fence).toBe(2);
      await scene.follower.until(({ tasks }) => tasks.find(({ waitsUntil: wait, lease: held }) => held && !wait));
      await accepted(socket, 'fail_task', { roomId: scene.room.id, taskId, leaseId: lease.leaseId, reason: 'No' });
      socket.close();

      expect(scene.noted('prompt')).toHaveLength(1);
      expect(await bridge.stop()).toBe(0);
    },
    LIMIT_MS,
  );

  it(
    'and can only say so when that time has passed, does not give the task up for good',
    async () => {
      scene.script({ turns: [[{ awaits: 'enough' }, ...spent('2 seconds')]] });
      scene.join();
      const task = await scene.give('Write one.md');
      await scene.notes('prompt');
      await server.kill();
      scene.tellAgent('enough');
      await delay(4000);
      await server.restart();

      const failed = await eventually(async () => {
        const now = await scene.task(task);
        return now.failure !== null && now;
      }, LIMIT_MS / 2);
      expect(failed).toMatchObject({ state: 'open', waitsUntil: null });
      expect(failed.failure).toMatch(/^The agent’s quota is used up until/);
    },
    LIMIT_MS,
  );
});
