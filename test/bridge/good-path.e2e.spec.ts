import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { accepted, request } from '../support/people.js';
import { Scene, Server } from './scene.js';

describe('clawtank-bridge', () => {
  let server: Server;
  let scene: Scene;
  beforeAll(async () => (server = await Server.start()), 120_000);
  afterAll(() => server.stop());
  beforeEach(async () => (scene = await Scene.set(server)));
  afterEach(() => scene.leave());

  it('turns a sentence in a room into a pull request that a person can merge', async () => {
    scene.script({
      turns: [
        [
          {
            plan: [
              ['Look around', 'completed'],
              ['Write the greeting', 'in_progress'],
              ['Say so', 'pending'],
            ],
          },
          { tool: { toolCallId: 'call-1', title: 'Write docs/hello.md', kind: 'edit' } },
          { write: ['docs/hello.md', 'Hello\n'] },
          { say: 'I wrote a greeting, because you asked for one.' },
        ],
      ],
    });
    const bridge = scene.join();
    const task = await scene.give('Greet the visitors in docs/hello.md');

    const submitted = await scene.reaches(task, 'in_review');

    const branch = `clawtank/${task.number}-${scene.agent.name}`;
    expect(submitted.branch).toBe(branch);
    expect(scene.git('show', `${branch}:docs/hello.md`)).toBe('Hello');
    const opened = await scene.pullRequest();
    expect(opened).toMatchObject({ head: branch, taskId: task.id, title: task.title, commits: 1 });
    expect(opened.body).toContain('I wrote a greeting, because you asked for one.');

    const merged = await request<{ state: string }>(
      server.url,
      'POST',
      `/api/rooms/${scene.room.id}/pulls/${opened.number}/merge`,
      { token: scene.owner.token, body: { headSha: opened.headSha } },
    );
    expect(merged.state).toBe('merged');
    await scene.reaches(task, 'done');
    expect(await bridge.stop()).toBe(0);
  });

  it('commits as the agent, with trailers, and signs off for nobody', async () => {
    scene.script({ turns: [[{ write: ['hello.md', 'Hello\n'] }]] });
    scene.join();
    const task = await scene.give('Write hello.md');
    await scene.reaches(task, 'in_review');

    const branch = `clawtank/${task.number}-${scene.agent.name}`;
    expect(scene.git('log', '-1', '--format=%an|%cn', branch)).toBe(
      `${scene.agent.name} (agent)|${scene.agent.name} (agent)`,
    );
    expect(scene.git('log', '-1', '--format=%(trailers:only,unfold)', branch)).toBe(
      `ClawTank-Task: ${task.id}\nClawTank-Agent: ${scene.agent.id}\nAssisted-by: scripted-agent:1.2.3`,
    );
    expect(scene.git('cat-file', 'commit', branch)).toContain('gpgsig -----BEGIN SSH SIGNATURE-----');
  });

  it('leaves nothing behind but its copy of the repository, and its token nowhere but in one file of mode 600', async () => {
    scene.script({ turns: [[{ write: ['hello.md', 'Hello\n'] }]], showsEnvironment: true });
    const bridge = scene.join([], { CLAWTANK_SOMETHING: 'x', COPY: `Bearer ${scene.agent.token}`, EDITOR: 'ed' });
    const task = await scene.give('Write hello.md');
    await scene.reaches(task, 'in_review');
    await bridge.stop();

    const own = join(scene.dataFolder, 'agents', scene.agent.id);
    expect(readdirSync(join(own, 'journal'))).toEqual([]);
    expect(readdirSync(join(own, 'rooms', scene.room.id, 'worktrees'))).toEqual([]);
    const basic = Buffer.from(`agent:${scene.agent.token}`).toString('base64');
    const found = execFileSync(
      'sh',
      ['-c', 'grep -rlF -e "$1" -e "$2" "$3" || true', 'sh', scene.agent.token, basic, scene.folder],
      {
        encoding: 'utf8',
      },
    ).trim();
    expect(found).toMatch(/^\S+\/data\/tokens\/\S+$/);
    expect(execFileSync('stat', ['-c', '%a', found], { encoding: 'utf8' }).trim()).toBe('600');
    const [{ env } = { env: {} }] = scene.noted('started') as { env?: Record<string, string> }[];
    expect(env).toMatchObject({ EDITOR: 'ed' });
    expect(Object.keys(env ?? {}).filter((name) => /^CLAWTANK_|^COPY$/.test(name))).toEqual([]);
    expect(bridge.output).not.toContain(scene.agent.token);
  });

  it('takes a reviewer’s wishes back to the agent, and hands in what it changed on the same branch', async () => {
    scene.script({ turns: [[{ write: ['hello.md', 'Helo\n'] }], [{ write: ['hello.md', 'Hello\n'] }]] });
    scene.join();
    const task = await scene.give('Write hello.md');
    const { submittedSha, branch } = await scene.reaches(task, 'in_review');

    const remarks = [{ path: 'hello.md', line: 1, text: 'One l is missing.' }];
    const review = { verdict: 'changes_requested' as const, sha: submittedSha as string, comment: 'Nearly.', remarks };
    await accepted(scene.socket, 'review_task', { roomId: scene.room.id, taskId: task.id, ...review });
    await scene.notes('prompt', 2);
    const again = await scene.reaches(task, 'in_review');

    expect(scene.noted('prompt')[1]?.text).toContain('| Nearly.\n|\n| hello.md, line 1: One l is missing.');
    expect(again.branch).toBe(branch);
    expect(scene.git('show', `${branch}:hello.md`)).toBe('Hello');
    expect(scene.git('rev-parse', `${branch}^`)).toBe(submittedSha);
    expect((await scene.pullRequest()).commits).toBe(2);
  });

  it('does not hand in the same work again when the agent changes nothing for the reviewer', async () => {
    scene.script({ turns: [[{ write: ['hello.md', 'Helo\n'] }], [{ say: 'It is right as it is.' }]] });
    scene.join();
    const task = await scene.give('Write hello.md');
    const { submittedSha } = await scene.reaches(task, 'in_review');
    const review = { verdict: 'changes_requested' as const, sha: submittedSha as string };

    await accepted(scene.socket, 'review_task', { roomId: scene.room.id, taskId: task.id, ...review });

    expect(await scene.reaches(task, 'failed')).toMatchObject({
      failure: 'The agent changed no file. It said: It is right as it is.',
    });
  });
});
