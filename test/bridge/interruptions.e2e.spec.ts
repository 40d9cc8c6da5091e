import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../support/people.js';
import { isRunning, Scene, Server } from './scene.js';

describe('clawtank-bridge', () => {
  let server: Server;
  let scene: Scene;
  beforeAll(async () => (server = await Server.start()), 120_000);
  afterAll(() => server.stop());
  beforeEach(async () => (scene = await Scene.set(server)));
  afterEach(() => scene.leave());

  /** When work was handed in. The same event is told again when its pull request is known. */
  const submissions = () => [
    ...new Set(
      scene.follower.events.flatMap((event) =>
        event.type === 'task.submitted' ? (event.data.task.progress?.at ?? []) : [],
      ),
    ),
  ];
  const journal = () => readdirSync(join(scene.dataFolder, 'agents', scene.agent.id, 'journal'));
  const gone = (pid: number) => eventually(() => !isRunning(pid), 5000);

  it('works on while the server is gone, claims nothing meanwhile, and hands the work in once it is back', async () => {
    scene.script({
      turns: [[{ write: ['one.md', '1\n'] }, { sleep: 1500 }, { write: ['two.md', '2\n'] }, { think: 'Nearly there' }]],
    });
    const checked = join(scene.folder, 'checked');
    const bridge = scene.join(['--check', `touch ${checked}`]);
    const task = await scene.give('Write one.md and two.md');
    await scene.notes('prompt');

    await server.kill();
    await scene.notes('end');
    await eventually(() => existsSync(checked));
    expect(scene.noted('prompt')).toHaveLength(1);
    await server.restart();

    const { branch } = await scene.reaches(task, 'in_review');
    expect(scene.git('show', `${branch}:two.md`)).toBe('2');
    expect(scene.noted('prompt')).toHaveLength(1);
    expect(bridge.output).toContain('The connection is lost; trying again');
  });

  it('that was killed finds its task, ends what it left behind, resumes the agent’s session, and hands in once', async () => {
    scene.script({
      capabilities: { resume: true },
      ignoresTerm: true,
      hasChild: true,
      turns: [[{ write: ['one.md', '1\n'] }, { hang: true }], [{ write: ['two.md', '2\n'] }]],
    });
    const first = scene.join();
    const task = await scene.give('Write one.md and two.md');
    const { pid } = await scene.notes('prompt');
    const { child } = await scene.notes('child', 2); // the first was the one that is only greeted
    await first.kill();
    expect(isRunning(child as number)).toBe(true);

    const second = scene.join();
    await scene.reaches(task, 'in_review');

    await gone(pid);
    await gone(child as number);
    expect(second.output).toMatch(/Ended process \d+, which an earlier run left behind/);
    expect(scene.noted('resume')[0]).toMatchObject({ sessionId: scene.noted('new')[0]?.sessionId });
    await eventually(() => submissions().length > 0);
    expect(submissions()).toHaveLength(1);
    const pull = await scene.pullRequest();
    expect(pull.files.map(({ path }) => path)).toEqual(['one.md', 'two.md']);
    expect(pull.commits).toBe(1);
    await second.stop();
    expect(journal()).toEqual([]);
  });

  it('that was killed when the agent was done pushes what was committed, and does not ask the agent again', async () => {
    scene.script({ turns: [[{ write: ['one.md', '1\n'] }]] });
    const first = scene.join();
    await first.says(/is connected/);
    const killed = scene.killWhenCommitted(first);
    const task = await scene.give('Write one.md');
    await killed;

    scene.join();
    await scene.reaches(task, 'in_review');

    expect(scene.noted('prompt')).toHaveLength(1);
    const pull = await scene.pullRequest();
    expect(pull).toMatchObject({ commits: 1, body: expect.stringContaining(`Task ${task.number}`) as string });
  });

  it('that was killed does not continue a task that was cancelled meanwhile, and keeps its worktree', async () => {
    scene.script({ turns: [[{ write: ['one.md', '1\n'] }, { hang: true }]] });
    const first = scene.join();
    const task = await scene.give('Write one.md');
    await scene.notes('prompt');
    await first.kill();
    await scene.cancel(task);

    const second = scene.join();
    await second.says(/no longer mine; what was begun of it is kept in (\S+)/);

    const [, folder = ''] = /kept in (\S+)/.exec(second.output) ?? [];
    expect(existsSync(join(folder, 'one.md'))).toBe(true);
    expect(journal()).toEqual([]);
    expect(scene.noted('prompt')).toHaveLength(1);
  });

  it('does one task once, however often it is told of it', async () => {
    scene.script({ turns: [[{ write: ['one.md', '1\n'] }, { sleep: 1000 }]] });
    const bridge = scene.join();
    const task = await scene.give('Write one.md');
    await scene.notes('prompt');

    await server.kill(); // each connection tells of the task anew
    await server.restart();
    await scene.reaches(task, 'in_review');

    expect(scene.noted('prompt')).toHaveLength(1);
    await bridge.stop();
    await scene.pullRequest();
  });

  it('asked to stop lets work in hand finish, and exits with 0', async () => {
    scene.script({ turns: [[{ sleep: 1000 }, { write: ['one.md', '1\n'] }]] });
    const bridge = scene.join();
    const task = await scene.give('Write one.md');
    const { pid } = await scene.notes('prompt');

    expect(await bridge.stop()).toBe(0);

    expect((await scene.task(task)).state).toBe('in_review');
    expect(isRunning(pid)).toBe(false);
  });

  it('asked to stop gives back what does not finish in time, ends the agent, and exits with 0', async () => {
    scene.script({
      turns: [[{ write: ['one.md', '1\n'] }, { hang: true }]],
      ignoresTerm: true,
      ignoresCancel: true,
      hasChild: true,
    });
    const bridge = scene.join(['--stop-grace', '500ms', '--cancel-grace', '500ms']);
    const task = await scene.give('Write one.md');
    const { pid } = await scene.notes('prompt');
    const { child } = await scene.notes('child', 2);

    bridge.signal('SIGINT');

    expect(await bridge.ended).toBe(0);
    expect(await scene.task(task)).toMatchObject({ state: 'open', lease: null });
    await gone(pid);
    await gone(child as number);
    expect(journal()).toEqual([]);
  });

  it('started a second time for the same agent takes over: the first one stops and says so, its work is continued', async () => {
    scene.script({
      capabilities: { resume: true },
      turns: [[{ write: ['one.md', '1\n'] }, { hang: true }], [{ write: ['two.md', '2\n'] }]],
    });
    const first = scene.join();
    const task = await scene.give('Write one.md and two.md');
    const { pid } = await scene.notes('prompt');

    scene.join();

    expect(await first.ended).toBe(77);
    expect(first.output).toContain('Another clawtank-bridge has taken over for this agent');
    await gone(pid);
    await scene.reaches(task, 'in_review');
    expect(scene.noted('resume')).toHaveLength(1);
    expect((await scene.pullRequest()).files.map(({ path }) => path)).toEqual(['one.md', 'two.md']);
  });

  it('whose agent cannot work takes nothing over and claims nothing', async () => {
    scene.script({ turns: [[{ write: ['one.md', '1\n'] }]] });
    const first = scene.join();
    await first.says(/is connected/);

    const second = scene.run(
      [
        'join',
        scene.roomUrl,
        '--data',
        scene.dataFolder,
        '--',
        process.execPath,
        '-e',
        'console.error("no model"); process.exit(2)',
      ],
      { CLAWTANK_TOKEN: scene.agent.token },
    );

    expect(await second.ended).toBe(69);
    expect(second.output).toContain('The agent does not work: The agent ended with 2: no model');
    await scene.reaches(await scene.give('Write one.md'), 'in_review');
  });
});
