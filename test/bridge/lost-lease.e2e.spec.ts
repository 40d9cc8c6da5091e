import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Scene, Server } from './scene.js';

/** Longer than a busy machine may keep a living program from renewing its lease. */
const LEASE_SECONDS = 10;
const LIMIT_MS = 180_000;

describe('clawtank-bridge', () => {
  let server: Server;
  let scene: Scene;
  beforeAll(async () => (server = await Server.start({ TASK_LEASE_SECONDS: String(LEASE_SECONDS) })), LIMIT_MS);
  afterAll(() => server.stop());
  beforeEach(async () => (scene = await Scene.set(server, LIMIT_MS / 2)));
  afterEach(() => scene.leave());

  const submissions = () => scene.follower.events.filter(({ type }) => type === 'task.submitted');
  const journal = () => readdirSync(join(scene.dataFolder, 'agents', scene.agent.id, 'journal'));

  it(
    'that was frozen until its lease ran out and another agent had the task stops and pushes nothing',
    async () => {
      scene.script({ turns: [[{ write: ['one.md', '1\n'] }, { sleep: 1000 }]] });
      const bridge = scene.join();
      const task = await scene.give('Write one.md');
      await scene.notes('prompt');
      bridge.signal('SIGSTOP');
      await scene.reaches(task, 'open');
      const other = await scene.anotherAgentClaims(task);

      bridge.signal('SIGCONT');
      await bridge.says(/stopped, it is no longer mine/, LIMIT_MS / 2);

      expect(scene.git('branch', '--list', 'clawtank/*')).toBe('');
      expect(submissions()).toEqual([]);
      expect((await scene.task(task)).lease?.holder.id).toBe(other);
      expect(journal()).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'keeps its lease for as long as its agent works',
    async () => {
      scene.script({ turns: [[{ sleep: 2.5 * LEASE_SECONDS * 1000 }, { write: ['one.md', '1\n'] }]] });
      scene.join();
      const task = await scene.give('Write one.md');

      await scene.reaches(task, 'in_review');

      expect(scene.follower.events.filter(({ type }) => type === 'task.released')).toEqual([]);
    },
    LIMIT_MS,
  );
});
