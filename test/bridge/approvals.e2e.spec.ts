import { setTimeout as delay } from 'node:timers/promises';
import { eventually, Person } from '../support/people.js';
import { Follower } from '../support/follower.js';
import { Scene, Server } from './scene.js';

const RUN = { toolCallId: 'call-1', title: 'Run npm install', kind: 'execute', rawInput: { command: 'npm install' } };

describe('clawtank-bridge, when its agent wants to do something', () => {
  let server: Server;
  let scene: Scene;
  beforeAll(async () => (server = await Server.start()), 120_000);
  afterAll(() => server.stop());
  beforeEach(async () => (scene = await Scene.set(server)));
  afterEach(() => scene.leave());

  const answers = () => scene.noted('answer').map(({ outcome }) => outcome);
  const asked = () => scene.follower.events.filter(({ type }) => type === 'approval.requested').length;

  it('asks the owner in the room, says exactly what it would do, and does it once it may', async () => {
    scene.script({ turns: [[{ ask: { ...RUN, then: [{ write: ['one.md', '1\n'] }] } }]] });
    scene.join(['--idle-timeout', '1s']);
    const task = await scene.give('Write one.md');

    const approval = await scene.waitsFor('Run npm install');
    expect(approval).toMatchObject({ taskId: task.id, kind: 'execute', detail: '$ npm install', state: 'pending' });
    await delay(1500); // a person may take longer than an agent may be silent
    await scene.decide(approval, 'approved');

    await scene.reaches(task, 'in_review');
    expect(answers()).toEqual([{ outcome: 'selected', optionId: 'yes' }]); // for once, not for always
  });

  it('is told no, and goes on without', async () => {
    scene.script({ turns: [[{ ask: { ...RUN, otherwise: [{ write: ['without.md', '1\n'] }, { say: 'Done.' }] } }]] });
    scene.join();
    const task = await scene.give('Write one.md');

    await scene.decide(await scene.waitsFor('Run npm install'), 'rejected');

    const { branch } = await scene.reaches(task, 'in_review');
    expect(scene.git('show', `${branch}:without.md`)).toBe('1');
    expect(answers()).toEqual([{ outcome: 'selected', optionId: 'no' }]);
  });

  it.each([
    ['says nothing more', []],
    ['calls that a cancellation', [{ stop: 'cancelled' }]],
  ])('is told no and %s, is told to go on without', async (_, stop) => {
    scene.script({
      turns: [
        [{ write: ['one.md', '1\n'] }, { say: 'Now I install it.' }, { ask: RUN }, ...stop],
        [{ write: ['two.md', '2\n'] }, { say: 'I did without.' }],
      ],
    });
    scene.join();
    const task = await scene.give('Write one.md and two.md');

    await scene.decide(await scene.waitsFor('Run npm install'), 'rejected');

    const { branch } = await scene.reaches(task, 'in_review');
    expect(scene.git('show', `${branch}:two.md`)).toBe('2');
    expect(scene.noted('prompt')[1]?.text).toMatch(/^What you asked leave for was refused\./);
  });

  it('takes no secret of the owner’s environment along when it asks', async () => {
    const rawInput = { command: 'curl -H "x-key: very-secret-value" https://example.com' };
    scene.script({
      turns: [[{ ask: { ...RUN, rawInput } }, { think: 'I use very-secret-value' }, { write: ['one.md', '1\n'] }]],
    });
    scene.join([], { SOME_API_KEY: 'very-secret-value' });
    const task = await scene.give('Write one.md');

    const approval = await scene.waitsFor('Run npm install');
    expect(approval.detail).toBe('$ curl -H "x-key: [secret]" https://example.com');
    await scene.decide(approval, 'approved');
    await scene.reaches(task, 'in_review');
    expect(JSON.stringify(scene.follower.events)).not.toContain('very-secret-value');
  });

  it('may edit files of the worktree without asking, and asks about any other', async () => {
    const edit = { title: 'Edit', kind: 'edit' };
    scene.script({
      turns: [
        [
          { link: ['link', '/tmp'] },
          { ask: { ...edit, toolCallId: 'call-1', rawInput: { file_path: '{cwd}/one.md' } } },
          { write: ['one.md', '1\n'] },
          { ask: { ...edit, toolCallId: 'call-2', title: 'Edit elsewhere', locations: [{ path: 'link/two.md' }] } },
          { say: 'I wrote what I may.' },
        ],
      ],
    });
    scene.join(['--allow', 'edits,reads']);
    const task = await scene.give('Write one.md');

    await scene.decide(await scene.waitsFor('Edit elsewhere'), 'rejected');

    await scene.reaches(task, 'in_review');
    expect(asked()).toBe(1);
    expect(answers()).toEqual([
      { outcome: 'selected', optionId: 'yes' },
      { outcome: 'selected', optionId: 'no' },
    ]);
  });

  it('always asks when the task is not its owner’s', async () => {
    const guest = await Person.register(server.url);
    await scene.owner.invite(scene.room.id, guest);
    const socket = await guest.connect();
    await Follower.join(socket, scene.room.id);
    scene.script({
      turns: [
        [
          {
            ask: {
              toolCallId: 'call-1',
              title: 'Edit',
              kind: 'edit',
              locations: [{ path: 'one.md' }],
              then: [{ write: ['one.md', '1\n'] }],
            },
          },
        ],
      ],
    });
    scene.join(['--allow', 'edits']);
    const task = await scene.give('Write one.md', {}, socket);

    await scene.decide(await scene.waitsFor('Edit'), 'approved');

    await scene.reaches(task, 'in_review');
    socket.close();
  });

  it('and the bridge is killed, finds the decision that was made meanwhile, and asks nobody twice', async () => {
    const ask = { ask: { ...RUN, then: [{ write: ['one.md', '1\n'] }] } };
    scene.script({ capabilities: { resume: true }, turns: [[ask], [ask]] });
    const first = scene.join();
    const task = await scene.give('Write one.md');
    const approval = await scene.waitsFor('Run npm install');
    await first.kill();
    await scene.decide(approval, 'approved');

    scene.join();
    await scene.reaches(task, 'in_review');

    expect(answers()).toEqual([{ outcome: 'selected', optionId: 'yes' }]);
    expect(asked()).toBe(1);
  });

  it('and the server restarts, still waits, and hears the decision once', async () => {
    scene.script({ turns: [[{ ask: { ...RUN, then: [{ write: ['one.md', '1\n'] }] } }]] });
    const bridge = scene.join();
    const task = await scene.give('Write one.md');
    const approval = await scene.waitsFor('Run npm install');

    await server.kill();
    await server.restart();
    await eventually(() => bridge.output.match(/is connected/g)?.length === 2);
    await scene.reconnect();
    await scene.decide(approval, 'approved');

    await scene.reaches(task, 'in_review');
    expect(answers()).toEqual([{ outcome: 'selected', optionId: 'yes' }]);
    expect(scene.noted('prompt')).toHaveLength(1);
  });

  it('and the task is cancelled before anybody decides, hears that it was cancelled', async () => {
    scene.script({ turns: [[{ ask: RUN }]] });
    scene.join();
    const task = await scene.give('Write one.md');
    await scene.waitsFor('Run npm install');

    await scene.cancel(task);

    await scene.notes('answer');
    expect(answers()).toEqual([{ outcome: 'cancelled' }]);
    expect(scene.git('branch', '--list', 'clawtank/*')).toBe('');
  });
});
