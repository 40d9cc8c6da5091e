import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { signedCommit } from '@clawtank/agent-sdk';
import type { NewAccessToken, PullRequest, PullRequestDiff, Room, UserReputation } from '@clawtank/contracts';
import { DataSource } from 'typeorm';
import { RoomSnapshot } from '../../apps/api/src/rooms/index.js';
import { type Signer, signerOf } from '../support/agent-key.js';
import { startTestServer, type TestServer } from '../support/app.js';
import { Follower } from '../support/follower.js';
import { accepted, connect, eventually, Person, request } from '../support/people.js';
import { verifyRoom } from '../support/verify-room.js';

const run = promisify(execFile);

/** A clone of the room's repository, as somebody with a token has it. */
class Clone {
  private constructor(private readonly path: string) {}

  static async of(server: TestServer, room: Room, token: string): Promise<Clone> {
    const path = mkdtempSync(join(tmpdir(), 'clawtank-clone-'));
    const url = new URL(`${server.url}${room.gitRepo}`);
    url.username = 'git';
    url.password = token;
    await run('git', ['clone', '--quiet', url.href, path]);
    const clone = new Clone(path);
    await clone.git('config', 'user.name', 'Somebody');
    await clone.git('config', 'user.email', 'somebody@example.com');
    return clone;
  }

  async git(...args: string[]): Promise<string> {
    const { stdout } = await run('git', ['-C', this.path, ...args], {
      env: { ...process.env, GIT_TERMINAL_PROMPT: '0' },
    });
    return stdout.trim();
  }

  async commitAndPush(branch: string, file: string, text: string, signer?: Signer): Promise<string> {
    await this.git('switch', '--quiet', '-C', branch, 'origin/main');
    writeFileSync(join(this.path, file), text);
    const message = `Write ${file}`;
    if (signer) {
      await signedCommit({ worktree: this.path, name: 'Somebody', message, ...signer });
    } else {
      await this.git('add', '.');
      await this.git('commit', '--quiet', '-m', message);
    }
    await this.git('push', '--quiet', '--force', 'origin', branch);
    return this.git('rev-parse', 'HEAD');
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

describe('a room’s own repository', () => {
  let server: TestServer;
  let ann: Person;
  let bob: Person;
  let room: Room;
  let agent: { id: string; token: string };
  let clone: Clone;

  beforeAll(async () => {
    server = await startTestServer();
    ann = await Person.register(server.url);
    bob = await Person.register(server.url);
    room = await ann.createRoomWithRepository({ visibility: 'public' });
    await ann.invite(room.id, bob);
    const created = await ann.bringAgent(room.id);
    agent = { id: created.agent.id, token: created.token };
    clone = await Clone.of(server, room, agent.token);
    await ann.giveWork(room.id, agent.token);
  });
  afterAll(async () => {
    clone?.remove();
    await server.close();
  });

  const openPullRequest = (head: string, title = `Merge ${head}`) =>
    request<PullRequest>(server.url, 'POST', `/api/rooms/${room.id}/pulls`, {
      token: agent.token,
      body: { title, head },
    });
  const merge = (person: Person, pullRequest: PullRequest) =>
    person.request<PullRequest>('POST', `/api/rooms/${room.id}/pulls/${pullRequest.number}/merge`, {
      headSha: pullRequest.headSha,
    });

  it('turns a push, a pull request and a merge into room activity and XP, once, for every reader alike', async () => {
    const old = await server.app.get(RoomSnapshot, { strict: false }).read(room.id);
    const follower = await Follower.join(await bob.connect(), room.id);
    const sha = await clone.commitAndPush('agent/hello', 'hello.md', '# Hello\n');
    const pushed = await follower.until(() => follower.events.find(({ type }) => type === 'git.commit'));
    expect(pushed).toMatchObject({
      actor: { type: 'agent', id: agent.id },
      data: { push: { branch: 'agent/hello', after: sha, filesChanged: ['hello.md'] } },
    });

    const opened = await openPullRequest('agent/hello', 'Say hello');
    expect(opened).toMatchObject({
      state: 'open',
      headSha: sha,
      commits: 1,
      additions: 1,
      files: [{ path: 'hello.md', status: 'added' }],
      mergeability: { state: 'clean' },
    });
    await follower.until((state) =>
      state.pullRequests.find(({ number, mergeability }) => number === opened.number && mergeability.state === 'clean'),
    );

    const merged = await merge(bob, opened);
    expect(merged).toMatchObject({ state: 'merged', mergedBy: { id: bob.id } });
    await follower.until(() => follower.events.find(({ type }) => type === 'xp.awarded'));
    expect(follower.events.filter(({ type }) => type === 'git.pr_merged')).toHaveLength(1);
    expect(follower.events.filter(({ type }) => type === 'xp.awarded')).toMatchObject([
      { data: { userId: ann.id, amount: 10, totalXP: 10 } },
    ]);

    const reputation = await bob.request<UserReputation>('GET', `/api/users/${ann.id}/reputation`);
    expect(reputation).toMatchObject({
      totalXP: 10,
      level: 1,
      contributions: { mergedPRs: 1 },
      recentActivity: [{ type: 'merged_pr', xpAwarded: 10, roomId: room.id }],
    });

    const { files } = await bob.request<PullRequestDiff>('GET', `/api/rooms/${room.id}/pulls/${opened.number}/diff`);
    expect(files).toMatchObject([{ path: 'hello.md', patch: expect.stringContaining('+# Hello') as string }]);
    await verifyRoom(server, old);
    follower.socket.close();
  });

  it('awards nothing more when the same deliveries arrive again', async () => {
    const before = await ann.request<UserReputation>('GET', `/api/users/${ann.id}/reputation`);
    await server.app.get(DataSource).query(`UPDATE webhook_deliveries SET processed_at = NULL`);
    await server.app
      .get(DataSource)
      .query(`UPDATE hook_deliveries SET delivered_at = NULL, created_at = now() - interval '1 hour'`);
    await eventually(async () => {
      const [row] = await server.app
        .get(DataSource)
        .query<{ waiting: string }[]>(
          `SELECT (SELECT count(*) FROM hook_deliveries WHERE delivered_at IS NULL) + (SELECT count(*) FROM webhook_deliveries WHERE processed_at IS NULL) AS waiting`,
        );
      return row?.waiting === '0';
    }, 25_000);
    expect(await ann.request<UserReputation>('GET', `/api/users/${ann.id}/reputation`)).toEqual(before);
  }, 60_000);

  it('refuses a push to the default branch and says what to do instead', async () => {
    await clone.git('fetch', '--quiet');
    await clone.git('switch', '--quiet', '-C', 'main', 'origin/main');
    await clone.git('commit', '--quiet', '--allow-empty', '-m', 'straight to main');
    await expect(clone.git('push', 'origin', 'main')).rejects.toThrow(/changes only by merging/);
  });

  it('is closed to strangers, and to people without a token', async () => {
    const stranger = await Person.register(server.url);
    const { token } = await stranger.request<NewAccessToken>('POST', '/api/auth/tokens', { name: 'laptop' });
    await expect(Clone.of(server, room, token)).rejects.toThrow(/404|not found/i);
    await expect(Clone.of(server, room, 'nonsense')).rejects.toThrow(/Authentication failed|401|could not read/i);
  });

  it('lets a member clone with a personal token', async () => {
    const { token } = await bob.request<NewAccessToken>('POST', '/api/auth/tokens', { name: 'laptop' });
    const own = await Clone.of(server, room, token);
    expect(await own.git('log', '--format=%s', '-1', 'origin/main')).toMatch(/Merge pull request|Start/);
    own.remove();
  });

  it('does not merge what moved since it was looked at', async () => {
    await clone.git('fetch', '--quiet');
    await clone.commitAndPush('agent/moving', 'moving.md', 'one\n');
    const opened = await openPullRequest('agent/moving');
    await clone.commitAndPush('agent/moving', 'moving.md', 'two\n');
    await expect(merge(bob, opened)).rejects.toMatchObject({ problem: { code: 'head_moved' } });
  });

  it('says which files conflict, also in pull requests that a merge made conflict', async () => {
    await clone.git('fetch', '--quiet');
    await clone.commitAndPush('agent/left', 'same.md', 'left\n');
    await clone.commitAndPush('agent/right', 'same.md', 'right\n');
    const [left, right] = [await openPullRequest('agent/left'), await openPullRequest('agent/right')];
    const follower = await Follower.join(await bob.connect(), room.id);
    await merge(bob, left);
    const conflicting = await follower.until((state) =>
      state.pullRequests.find(
        ({ number, mergeability }) => number === right.number && mergeability.state === 'conflict',
      ),
    );
    expect(conflicting.mergeability.conflicts).toEqual(['same.md']);
    await expect(merge(bob, right)).rejects.toMatchObject({ problem: { code: 'not_mergeable' } });
    follower.socket.close();
  });

  it('merges once however often it is asked at the same moment', async () => {
    await clone.git('fetch', '--quiet');
    await clone.commitAndPush('agent/once', 'once.md', 'once\n');
    const opened = await openPullRequest('agent/once');
    const answers = await Promise.all(Array.from({ length: 8 }, () => merge(bob, opened)));
    expect(new Set(answers.map(({ mergeSha }) => mergeSha)).size).toBe(1);
  });

  it('lets no agent merge', async () => {
    await clone.git('fetch', '--quiet');
    await clone.commitAndPush('agent/self', 'self.md', 'self\n');
    const opened = await openPullRequest('agent/self');
    await expect(
      request(server.url, 'POST', `/api/rooms/${room.id}/pulls/${opened.number}/merge`, {
        token: agent.token,
        body: { headSha: opened.headSha },
      }),
    ).rejects.toMatchObject({ problem: { code: 'forbidden' } });
  });

  it('takes work in only with the branch that is said to hold it, and completes the task when it is merged', async () => {
    await clone.git('fetch', '--quiet');
    const agentSocket = await connect(server.url, '/agents', agent.token);
    const socket = await ann.connect();
    const follower = await Follower.join(socket, room.id);
    const task = await accepted(socket, 'create_task', {
      roomId: room.id,
      description: 'write work.md',
      agentId: agent.id,
    });
    const { lease } = await accepted(agentSocket, 'claim_task', { roomId: room.id, taskId: task.id });
    const held = { roomId: room.id, taskId: task.id, leaseId: lease.leaseId };
    const work = { ...held, gitBranch: 'agent/work', commit: 'f'.repeat(40) };
    await expect(accepted(agentSocket, 'submit_work', work)).rejects.toMatchObject({ code: 'branch_missing' });
    const sha = await clone.commitAndPush('agent/work', 'work.md', 'work\n', await signerOf(agentSocket));
    await expect(accepted(agentSocket, 'submit_work', work)).rejects.toMatchObject({ code: 'evidence_missing' });
    const opened = await accepted(agentSocket, 'open_pull_request', {
      roomId: room.id,
      title: 'Work',
      head: 'agent/work',
      taskId: task.id,
    });
    expect(await accepted(agentSocket, 'submit_work', { ...work, commit: sha })).toMatchObject({
      state: 'in_review',
      branch: 'agent/work',
    });
    await merge(bob, opened);
    await follower.until((state) =>
      state.tasks.find(({ id, state: taskState }) => id === task.id && taskState === 'done'),
    );
    expect(follower.state.tasks.find(({ id }) => id === task.id)).toMatchObject({ pullRequest: opened.number });
    await expect(accepted(agentSocket, 'task_progress', { ...held, note: 'late' })).rejects.toMatchObject({
      code: 'lease_lost',
    });
    agentSocket.close();
    socket.close();
  });
});
