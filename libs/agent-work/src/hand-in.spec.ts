import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { GitFailed, runAgent, type RunningAgent, type TaskSession } from '@clawtank/agent-sdk';
import { ContractServer } from '../../../test/agent-sdk/contract-server.js';
import { RoomRepository } from './room-repository.js';
import { handIn } from './hand-in.js';

jest.setTimeout(30_000); // git starts slowly on a busy machine

const BRANCH = 'clawtank/7-crusty';
const CHECK = { command: 'npm test', passed: true, outcome: 'passed in 1.0 s', output: 'all well' };

describe('handing in', () => {
  let folder: string;
  let bare: string;
  let server: ContractServer;
  let running: RunningAgent;
  const interruptions: GitFailed[] = [];
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'clawtank-hand-in-'));
    bare = join(folder, 'room.git');
    git(folder, 'init', '-q', '--bare', '-b', 'main', bare);
    const tree = git(bare, 'hash-object', '-t', 'tree', '-w', '/dev/null');
    const as = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com'];
    git(bare, 'update-ref', 'refs/heads/main', git(bare, ...as, 'commit-tree', tree, '-m', 'Start'));
    server = await ContractServer.start();
  });
  afterEach(async () => {
    await running.stop(0);
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  function git(cwd: string, ...args: string[]): string {
    return execFileSync('git', args, { cwd, encoding: 'utf8' }).trim();
  }

  /** Hands in a change as soon as the agent has a task; rejects with whatever kept it from that. */
  function handInOne(): Promise<string> {
    return new Promise((resolve, reject) => {
      const onTaskAssignment = async (session: TaskSession) => {
        await work(session).then(resolve, reject);
      };
      running = runAgent(
        { onTaskAssignment },
        { url: server.url, token: 'cta_test', stopOn: [], report: () => undefined },
      );
      running.client.once('connected', () => server.assign({ title: 'Say hello' }));
    });
  }

  async function work(session: TaskSession): Promise<string> {
    const access = { server: new URL(server.url), token: 'cta_test' };
    const address = { url: pathToFileURL(bare).href, defaultBranch: 'main' };
    const repository = new RoomRepository(join(folder, 'data'), address, access);
    await repository.refresh(session.signal);
    const worktree = await repository.checkOut(BRANCH, '7-1');
    writeFileSync(join(worktree.place.folder, 'hello.md'), 'Hello\n');
    const commit = await worktree.commitAll((tree, parent) =>
      Buffer.from(`tree ${tree}\nparent ${parent}\nauthor A <a@x> 0 +0000\ncommitter A <a@x> 0 +0000\n\nWork\n`),
    );
    const push = repository.push.bind(repository);
    repository.push = async (...args) => {
      const kept = interruptions.shift();
      if (kept) {
        throw kept;
      }
      await push(...args);
    };
    const finished = { commit, summary: 'Said hello with hunter2', checks: [CHECK] };
    await handIn(session, repository, worktree.place, finished, (text) => text.replaceAll('hunter2', '[secret]'));
    return commit;
  }

  it('pushes, proposes and submits the commit with its evidence', async () => {
    const commit = await handInOne();

    expect(git(bare, 'rev-parse', BRANCH)).toBe(commit);
    const [submitted] = server.askedFor('submit_work');
    expect(submitted?.request).toMatchObject({
      gitBranch: BRANCH,
      commit,
      description: expect.stringMatching(/^Said hello with \[secret\]\n\nChecks:\n- `npm test`: passed/),
      checks: [{ name: 'npm test', command: 'npm test', passed: true, summary: 'passed in 1.0 s\nall well' }],
    });
    expect(server.askedFor('open_pull_request')[0]?.request).toMatchObject({ head: BRANCH, title: 'Say hello' });
  });

  it('pushes nothing when the server, asked right before, says that the task is no longer the agent’s', async () => {
    server.refuse('lease_renew', 'lease_lost');

    await expect(handInOne()).rejects.toThrow('refused: lease_lost');

    expect(git(bare, 'branch', '--list', 'clawtank/*')).toBe('');
    expect(server.askedFor('submit_work')).toEqual([]);
  });

  it('pushes again what was interrupted on its way, and asks once more right before', async () => {
    interruptions.push(new GitFailed('The connection is gone', 'interrupted'));
    const asked = server.askedFor('lease_renew').length;

    const commit = await handInOne();

    expect(git(bare, 'rev-parse', BRANCH)).toBe(commit);
    expect(server.askedFor('submit_work')).toHaveLength(1);
    expect(server.askedFor('lease_renew').length - asked).toBeGreaterThanOrEqual(2);
  });

  it('goes on when the pull request is there already', async () => {
    server.refuse('open_pull_request', 'pull_request_exists');
    const commit = await handInOne();
    expect(server.askedFor('submit_work')[0]?.request.commit).toBe(commit);
  });

  it('hands in without a pull request where people open them, and says where', async () => {
    server.refuse('open_pull_request', 'not_mergeable');
    const commit = await handInOne();
    expect(server.askedFor('submit_work')[0]?.request.commit).toBe(commit);
    expect(server.askedFor('chat_message')[0]?.request.message).toBe(
      `Task 7 is ready for review on ${BRANCH}. refused: not_mergeable`,
    );
  });

  it('hands in again what cannot be looked at yet, as long as the task is its own', async () => {
    server.refuse('submit_work', 'unavailable', 10);
    server.refuse('submit_work', 'unavailable', 10);
    const commit = await handInOne();
    expect(server.askedFor('submit_work').map(({ request }) => request.commit)).toEqual([commit, commit, commit]);
  });

  it('does not hand in again what is refused', async () => {
    server.refuse('submit_work', 'commit_not_signed');
    await expect(handInOne()).rejects.toThrow('refused: commit_not_signed');
    expect(server.askedFor('submit_work')).toHaveLength(1);
  });
});
