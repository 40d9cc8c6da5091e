import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../support/people.js';
import { describeWithProgram } from '../support/programs.js';
import { Scene, Server } from './scene.js';

describe('clawtank-bridge doctor', () => {
  let server: Server;
  let scene: Scene;
  beforeAll(async () => (server = await Server.start()), 120_000);
  afterAll(() => server.stop());
  beforeEach(async () => (scene = await Scene.set(server)));
  afterEach(() => scene.leave());

  const examine = async (args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
    const bridge = scene.run(['doctor', '--data', scene.dataFolder, ...args], env);
    return { code: await bridge.ended, output: bridge.output };
  };

  it('finds everything in order, and does not disturb a bridge that runs', async () => {
    scene.script({ turns: [[{ write: ['one.md', '1\n'] }]], capabilities: { resume: true } });
    const bridge = scene.join();
    await bridge.says(/is connected/);

    const { code, output } = await examine([scene.roomUrl, '--', ...scene.agentCommand]);

    expect({ code, output }).toMatchObject({ code: 0 });
    expect(output).toMatch(/✓ Node +v\d+/);
    expect(output).toMatch(/✓ git +git version \d/);
    expect(output).toMatch(/✓ Signing +a commit was signed and verified/);
    expect(output).toMatch(/✓ Agent +scripted-agent 1\.2\.3 speaks ACP 1\n +resumes its sessions/);
    expect(output).toMatch(/✓ Server +127\.0\.0\.1:\d+ answers/);
    expect(output).toMatch(/✓ Token +the server knows it, and the agent has a seat/);
    await scene.reaches(await scene.give('Write one.md'), 'in_review');
  });

  it('says how to install an agent that is not there, and what to click for a seat', async () => {
    await scene.owner.request('DELETE', `/api/rooms/${scene.room.id}/agents/${scene.agent.id}`);
    const { code, output } = await examine([scene.roomUrl, '--agent', 'codex'], {
      CLAWTANK_TOKEN: scene.agent.token,
    });

    expect(code).toBe(1);
    expect(output).toMatch(
      /✗ Agent +codex-acp cannot be started: .*ENOENT\n +→ npm install -g @agentclientprotocol\/codex-acp/,
    );
    expect(output).toMatch(/✗ Seat +the agent has no seat in this room\n +→ Give it one:\n/);
    expect(output).toContain(`${scene.roomUrl}?work=members`);
  });

  it('says that a token is wrong, or missing, and where to get one', async () => {
    writeFileSync(join(scene.folder, 'token'), `cta_${'x'.repeat(50)}`);
    const wrong = await examine([scene.roomUrl, '--token-file', join(scene.folder, 'token')]);
    expect(wrong).toMatchObject({
      code: 1,
      output: expect.stringMatching(/✗ Token +the server does not know it/) as string,
    });

    const missing = await examine([scene.roomUrl]);
    expect(missing).toMatchObject({
      code: 1,
      output: expect.stringMatching(/✗ Token +there is none\n +→ Make an agent at/) as string,
    });
  });

  it('says that an agent speaks another version of the protocol', async () => {
    scene.script({ turns: [[]], protocolVersion: 9 });
    const { code, output } = await examine(['--', ...scene.agentCommand]);
    expect(code).toBe(1);
    expect(output).toMatch(/✗ Agent +It speaks ACP 9, the bridge speaks ACP 1/);
  });

  it('says that there is no server at an address', async () => {
    const { code, output } = await examine([`http://127.0.0.1:9/rooms/${scene.room.id}`]);
    expect(code).toBe(1);
    expect(output).toMatch(/✗ Server +127\.0\.0\.1:9 does not answer: \S+/);
  });
});

describe('clawtank-bridge join', () => {
  let server: Server;
  let scene: Scene;
  beforeAll(async () => (server = await Server.start()), 120_000);
  afterAll(() => server.stop());
  beforeEach(async () => {
    scene = await Scene.set(server);
    scene.script({ turns: [[{ write: ['one.md', '1\n'] }]] });
  });
  afterEach(() => scene.leave());

  it('says what the owner has to click when the agent has no seat, also in a public room', async () => {
    const elsewhere = await scene.owner.createRoom({ visibility: 'public' });
    const bridge = scene.run(
      ['join', `${server.url}/rooms/${elsewhere.id}`, '--data', scene.dataFolder, '--', ...scene.agentCommand],
      { CLAWTANK_TOKEN: scene.agent.token },
    );

    expect(await bridge.ended).toBe(69);
    expect(bridge.output).toContain(`1. Open ${server.url}/rooms/${elsewhere.id}?work=members in your browser`);
    expect(bridge.output).toContain('2. Click “Bring an agent”');
  });

  it('takes an invitation for the room that it leads to', async () => {
    const { token } = await scene.owner.request<{ token: string }>(
      'POST',
      `/api/rooms/${scene.room.id}/invitations`,
      {},
    );
    const bridge = scene.run(
      ['join', `${server.url}/join/${token}`, '--data', scene.dataFolder, '--', ...scene.agentCommand],
      { CLAWTANK_TOKEN: scene.agent.token },
    );
    await bridge.says(/is connected/);

    await scene.reaches(await scene.give('Write one.md'), 'in_review');
  });

  it('keeps the token for next time, and takes it from a file', async () => {
    writeFileSync(join(scene.folder, 'token'), `${scene.agent.token}\n`);
    const command = ['--data', scene.dataFolder, '--', ...scene.agentCommand];
    const first = scene.run(['join', scene.roomUrl, '--token-file', join(scene.folder, 'token'), ...command]);
    await first.says(/is connected/);
    await first.stop();

    const second = scene.run(['join', scene.roomUrl, ...command]);
    await second.says(/is connected/);
    await eventually(() => second.output.includes('a seat in 1 room'));
  });

  it('says that there is no server at an address', async () => {
    const bridge = scene.run(['join', `http://127.0.0.1:9/rooms/${scene.room.id}`, '--', 'true'], {
      CLAWTANK_TOKEN: 'x',
    });

    expect(await bridge.ended).toBe(69);
    expect(bridge.output).toMatch(/^127\.0\.0\.1:9 does not answer: \S.*\n$/);
  });

  it('ends when the token is revoked, and says so', async () => {
    const bridge = scene.join();
    await bridge.says(/is connected/);

    await scene.owner.request('DELETE', `/api/agents/${scene.agent.id}`);

    expect(await bridge.ended).toBe(77);
    expect(bridge.output).toMatch(/The server does not let the agent in: /);
  });
});

describeWithProgram('script', 'clawtank-bridge at a terminal', () => {
  it('asks for the token and does not show it', async () => {
    const bridge = join(process.cwd(), 'dist/bridge/clawtank-bridge.js');
    const line = `${process.execPath} ${bridge} join http://127.0.0.1:9/rooms/${randomUUID()} -- true`;
    const terminal = spawn('script', ['--quiet', '--return', '--command', line, '/dev/null']);
    let output = '';
    terminal.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await eventually(() => output.includes('Token of your agent at 127.0.0.1:9'));
    await delay(200); // the question is there before the terminal is silent
    terminal.stdin.write('cta_typed\r');
    const [code] = (await once(terminal, 'close')) as [number];

    expect(code).toBe(69);
    expect(output).toContain('127.0.0.1:9 does not answer');
    expect(output).not.toContain('cta_typed');
  });
});
