import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../support/people.js';
import { isRunning, Scene, Server } from './scene.js';

/** Options that make a hung agent a matter of seconds. */
const IMPATIENT = ['--idle-timeout', '1500ms', '--cancel-grace', '500ms'];

describe('clawtank-bridge, when its agent', () => {
  let server: Server;
  let scene: Scene;
  beforeAll(async () => (server = await Server.start()), 120_000);
  afterAll(() => server.stop());
  beforeEach(async () => (scene = await Scene.set(server)));
  afterEach(() => scene.leave());

  const worktrees = () =>
    readdirSync(join(scene.dataFolder, 'agents', scene.agent.id, 'rooms', scene.room.id, 'worktrees'));
  const gone = (pid: number) => eventually(() => !isRunning(pid), 5000);

  it('dies in the middle of a turn, starts it again, has it continue the same session, and hands the work in', async () => {
    scene.script({
      capabilities: { resume: true },
      turns: [
        [{ write: ['one.md', '1\n'] }, { crash: 3 }],
        [{ write: ['two.md', '2\n'] }, { say: 'Both are there.' }],
      ],
    });
    const bridge = scene.join();
    const task = await scene.give('Write one.md and two.md');

    await scene.reaches(task, 'in_review');

    const [first] = scene.noted('new');
    const [resumed] = scene.noted('resume');
    expect(resumed).toMatchObject({ sessionId: first?.sessionId });
    expect(resumed?.pid).not.toBe(first?.pid);
    expect(scene.noted('prompt')[1]?.text).toMatch(/^You were interrupted\. Look at the working tree first/);
    const pull = await scene.pullRequest();
    expect(pull.files.map(({ path }) => path)).toEqual(['one.md', 'two.md']);
    expect(await bridge.stop()).toBe(0); // no clock of the first turn is left
  });

  it('dies and cannot resume, loads the session, and shows none of what that replays', async () => {
    scene.script({
      capabilities: { load: true },
      turns: [[{ write: ['one.md', '1\n'] }, { crash: 3 }], [{ write: ['two.md', '2\n'] }]],
    });
    scene.join();
    const task = await scene.give('Write one.md and two.md');

    await scene.reaches(task, 'in_review');

    expect(scene.noted('load')).toHaveLength(1);
    expect(JSON.stringify(scene.follower.events)).not.toContain('A replayed sentence');
  });

  it('dies and has forgotten everything, is told the task again, and to look at the working tree first', async () => {
    scene.script({
      capabilities: { resume: true, load: true },
      forgetful: true,
      turns: [[{ write: ['one.md', '1\n'] }, { crash: 3 }], [{ write: ['two.md', '2\n'] }]],
    });
    scene.join();
    const task = await scene.give('Write one.md and two.md');

    await scene.reaches(task, 'in_review');

    const second = scene.noted('prompt')[1]?.text;
    expect(second).toMatch(/^This task was begun before and interrupted\. Look at the working tree first/);
    expect(second).toContain('| Write one.md and two.md');
  });

  it('dies again and again, fails the task so that another agent may try, and says how it ended', async () => {
    scene.script({ turns: [[{ crash: 7 }]], complains: 'segmentation fault' });
    scene.join();
    const task = await scene.give('Write one.md');

    const failed = await eventually(async () => {
      const now = await scene.task(task);
      return now.failure !== null && now;
    });

    expect(failed).toMatchObject({ state: 'open', assignedTo: null });
    expect(failed.failure).toMatch(/The agent failed: The agent ended with 7: segmentation fault/);
    expect(scene.noted('prompt')).toHaveLength(2);
  });

  it('says nothing for too long, is asked to stop, is killed with all that it started, and the task fails', async () => {
    scene.script({ turns: [[{ hang: true }]], ignoresCancel: true, ignoresTerm: true, hasChild: true });
    scene.join(IMPATIENT);
    const task = await scene.give('Write one.md');

    const failed = await eventually(async () => (await scene.task(task)).failure);

    expect(failed).toBe('The agent hung: nothing was heard of the agent for 2 s');
    expect(scene.noted('cancel')).toHaveLength(1);
    await gone((await scene.notes('prompt')).pid);
    await gone((await scene.notes('child', 2)).child as number); // the first was the one that is only greeted
    expect(worktrees()).toEqual([]);
  });

  it('works without end, is stopped when its turn has taken too long', async () => {
    const chatter = Array.from({ length: 200 }, (_, index) => [{ say: `${index} ` }, { sleep: 50 }]).flat();
    scene.script({ turns: [chatter] });
    scene.join([...IMPATIENT, '--turn-timeout', '3s']);
    const task = await scene.give('Write one.md');

    const failed = await eventually(async () => (await scene.task(task)).failure);

    expect(failed).toBe('The agent hung: the agent worked for 3 s without coming to an end');
  });

  it.each([
    ['answers with an error', [{ fail: 'You’ve hit your usage limit. Try again in 2 hours 30 minutes.' }]],
    ['says so as if it were its answer', [{ say: 'Claude AI usage limit reached. It resets in 2.5 hours' }]],
  ])('has no quota left and %s, says until when, and burns nothing on the next task', async (_, turn) => {
    scene.script({ turns: [turn] });
    scene.join();
    const task = await scene.give('Write one.md');

    const failed = await eventually(async () => (await scene.task(task)).failure);

    const [, until = ''] = /^The agent’s quota is used up until (\S+):/.exec(failed) ?? [];
    expect(Date.parse(until) - Date.now()).toBeGreaterThan(2.4 * 3_600_000);
    expect(Date.parse(until) - Date.now()).toBeLessThan(2.6 * 3_600_000);
    expect((await scene.task(task)).state).toBe('open');

    const next = await scene.give('Write two.md');
    expect(await eventually(async () => (await scene.task(next)).failure)).toContain(until);
    expect(scene.noted('prompt')).toHaveLength(1);
  });

  it('changes nothing, fails the task with what it said', async () => {
    scene.script({ turns: [[{ say: 'The file is there already.' }]] });
    scene.join();
    const task = await scene.give('Write README.md');

    expect(await scene.reaches(task, 'failed')).toMatchObject({
      failure: 'The agent changed no file. It said: The file is there already.',
    });
  });

  it('refuses, fails the task with the reason', async () => {
    scene.script({ turns: [[{ say: 'I will not do that.' }, { stop: 'refusal' }]] });
    scene.join();
    const task = await scene.give('Do harm');

    expect(await scene.reaches(task, 'failed')).toMatchObject({ failure: 'The agent refused: I will not do that.' });
  });

  it('commits, switches branches and installs hooks, still hands in one commit of its own on its own branch', async () => {
    const as = ['-c', 'user.name=Somebody', '-c', 'user.email=somebody@example.com'];
    scene.script({
      turns: [
        [
          { write: ['one.md', '1\n'] },
          { git: ['config', 'core.hooksPath', 'hooks'] },
          { write: ['hooks/pre-commit', '#!/bin/sh\ntouch hook-ran\n'] },
          { git: ['update-index', '--chmod=+x', '--add', 'hooks/pre-commit'] },
          { git: [...as, 'commit', '--no-verify', '-m', 'Mine'] },
          { git: ['switch', '-c', 'elsewhere'] },
          { write: ['two.md', '2\n'] },
          { git: ['add', 'two.md'] },
          { git: ['update-index', '--assume-unchanged', 'README.md'] },
          { write: ['README.md', 'Changed\n'] },
        ],
      ],
    });
    scene.join();
    const task = await scene.give('Write one.md and two.md');

    const { branch } = await scene.reaches(task, 'in_review');

    const pull = await scene.pullRequest();
    expect(pull.commits).toBe(1);
    expect(pull.files.map(({ path }) => path)).toEqual(['README.md', 'hooks/pre-commit', 'one.md', 'two.md']);
    expect(scene.git('log', '-1', '--format=%an', branch as string)).toBe(`${scene.agent.name} (agent)`);
  });

  it('leaves a check failing, is shown what it printed, and mends it', async () => {
    scene.script({
      turns: [[{ write: ['answer.txt', '41\n'] }], [{ write: ['answer.txt', '42\n'] }, { say: 'Corrected.' }]],
    });
    scene.join(['--check', 'grep -q 42 answer.txt || { echo "wrong: $(cat answer.txt)"; exit 3; }', '--check', 'true']);
    const task = await scene.give('Write the answer');

    await scene.reaches(task, 'in_review');

    const followUp = scene.noted('prompt')[1]?.text;
    expect(followUp).toMatch(/^The project’s checks were run in your worktree, and some fail/);
    expect(followUp).toContain('| wrong: 41');
    const pull = await scene.pullRequest();
    expect(pull.body).toMatch(/Corrected\.[^]*Checks:\n- `grep[^`]*`: passed in [\d.]+ s\n- `true`: passed in/);
  });

  it('cannot make a check pass, is told as often as allowed, and the task fails with the check’s name', async () => {
    scene.script({ turns: [[{ write: ['answer.txt', '41\n'] }]] });
    scene.join(['--check', 'grep -q 42 answer.txt', '--fix-attempts', '1']);
    const task = await scene.give('Write the answer');

    const failed = await eventually(async () => (await scene.task(task)).failure);

    expect(failed).toMatch(/^The project’s checks still fail: grep -q 42 answer\.txt ended with 1/);
    expect(scene.noted('prompt')).toHaveLength(2);
    expect(scene.git('branch', '--list', 'clawtank/*')).toBe('');
  });

  it('writes a secret of its owner’s environment into a file, nothing of it leaves the machine', async () => {
    scene.script({
      turns: [[{ write: ['docs/a [file].md', 'key = sk-a-very-long-secret\n'] }, { write: ['b.md', 'b\n'] }]],
    });
    scene.join([], { SERVICE_API_KEY: 'sk-a-very-long-secret' });
    const task = await scene.give('Write two files');

    const failed = await eventually(async () => (await scene.task(task)).failure);

    expect(failed).toBe('docs/a [file].md holds a secret of the owner’s environment. Nothing was pushed');
    expect(scene.git('branch', '--list', 'clawtank/*')).toBe('');
  });

  it('is at work on a task that a person cancels, stops within seconds, pushes nothing, and keeps what there is', async () => {
    scene.script({ turns: [[{ write: ['one.md', '1\n'] }, { hang: true }]] });
    const bridge = scene.join();
    const task = await scene.give('Write one.md');
    const { pid } = await scene.notes('prompt');
    await eventually(() => worktrees().length > 0);
    const before = performance.now();

    await scene.cancel(task);
    await gone(pid);

    expect(performance.now() - before).toBeLessThan(3000);
    expect(scene.noted('cancel')).toHaveLength(1);
    await bridge.says(/What was begun of task \d+ is kept in \S+/);
    await bridge.says(/stopped, it is no longer mine/);
    expect(worktrees()).toHaveLength(1);
    expect(readdirSync(join(scene.dataFolder, 'agents', scene.agent.id, 'journal'))).toEqual([]);
    expect(scene.git('branch', '--list', 'clawtank/*')).toBe('');
  });

  it('does not heed a cancellation, is gone within ten seconds all the same', async () => {
    scene.script({ turns: [[{ hang: true }]], ignoresCancel: true, ignoresTerm: true });
    scene.join();
    const task = await scene.give('Write one.md');
    const { pid } = await scene.notes('prompt');
    const before = performance.now();

    await scene.cancel(task);
    await eventually(() => !isRunning(pid));

    expect(performance.now() - before).toBeLessThan(10_000);
  });

  it('is given the next task after one that went wrong', async () => {
    scene.script({ turns: [[{ say: 'No.' }], [{ write: ['two.md', '2\n'] }]] });
    scene.join();
    await scene.reaches(await scene.give('Write one.md'), 'failed');

    await scene.reaches(await scene.give('Write two.md'), 'in_review');
  });

  it('tells much in a short time, tells the room the newest of it and not more than once a second', async () => {
    const chatter = Array.from({ length: 100 }, (_, index) => [{ think: `thought ${index}\n` }, { sleep: 20 }]).flat();
    const plan = [
      ['First', 'completed'],
      ['Second', 'in_progress'],
    ];
    scene.script({ turns: [[{ plan }, ...chatter, { write: ['one.md', '1\n'] }]] });
    scene.join();
    const task = await scene.give('Write one.md');
    await scene.reaches(task, 'in_review');

    const notes = scene.follower.events.flatMap((event) =>
      event.type === 'task.progressed' && event.data.task.progress ? [event.data.task.progress] : [],
    );
    const thoughts = notes.filter(({ note }) => note.includes('thought'));
    expect(thoughts.length).toBeGreaterThan(1);
    expect(thoughts.length).toBeLessThan(7);
    expect(thoughts[0]).toMatchObject({
      note: expect.stringMatching(/^Step 2 of 2: Second · thought \d+$/) as string,
      percent: 50,
    });
  });
});
