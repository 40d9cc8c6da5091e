import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { signedCommit } from '@clawtank/agent-sdk';
import type { CommandInput, NewAgent, Room, RoomState, Task } from '@clawtank/contracts';
import { anAgentKey, type Signer, signerOf } from '../support/agent-key.js';
import { startTestServer, type TestServer } from '../support/app.js';
import { nothingUnderWay } from '../support/background.js';
import { Follower } from '../support/follower.js';
import { GitProvider } from '../support/git-provider.js';
import { accepted, command, connect, eventually, Person, type RoomSocket } from '../support/people.js';
import { verifyRoom } from '../support/verify-room.js';
import { ProviderHook, settledDeliveries } from './webhooks.support.js';

const run = promisify(execFile);

describe.each(['github', 'gitlab'] as const)('work in a repository at %s', (kind) => {
  let provider: GitProvider;
  let server: TestServer;
  let owner: Person;
  let room: Room;
  let newcomer: NewAgent;
  let person: RoomSocket;
  let agent: RoomSocket;
  let signer: Signer;
  let hook: ProviderHook;
  let clone: string;
  let branches = 0;

  beforeAll(async () => {
    provider = await GitProvider.start();
    server = await startTestServer({
      env: {
        GITHUB_CLIENT_ID: 'id',
        GITHUB_CLIENT_SECRET: 'secret',
        GITHUB_BASE_URL: provider.url,
        GITLAB_CLIENT_ID: 'id',
        GITLAB_CLIENT_SECRET: 'secret',
        GITLAB_BASE_URL: provider.url,
      },
    });
    owner = await Person.register(server.url);
    room = await owner.createRoomWithRepository();
    newcomer = await owner.bringAgent(room.id);
    person = await owner.connect();
    agent = await connect(server.url, '/agents', newcomer.token);
    signer = await signerOf(agent);
    clone = mkdtempSync(join(tmpdir(), 'clawtank-elsewhere-'));
    await run('git', ['clone', '--quiet', provider.addressAs(provider.writing), clone]);
  });
  afterAll(async () => {
    person.close();
    agent.close();
    await server.close();
    await provider.stop();
    rmSync(clone, { recursive: true, force: true });
  });
  beforeEach(async () => {
    await connectWith(provider.reading);
    provider.asked.length = 0;
  });
  afterEach(() => Object.assign(provider, { outage: null, hold: null, redirect: null, onAnswered: null }));

  const connectWith = async (accessToken: string | null) => {
    hook = await ProviderHook.reconnect(server, owner, room, provider.connection(kind, accessToken));
  };
  const git = async (...args: string[]) => {
    const as = ['-c', 'user.name=Somebody', '-c', 'user.email=somebody@example.com'];
    return (await run('git', ['-C', clone, ...as, ...args])).stdout.trim();
  };
  async function objectsIn(repository: string): Promise<string> {
    const { stdout } = await run('git', [
      ...['-C', repository, '-c', 'safe.directory=*'],
      ...['cat-file', '--batch-all-objects', '--batch-check=%(objectname) %(objecttype)'],
    ]);
    return stdout;
  }
  async function aBranch(): Promise<string> {
    const branch = `agent/fix#${(branches += 1)}`;
    await git('fetch', '--quiet', 'origin');
    await git('switch', '--quiet', '-C', branch, 'origin/trunk');
    return branch;
  }
  function write(path: string = `${crypto.randomUUID()}.md`, text = 'changed\n'): void {
    mkdirSync(dirname(join(clone, path)), { recursive: true });
    writeFileSync(join(clone, path), text);
  }
  const commit = (as: Partial<Signer> = {}) =>
    signedCommit({ worktree: clone, name: 'crusty', message: 'Change', ...signer, ...as });
  const commitUnsigned = async () => {
    await git('add', '.');
    await git('commit', '--quiet', '-m', 'Change');
  };
  const push = async (branch: string) => {
    await git('push', '--quiet', '--force', 'origin', branch);
    return git('rev-parse', branch);
  };
  const claim = async () => {
    const task = await accepted(person, 'create_task', { roomId: room.id, description: 'do it' });
    const { lease } = await accepted(agent, 'claim_task', { roomId: room.id, taskId: task.id });
    return { roomId: room.id, taskId: task.id, leaseId: lease.leaseId };
  };
  async function submit(gitBranch: string, more: Partial<CommandInput<'submit_work'>> = {}): Promise<Task> {
    const work = { ...(await claim()), gitBranch, commit: await git('rev-parse', 'HEAD'), ...more };
    return accepted(agent, 'submit_work', work).finally(() =>
      accepted(agent, 'release_task', work).catch(() => undefined),
    );
  }
  /** The provider tells of a push, as it does. */
  async function deliver(
    branch: string,
    before: string | null,
    after: string,
    files: readonly string[],
  ): Promise<void> {
    const zero = '0'.repeat(40);
    const changed = { added: [...files], modified: [], removed: [] };
    const one = {
      id: after,
      message: 'Change',
      timestamp: '2026-01-01T00:00:00Z',
      author: { name: 'x', email: 'x@x' },
    };
    const push = { ref: `refs/heads/${branch}`, before: before ?? zero, after, commits: [{ ...one, ...changed }] };
    await (kind === 'github'
      ? hook.github('push', { ...push, forced: false, repository: { id: 42 }, sender: { id: 7, login: 'x' } })
      : hook.gitlab('Push Hook', {
          ...{ object_kind: 'push', ...push, project: { id: 42 }, project_id: 42 },
          ...{ user_id: 7, user_username: 'x', user_name: 'x', total_commits_count: 1 },
        }));
    await settledDeliveries(server, room.id);
  }

  it('is taken in if the agent signed every commit', async () => {
    const branch = await aBranch();
    write();
    await commit();
    write();
    await commit();
    await push(branch);
    provider.asked.length = 0;

    expect(await submit(branch)).toMatchObject({ state: 'in_review', branch });

    const user = kind === 'github' ? 'x-access-token' : 'oauth2';
    const basic = `Basic ${Buffer.from(`${user}:${provider.reading}`).toString('base64')}`;
    expect(new Set(provider.asked.map(({ authorization }) => authorization))).toEqual(new Set([basic]));
    expect(provider.asked.filter(({ path }) => !path.startsWith('/octo/tank.git/'))).toEqual([]);
  });

  it('is not if a commit is unsigned, another’s, or in another’s name', async () => {
    const wrong = [
      () => commitUnsigned(),
      () => commit({ key: anAgentKey() }),
      () => commit({ email: 'ada@example.org' }),
    ];
    for (const commitWrongly of wrong) {
      const branch = await aBranch();
      write();
      await commitWrongly();
      write();
      await commit();
      await push(branch);
      await expect(submit(branch)).rejects.toMatchObject({ code: 'commit_not_signed' });
    }
  });

  it('is not if the branch is not there, is elsewhere, or has nothing of its own', async () => {
    const branch = await aBranch();
    await expect(submit(branch)).rejects.toMatchObject({ code: 'branch_missing' });
    await push(branch);
    await expect(submit(branch)).rejects.toMatchObject({ code: 'evidence_missing' });
    write();
    await commit();
    await expect(submit(branch)).rejects.toMatchObject({ code: 'evidence_missing' });
    await push(branch);
    await expect(submit(branch)).resolves.toMatchObject({ state: 'in_review' });
  });

  it('waits while the provider is down, keeps its lease, and is taken in afterwards', async () => {
    const branch = await aBranch();
    write();
    await commit();
    const work = { ...(await claim()), gitBranch: branch, commit: await push(branch) };
    provider.outage = 503;
    expect(await command(agent, 'submit_work', work)).toMatchObject({
      ok: false,
      error: { code: 'unavailable', message: expect.stringContaining('does not answer') as string, retryAfter: 5000 },
    });
    provider.outage = null;
    expect(await accepted(agent, 'submit_work', work)).toMatchObject({ state: 'in_review' });
  });

  it('says whose business it is when the provider does not show the repository to the room', async () => {
    const branch = await aBranch();
    write();
    await commit();
    await push(branch);
    for (const token of [null, 'of-nobody']) {
      await connectWith(token);
      await expect(submit(branch)).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringContaining('connect it with an access token') as string,
      });
    }
  });

  it('asks the provider nothing for somebody who does not hold the task', async () => {
    const task = await accepted(person, 'create_task', { roomId: room.id, description: 'do it' });
    const work = { roomId: room.id, taskId: task.id, leaseId: task.id, gitBranch: 'x', commit: 'a'.repeat(40) };
    await expect(accepted(agent, 'submit_work', work)).rejects.toMatchObject({ code: 'lease_lost' });
    expect(provider.asked).toEqual([]);
  });

  it('leaves the room free while the provider thinks', async () => {
    const branch = await aBranch();
    write();
    await commit();
    const work = { ...(await claim()), gitBranch: branch, commit: await push(branch) };
    const say = () =>
      accepted(person, 'chat_message', { roomId: room.id, message: 'Hello', clientMessageId: crypto.randomUUID() });
    const heard: string[] = [];
    provider.hold = async () => {
      const said = say().then(() => 'said');
      heard.push(await Promise.race([said, delay(5000, 'blocked', { ref: false })]));
    };

    expect(await accepted(agent, 'submit_work', work)).toMatchObject({ state: 'in_review' });

    expect(new Set(heard)).toEqual(new Set(['said']));
  });

  it('keeps the token out of the files that are fetched, and fetches nobody’s file contents', async () => {
    const branch = await aBranch();
    write('big.md', 'The words of the file\n');
    await commit();
    await push(branch);
    await submit(branch);
    const folder = join(server.settings.dataDir, 'fetched');
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const basic = Buffer.from(`x-access-token:${provider.reading}`).toString('base64').slice(0, 20);
    for (const { parentPath, name } of files) {
      const text = readFileSync(join(parentPath, name), 'latin1');
      expect([text.includes(provider.reading), text.includes(basic)]).toEqual([false, false]);
    }
    const copies = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.git'));
    const blob = await git('rev-parse', 'HEAD:big.md');
    const objects = await Promise.all(copies.map((copy) => objectsIn(join(folder, copy))));
    expect(objects.join('')).toContain(`${await git('rev-parse', 'HEAD')} commit`);
    expect(objects.join('')).not.toContain(blob);
  });

  it('does not follow the provider to another place', async () => {
    const elsewhere = createServer((_, response) => void response.writeHead(404).end());
    let wasAsked = false;
    elsewhere.on('request', () => (wasAsked = true));
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    const branch = await aBranch();
    provider.redirect = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
    await expect(submit(branch)).rejects.toMatchObject({ code: 'unavailable' });
    elsewhere.close();
    expect(wasAsked).toBe(false);
  });

  it('may touch no more than the agent may, links included', async () => {
    const limits = (paths: string[] | null) =>
      owner.request('PUT', `/api/rooms/${room.id}/agents/${newcomer.agent.id}/limits`, { limits: paths && { paths } });
    await limits(['docs/**']);
    try {
      const fine = await aBranch();
      write('docs/page.md');
      await commit();
      await push(fine);
      expect(await submit(fine)).toMatchObject({ state: 'in_review' });

      const far = await aBranch();
      write('src/page.md');
      await commit();
      await push(far);
      await expect(submit(far)).rejects.toMatchObject({ code: 'forbidden' });

      const linked = await aBranch();
      mkdirSync(join(clone, 'docs'), { recursive: true });
      symlinkSync('../src', join(clone, 'docs', 'away'));
      await commit();
      await push(linked);
      await expect(submit(linked)).rejects.toMatchObject({
        code: 'forbidden',
        message: expect.stringContaining('docs/away') as string,
      });
    } finally {
      await limits(null);
    }
  });

  describe('that meets another’s', () => {
    let follower: Follower;
    let born: RoomState;
    beforeEach(async () => {
      follower = await Follower.join(person, room.id);
      born = follower.state;
    });
    const touched = (taskId: string) => follower.state.paths.find((one) => one.taskId === taskId)?.changes?.paths;

    it('is flagged with the files that do not merge, as git finds by merging them', async () => {
      provider.push('trunk', { 'shared.md': 'one\ntwo\nthree\n' });
      const works: { taskId: string; branch: string }[] = [];
      for (const text of ['ONE\ntwo\nthree\n', 'EINS\ntwo\nthree\n']) {
        const branch = await aBranch();
        write('shared.md', text);
        await commit();
        const work = { ...(await claim()), gitBranch: branch, commit: await push(branch) };
        await accepted(agent, 'submit_work', work);
        works.push({ taskId: work.taskId, branch });
        await deliver(branch, null, work.commit, ['shared.md']);
      }
      for (const { taskId } of works) {
        await follower.until(() => touched(taskId)?.includes('shared.md'));
      }
      const pair = works.map(({ taskId }) => taskId).sort();
      const conflict = await follower.until((state) =>
        state.conflicts.find(({ tasks, kind }) => {
          return (
            kind === 'unmergeable' &&
            tasks
              .map(({ taskId }) => taskId)
              .sort()
              .join() === pair.join()
          );
        }),
      );
      expect(conflict.paths).toEqual(['shared.md']);
      await verifyRoom(server, born);
    });
  });

  it('loses its approval when the branch moves, also in the moment of the approval', async () => {
    const branch = await aBranch();
    write();
    await commit();
    const work = { ...(await claim()), gitBranch: branch, commit: await push(branch) };
    await accepted(agent, 'submit_work', work);
    const { taskId, commit: first } = work;
    const state = async () =>
      (await owner.request<{ task: Task }>('GET', `/api/rooms/${room.id}/tasks/${taskId}`)).task.state;
    const approve = (sha: string) =>
      accepted(person, 'review_task', { roomId: room.id, taskId, verdict: 'approved', sha });

    await approve(first);
    write();
    await commit();
    const second = await push(branch);
    await deliver(branch, first, second, []);
    await eventually(async () => (await state()) === 'in_review');
    await expect(approve(first)).rejects.toMatchObject({ code: 'head_moved' });

    // The branch is back for the look, and moves again before the approval is written; of that the room heard before.
    await nothingUnderWay(server);
    await git('push', '--quiet', '--force', 'origin', `${first}:refs/heads/${branch}`);
    provider.onAnswered = () => {
      provider.onAnswered = null;
      provider.git('update-ref', `refs/heads/${branch}`, second);
    };
    await approve(first);
    await eventually(async () => (await state()) === 'in_review');
  });
});
