import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { signedCommit } from '@clawtank/agent-sdk';
import type { NewAgent, Room } from '@clawtank/contracts';
import { anAgentKey, registrationOf } from '../support/agent-key.js';
import { startTestServer, type TestServer } from '../support/app.js';
import { accepted, Person, type RoomSocket } from '../support/people.js';
import { aKey, McpAgent } from './mcp.support.js';

const run = promisify(execFile);
const DOCUMENTED = /^git -c credential\.helper=.*$/m.exec(readFileSync('docs/mcp.md', 'utf8'))?.[0] ?? '';

describe('an agent that has MCP and plain git', () => {
  let server: TestServer;
  let host: Person;
  let socket: RoomSocket;
  let room: Room;
  let helper: NewAgent;
  let agent: McpAgent;
  let folder: string;
  beforeAll(async () => {
    server = await startTestServer();
    host = await Person.register(server.url);
    socket = await host.connect();
    room = await host.createRoomWithRepository();
    helper = await host.bringAgent(room.id);
    agent = await McpAgent.connect(server, helper.token);
  });
  afterAll(async () => {
    await agent.close();
    socket.close();
    await server.close();
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'clawtank-plain-git-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const claim = async () => {
    const { id: taskId } = await accepted(socket, 'create_task', { roomId: room.id, description: 'Fix the login' });
    const claimed = await agent.ask('claim_task', { roomId: room.id, taskId, idempotencyKey: aKey() });
    return { ...claimed, held: { roomId: room.id, taskId, leaseId: claimed.lease.leaseId } };
  };
  /** In a shell, as somebody would who copied it; the public address of the server is not the one of this test. */
  const inShell = (command: string) =>
    run('bash', ['-c', command.replace(server.settings.publicUrl, server.url)], {
      cwd: folder,
      env: { PATH: process.env['PATH'], HOME: folder, GIT_TERMINAL_PROMPT: '0', CLAWTANK_TOKEN: helper.token },
    });
  const cloneUrl = () =>
    Object.assign(new URL(`${server.url}/git/${room.id}.git`), { username: 'git', password: helper.token }).href;
  const clone = async () => {
    await run('git', ['clone', '--quiet', cloneUrl(), folder]);
    await run('git', ['-C', folder, 'remote', 'remove', 'origin']); // nor the token with it
  };

  it('pushes with the documented command, which the claim answers with, and hands in', async () => {
    const { agentId, commitEmail } = await agent.ask('list_rooms');
    const key = anAgentKey();
    await agent.ask('register_key', { ...registrationOf(key, agentId), idempotencyKey: aKey() });
    const { push, held, repository, lease } = await claim();
    expect(push).toBe(
      DOCUMENTED.replace('<taskId>', held.taskId)
        .replace('<leaseId>', lease.leaseId)
        .replace('<cloneUrl>', repository?.cloneUrl ?? ''),
    );
    expect(push).not.toContain(helper.token);
    await clone();
    writeFileSync(join(folder, 'login.txt'), 'It works\n');
    const commit = await signedCommit({ worktree: folder, name: 'helper', message: 'Fix it', key, email: commitEmail });
    await inShell(push!.replace('BRANCH', 'fix-login'));
    const work = { ...held, gitBranch: 'fix-login', commit, idempotencyKey: aKey() };
    expect((await agent.ask('submit_work', work)).task).toMatchObject({ state: 'in_review', branch: 'fix-login' });
    await expect(inShell(push!.replace('BRANCH', 'fix-login'))).rejects.toThrow('409');
  });

  it('pushes nothing with the command of a lease that is over, though it holds the same task again', async () => {
    const first = await claim();
    await agent.ask('release_task', { ...first.held, idempotencyKey: aKey() });
    const again = await agent.ask('claim_task', {
      roomId: room.id,
      taskId: first.held.taskId,
      idempotencyKey: aKey(),
    });
    expect(again.lease.fence).toBeGreaterThan(first.lease.fence);
    await clone();
    await expect(inShell(first.push!.replace('BRANCH', 'slept'))).rejects.toThrow('409');
    await inShell(again.push!.replace('BRANCH', 'awake'));
    const there = await run('git', ['ls-remote', '--heads', cloneUrl()]);
    expect(there.stdout).toContain('refs/heads/awake');
    expect(there.stdout).not.toContain('refs/heads/slept');
  });
});
