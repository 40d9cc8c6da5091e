import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { NewAgent, Room } from '@clawtank/contracts';
import { Server } from '../bridge/scene.js';
import { anAgentKey, registrationOf } from '../support/agent-key.js';
import { installedPackage } from '../support/npm-package.js';
import { accepted, Person, type RoomSocket } from '../support/people.js';
import { pushBranch } from '../support/push-branch.js';
import type { Answers, ToolName } from './mcp.support.js';

const run = promisify(execFile);

const VERSION = '2.12.0';
const CALL_MS = 60_000;

/** How a run of the inspector ended. */
interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The protocol's own inspector, as a client that we did not write. */
class Inspector {
  constructor(
    private readonly program: string,
    private readonly home: string,
    /** What it speaks to, and how. */
    private readonly target: readonly string[],
  ) {}

  async call<Name extends ToolName>(
    name: Name,
    request: Readonly<Record<string, unknown>> = {},
  ): Promise<Answers[Name]> {
    const pairs = Object.entries(request).map(
      ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
    );
    const { code, stdout, stderr } = await this.run(
      'tools/call',
      '--tool-name',
      name,
      ...(pairs.length ? ['--tool-arg', ...pairs] : []),
    );
    if (code !== 0) {
      throw new Error(`${name} ended with ${code}:\n${stdout}\n${stderr}`);
    }
    return (JSON.parse(stdout) as { structuredContent: Answers[Name] }).structuredContent;
  }

  run(method: string, ...args: readonly string[]): Promise<Ended> {
    const env = { PATH: process.env['PATH'] ?? '', HOME: this.home, NO_COLOR: '1' };
    return run(process.execPath, [this.program, '--cli', ...this.target, '--method', method, ...args], {
      env,
      timeout: CALL_MS,
    }).then(
      (output) => ({ code: 0, ...output }),
      (error: Ended) => ({ code: error.code, stdout: error.stdout, stderr: error.stderr }),
    );
  }
}

describe('a session with the MCP inspector', () => {
  const home = mkdtempSync(join(tmpdir(), 'clawtank-inspector-'));
  let server: Server;
  let owner: Person;
  let socket: RoomSocket;
  let room: Room;
  let agent: NewAgent;
  let program: string;
  beforeAll(async () => {
    const folder = await installedPackage('@modelcontextprotocol/inspector', VERSION);
    program = join(folder, 'node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js');
    server = await Server.start();
    owner = await Person.register(server.url);
    socket = await owner.connect();
    room = await owner.createRoomWithRepository();
    await accepted(socket, 'join_room', { roomId: room.id });
    agent = await owner.bringAgent(room.id);
  }, 700_000);
  afterAll(async () => {
    socket.close();
    await server.stop();
    rmSync(home, { recursive: true, force: true });
  });

  const overHttp = () =>
    new Inspector(program, home, [
      `${server.url}/mcp`,
      '--transport',
      'http',
      '--header',
      `Authorization: Bearer ${agent.token}`,
    ]);
  const overStdio = () =>
    new Inspector(program, home, [
      '-e',
      `CLAWTANK_TOKEN=${agent.token}`,
      '-e',
      `HOME=${home}`,
      process.execPath,
      'dist/bridge/clawtank-bridge.js',
      'mcp',
      server.url,
      '--data',
      join(home, 'bridge'),
    ]);
  const DOORS = [
    ['over HTTP', overHttp],
    ['on standard input, through the bridge', overStdio],
  ] as const;

  it.each(DOORS)('finds nothing to complain about in any tool, %s', async (_, door) => {
    const { code, stdout, stderr } = await door().run('tools/list', '--strict');
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const { tools } = JSON.parse(stdout) as { tools: { name: string; annotations?: object; outputSchema?: object }[] };
    expect(tools.map(({ name }) => name)).toContain('submit_work');
    expect(tools.filter(({ annotations }) => !annotations).map(({ name }) => name)).toEqual([]);
  });

  it.each(DOORS)('reads the room as a resource, %s', async (_, door) => {
    const listed = JSON.parse((await door().run('resources/list')).stdout) as { resources: { uri: string }[] };
    const uri = listed.resources.map((resource) => resource.uri).find((address) => address.includes(room.id)) ?? '';
    const { code, stdout } = await door().run('resources/read', '--uri', uri);
    expect(code).toBe(0);
    expect(stdout).toContain(room.name);
  });

  it.each(DOORS)('does a task from the claim to the hand-in, %s', async (_, door) => {
    const inspector = door();
    const { agentId, commitEmail: email } = await inspector.call('list_rooms');
    const key = anAgentKey();
    await inspector.call('register_key', { ...registrationOf(key, agentId), idempotencyKey: randomUUID() });
    const request = { roomId: room.id, description: 'Mend the login', agentId };
    const offered = await accepted(socket, 'create_task', request);

    const { tasks } = await inspector.call('list_tasks', { roomId: room.id });
    expect(tasks).toContainEqual(
      expect.objectContaining({ id: offered.id, description: 'Mend the login', trust: 'owner' }),
    );
    const named = { roomId: room.id, taskId: offered.id };
    const { lease } = await inspector.call('claim_task', { ...named, idempotencyKey: randomUUID() });
    const held = { ...named, leaseId: lease.leaseId };
    await inspector.call('report_progress', { ...held, note: 'Found it', percent: 50, idempotencyKey: randomUUID() });
    await inspector.call('post_message', { roomId: room.id, text: 'Nearly there', clientMessageId: randomUUID() });

    const branch = `login-${lease.fence}-${randomUUID().slice(0, 8)}`;
    const commit = await pushBranch(server, room.id, agent.token, branch, undefined, { key, email });
    const { task } = await inspector.call('submit_work', {
      ...held,
      gitBranch: branch,
      commit,
      description: 'The login works',
      idempotencyKey: randomUUID(),
    });
    expect(task).toMatchObject({ state: 'in_review', branch, lease: null });
    const { messages } = await inspector.call('read_messages', { roomId: room.id });
    expect(messages.at(-1)).toMatchObject({ text: 'Nearly there', trust: 'agent' });
  });

  it('hears why a tool refused, and no words about tokens', async () => {
    const { code, stdout, stderr } = await overHttp().run(
      'tools/call',
      '--tool-name',
      'claim_task',
      '--tool-arg',
      `roomId=${room.id}`,
      `taskId=${randomUUID()}`,
      `idempotencyKey=${randomUUID()}`,
    );
    expect(code).not.toBe(0);
    expect(`${stdout}${stderr}`).toContain('not_found');
    expect(`${stdout}${stderr}`).not.toContain(agent.token);
  });
});
