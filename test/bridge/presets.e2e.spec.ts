import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bridge, Scene, Server } from './scene.js';

describe('clawtank-bridge with an agent that it knows by name', () => {
  let server: Server;
  let scene: Scene;
  beforeAll(async () => (server = await Server.start()), 120_000);
  afterAll(() => server.stop());
  beforeEach(async () => (scene = await Scene.set(server)));
  afterEach(() => scene.leave());

  /** Puts the scripted agent in the place of a known one. */
  const joinAs = (name: string, program = name, env: NodeJS.ProcessEnv = {}): Bridge => {
    const programs = join(scene.folder, 'bin');
    mkdirSync(programs);
    const [node, ...args] = scene.agentCommand;
    writeFileSync(join(programs, program), `#!/bin/sh\nexec ${node} ${args.join(' ')}\n`, { mode: 0o755 });
    return scene.run(['join', scene.roomUrl, '--data', scene.dataFolder, '--agent', name], {
      ...{ CLAWTANK_TOKEN: scene.agent.token, PATH: `${programs}:${process.env['PATH']}` },
      ...env,
    });
  };

  it('has it ask its owner where it would let a model decide, also when it takes its session up again', async () => {
    scene.script({
      modes: ['auto', 'default', 'yolo'],
      capabilities: { resume: true },
      turns: [[{ write: ['one.md', '1\n'] }, { crash: 3 }], [{ write: ['two.md', '2\n'] }]],
    });
    joinAs('qwen');
    await scene.reaches(await scene.give('Write one.md and two.md'), 'in_review');
    expect(scene.noted().map(({ event, mode }) => mode ?? event)).toEqual([
      ...['started', 'started', 'new', 'default', 'prompt'],
      ...['started', 'resume', 'default', 'prompt', 'end'],
    ]);
  });

  it('does not change the mode of one that asks already', async () => {
    scene.script({ modes: ['default', 'auto'], turns: [[{ write: ['one.md', '1\n'] }]] });
    const bridge = joinAs('claude', 'claude-agent-acp');
    await scene.reaches(await scene.give('Write one.md'), 'in_review');
    await bridge.stop();
    expect(scene.noted('mode')).toEqual([]);
  });

  it.each([
    ['tells it to ask', {}, '{"edit":"ask","bash":"ask","webfetch":"ask"}'],
    ['heeds what its owner has told it', { OPENCODE_PERMISSION: '{}' }, '{}'],
  ])('%s by its environment', async (_, env, permission) => {
    scene.script({ showsEnvironment: true, turns: [[{ write: ['one.md', '1\n'] }]] });
    joinAs('opencode', 'opencode', env);
    await scene.reaches(await scene.give('Write one.md'), 'in_review');
    expect(scene.noted('started')[1]).toMatchObject({ env: { OPENCODE_PERMISSION: permission } });
  });
});
