import { execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { signedCommit } from '@clawtank/agent-sdk';
import type { Lease } from '@clawtank/contracts';
import { type Signer, signerOf } from '../support/agent-key.js';
import { startTestServer, type TestServer } from '../support/app.js';
import { accepted, command, connect, Person, type RoomSocket } from '../support/people.js';

const run = promisify(execFile);

describe('what an agent may touch', () => {
  let server: TestServer;
  let host: Person;
  let roomId: string;
  let agentId: string;
  let token: string;
  let agent: RoomSocket;
  let person: RoomSocket;
  let signer: Signer;
  let folder: string;
  let branches = 0;

  beforeAll(async () => {
    server = await startTestServer();
    host = await Person.register(server.url);
    roomId = (await host.createRoomWithRepository()).id;
    ({
      agent: { id: agentId },
      token,
    } = await host.bringAgent(roomId));
    [person, agent] = [await host.connect(), await connect(server.url, '/agents', token)];
    signer = await signerOf(agent);
    await host.giveWork(roomId, token);
  });
  afterAll(async () => {
    person.close();
    agent.close();
    await server.close();
  });
  beforeEach(async () => {
    await limit(null);
    folder = mkdtempSync(join(tmpdir(), 'clawtank-paths-'));
    const url = new URL(`${server.url}/git/${roomId}.git`);
    Object.assign(url, { username: 'git', password: token });
    await run('git', ['clone', '--quiet', url.href, folder]);
    await git('switch', '--quiet', '-c', `agent/work-${++branches}`);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const git = async (...args: string[]) => {
    const as = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com'];
    const { stdout } = await run('git', ['-C', folder, ...as, ...args]);
    return stdout.trim();
  };
  /** What git writes an object from, and its id. */
  const object = async (type: 'tree' | 'commit' | 'blob', content: Buffer | string): Promise<string> => {
    const writing = spawn('git', ['-C', folder, 'hash-object', '-t', type, '--literally', '-w', '--stdin']);
    writing.stdin.end(content);
    const chunks: Buffer[] = [];
    for await (const chunk of writing.stdout) {
      chunks.push(chunk as Buffer);
    }
    return Buffer.concat(chunks).toString().trim();
  };
  const limit = (paths: string[] | null) =>
    host.request('PUT', `/api/rooms/${roomId}/agents/${agentId}/limits`, { limits: paths && { paths } });
  const write = (path: string, content = `${path} ${branches}\n`) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  const commit = async () => {
    await git('add', '--all');
    await git('commit', '--quiet', '-m', 'Work');
  };
  /** `taken`, or what git says. */
  const push = async (...refs: string[]): Promise<string> =>
    git('push', '--quiet', 'origin', ...(refs.length > 0 ? refs : ['HEAD'])).then(
      () => 'taken',
      (error: { stderr: string }) =>
        /remote: (.*of what this agent may touch.*)/.exec(error.stderr)?.[1]?.trim() ?? error.stderr,
    );

  it('is everything if nobody says otherwise', async () => {
    write('.github/workflows/ci.yml');
    await commit();
    expect(await push()).toBe('taken');
  });

  it('is taken in, and what is outside refused in a sentence that names the file', async () => {
    await limit(['src/**']);
    write('src/a.ts');
    await commit();
    expect(await push()).toBe('taken');
    write('docs/a.md');
    await commit();
    expect(await push()).toBe('docs/a.md is outside of what this agent may touch: src/**');
  });

  it('counts for a file that is removed, and for both ends of one that is renamed', async () => {
    await limit(['src/**']);
    await git('rm', '--quiet', 'README.md');
    await git('commit', '--quiet', '-m', 'Remove');
    expect(await push()).toMatch(/^README\.md is outside/);
    await git('reset', '--quiet', '--hard', 'origin/main');
    mkdirSync(join(folder, 'src'));
    await git('mv', 'README.md', 'src/README.md');
    await git('commit', '--quiet', '-m', 'Rename');
    expect(await push()).toMatch(/^README\.md is outside/);
  });

  it('is not what a link leads to', async () => {
    await limit(['src/**']);
    mkdirSync(join(folder, 'src'));
    symlinkSync('../README.md', join(folder, 'src/readme'));
    await commit();
    expect(await push()).toMatch(/^src\/readme is a link/);
  });

  it('is told by the case of its letters, and what is left out is left out in any', async () => {
    await limit(['src/**', '!src/secret/**']);
    write('SRC/a.ts');
    await commit();
    expect(await push()).toMatch(/^SRC\/a\.ts is outside/);
    await git('reset', '--quiet', '--hard', 'origin/main');
    write('src/Secret/a.ts');
    await commit();
    expect(await push()).toMatch(/^src\/Secret\/a\.ts is outside/);
  });

  it('is nothing above the repository', async () => {
    await limit(['**']);
    const blob = await object('blob', 'hello');
    const entry = Buffer.concat([Buffer.from('100644 ..\0'), Buffer.from(blob, 'hex')]);
    const tree = await object('tree', entry);
    const tip = await object('commit', `tree ${tree}\nauthor A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n\nWork\n`);
    expect(await push(`${tip}:refs/heads/agent/up-${branches}`)).not.toBe('taken');
  });

  it('is judged by what merging would bring, not by what the branch took over from the default branch', async () => {
    await limit(['src/**']);
    write('src/a.ts');
    await commit();
    await git('merge', '--quiet', '--no-edit', '--allow-unrelated-histories', 'origin/main');
    expect(await push()).toBe('taken');
  });

  it('does not keep it from deleting a branch of its own', async () => {
    write('docs/a.md');
    await commit();
    expect(await push(`HEAD:refs/heads/agent/gone-${branches}`)).toBe('taken');
    await limit(['src/**']);
    expect(await push(`:refs/heads/agent/gone-${branches}`)).toBe('taken');
  });

  it('does not hold people back', async () => {
    await limit([]);
    const made = await host.request<{ token: string }>('POST', '/api/auth/tokens', { name: 'git' });
    const url = new URL(`${server.url}/git/${roomId}.git`);
    Object.assign(url, { username: 'git', password: made.token });
    await git('remote', 'set-url', 'origin', url.href);
    write('docs/a.md');
    await commit();
    expect(await push()).toBe('taken');
  });

  it('is asked again when the work is handed in: what was pushed before counts by the limits of now', async () => {
    const claim = async (): Promise<Lease> => {
      const { id: taskId } = await accepted(person, 'create_task', { roomId, description: 'Some work', agentId });
      return (await accepted(agent, 'claim_task', { roomId, taskId })).lease;
    };
    const handIn = async ({ taskId, leaseId }: Lease) => {
      const [gitBranch, sha] = [await git('branch', '--show-current'), await git('rev-parse', 'HEAD')];
      return command(agent, 'submit_work', { roomId, taskId, leaseId, gitBranch, commit: sha });
    };
    const lease = await claim();
    write('docs/b.md');
    await signedCommit({ worktree: folder, name: 'Test', message: 'Work', ...signer });
    expect(await push()).toBe('taken');
    await limit(['src/**']);
    expect(await handIn(lease)).toMatchObject({
      ok: false,
      error: { code: 'forbidden', message: 'docs/b.md is outside of what this agent may touch: src/**' },
    });
    await limit(['docs/**']);
    expect(await handIn(lease)).toMatchObject({ ok: true });
  });
});
