import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { runAgent, type RunningAgent } from '@clawtank/agent-sdk';
import type { CommandName, TaskAssignment } from '@clawtank/contracts';
import { type Asked, ContractServer } from '../../../test/agent-sdk/contract-server.js';
import { ReferenceAgent } from './reference-agent.js';

jest.setTimeout(30_000); // git starts slowly on a busy machine

const TOKEN = 'cta_secret-of-the-agent';
const BRANCH = 'agent/crusty/task-7-say-hello';

let folder: string;
let bare: string;
let server: ContractServer;
let running: RunningAgent | undefined;
let problems: unknown[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'clawtank-agent-'));
  bare = join(folder, 'room.git');
  git(folder, 'init', '-q', '--bare', '-b', 'main', bare);
  commitToMain('README.md', 'Reef\n');
  server = await ContractServer.start();
  server.repository = { cloneUrl: pathToFileURL(bare).href, defaultBranch: 'main' };
  problems = [];
});
afterEach(async () => {
  await running?.stop(0);
  await server.stop();
  rmSync(folder, { recursive: true });
});

function git(cwd: string, ...args: string[]): string {
  const env = {
    ...process.env,
    ...{ GIT_AUTHOR_NAME: 'ada', GIT_AUTHOR_EMAIL: 'ada@x', GIT_COMMITTER_NAME: 'ada', GIT_COMMITTER_EMAIL: 'ada@x' },
  };
  return execFileSync('git', args, { cwd, env, encoding: 'utf8' }).trimEnd();
}

function commitToMain(file: string, text: string): void {
  const blob = execFileSync('git', ['hash-object', '-w', '--stdin'], {
    cwd: bare,
    input: text,
    encoding: 'utf8',
  }).trim();
  const tree = execFileSync('git', ['mktree'], {
    cwd: bare,
    input: `100644 blob ${blob}\t${file}\n`,
    encoding: 'utf8',
  }).trim();
  const parent = git(bare, 'for-each-ref', '--format=%(objectname)', 'refs/heads/main');
  const commit = git(bare, 'commit-tree', tree, '-m', 'Change main', ...(parent ? ['-p', parent] : []));
  git(bare, 'update-ref', 'refs/heads/main', commit);
}

async function start(): Promise<void> {
  const options = { url: server.url, token: TOKEN, workFolder: join(folder, 'work') };
  const agent = new ReferenceAgent(options);
  running = runAgent(agent, {
    ...options,
    keys: agent.keys,
    stopOn: [],
    report: (_doing, error) => problems.push(error),
  });
  await running.client.ready();
}

async function asked(name: CommandName, times = 1): Promise<Asked> {
  while (server.askedFor(name).length < times) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  return server.askedFor(name)[times - 1] as Asked;
}

const assign = (description: string): TaskAssignment => server.assign({ description, title: 'Say hello' });
const tip = (): string => git(bare, 'rev-parse', `refs/heads/${BRANCH}`);

describe('the reference agent', () => {
  it('turns a sentence into a pushed branch, a pull request, and submitted work', async () => {
    await start();
    const { taskId, roomId } = assign('@crusty create docs/hello.md with Hello');

    const said = await asked('chat_message');

    expect(git(bare, 'show', `${BRANCH}:docs/hello.md`)).toBe('Hello');
    expect(git(bare, 'diff', '--name-only', 'main', BRANCH)).toBe('docs/hello.md');
    expect(server.askedFor('open_pull_request')[0]?.request).toMatchObject({
      roomId,
      taskId,
      head: BRANCH,
      title: 'Create docs/hello.md',
    });
    expect(server.askedFor('submit_work')[0]?.request).toMatchObject({ taskId, gitBranch: BRANCH, commit: tip() });
    expect(said.request.message).toBe('Task 7 is ready for review in pull request #3: Create docs/hello.md');
    expect(server.askedFor('task_progress').map(({ request }) => request.note)).toEqual([
      'Fetching the repository',
      'Create docs/hello.md',
      `Pushing ${BRANCH}`,
      'Opening a pull request',
    ]);
    expect(problems).toEqual([]);
  });

  it('commits as itself, with trailers, and signs off for nobody', async () => {
    await start();
    const { taskId } = assign('create docs/hello.md with Hello');
    await asked('submit_work');

    const who = `crusty (agent) <${server.commitEmail}>`;
    expect(git(bare, 'log', '-1', '--format=%an <%ae>|%cn <%ce>', BRANCH)).toBe(`${who}|${who}`);
    expect(git(bare, 'log', '-1', '--format=%(trailers:only,unfold)', BRANCH)).toBe(
      `ClawTank-Task: ${taskId}\nClawTank-Agent: ${server.agentId}\nAssisted-by: clawtank-reference-agent\n`.trimEnd(),
    );
  });

  it('signs what it commits with the key that it registered', async () => {
    await start();
    assign('create docs/hello.md with Hello');
    await asked('submit_work');

    const allowed = join(folder, 'allowed');
    writeFileSync(
      allowed,
      `${server.commitEmail} ${server.askedFor('register_key')[0]?.request.publicKey as string}\n`,
    );
    const signed = git(bare, '-c', `gpg.ssh.allowedSignersFile=${allowed}`, 'log', '-1', '--format=%G? %GS', BRANCH);
    expect(signed).toBe(`G ${server.commitEmail}`);
  });

  it('continues after a restart with the commit that it pushed before, also when main has moved on', async () => {
    await start();
    server.refuse('open_pull_request', 'internal');
    const task = assign('create docs/hello.md with Hello');
    await asked('fail_task');
    await running?.stop(0);
    const pushed = tip();
    commitToMain('OTHER.md', 'Other\n');

    await start();
    server.refuse('open_pull_request', 'pull_request_exists');
    server.assign(task.task);
    const said = await asked('chat_message');

    expect(tip()).toBe(pushed);
    expect(server.askedFor('submit_work')[0]?.request.commit).toBe(pushed);
    expect(said.request.message).toBe('Task 7 is ready for review in its pull request: Create docs/hello.md');
  });

  it('does not push once the task is somebody else’s', async () => {
    await start();
    server.refuse('lease_renew', 'lease_lost');
    assign('create docs/hello.md with Hello');
    await asked('lease_renew');
    await running?.stop();

    expect(git(bare, 'branch', '--list', 'agent/*')).toBe('');
    expect(server.askedFor('fail_task')).toEqual([]);
    expect(problems).toEqual([]);
  });

  it.each([
    ['make it better', 'I do not understand “make it better”. I understand: create FILE with TEXT'],
    ['append x to nowhere.md', 'There is no file nowhere.md'],
    ['create README.md with "Reef"', 'There is nothing to change'],
    ['create ../x with y', '../x is not a path inside the repository'],
  ])('asked to %j fails the task and says why', async (description, reason) => {
    await start();
    assign(description);

    const failed = await asked('fail_task');

    expect(failed.request).toMatchObject({ retryable: false });
    expect(failed.request.reason).toContain(reason);
    expect(git(bare, 'branch', '--list', 'agent/*')).toBe('');
    expect(problems).toEqual([]);
  });

  it('lets another try when the repository cannot be reached', async () => {
    await start();
    server.repository = { cloneUrl: pathToFileURL(join(folder, 'nowhere.git')).href, defaultBranch: 'main' };
    assign('create docs/hello.md with Hello');

    expect((await asked('fail_task')).request).toMatchObject({ retryable: true });
  });

  it('leaves its token in no file, and no worktree behind', async () => {
    await start();
    const { roomId } = assign('create docs/hello.md with Hello');
    await asked('chat_message');
    await running?.stop();

    const work = join(folder, 'work', server.agentId, roomId);
    expect(readdirSync(work)).toEqual(['mirror.git']);
    const found = execFileSync('sh', [
      '-c',
      `grep -rlF -e "$1" -e "$2" "$3" || true`,
      'sh',
      TOKEN,
      basic(),
      join(folder, 'work'),
    ]);
    expect(found.toString()).toBe('');
  });
});

const basic = (): string => Buffer.from(`agent:${TOKEN}`).toString('base64');
