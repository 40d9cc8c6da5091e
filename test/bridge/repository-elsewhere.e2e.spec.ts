import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConnectedRepository, Task } from '@clawtank/contracts';
import { GitProvider } from '../support/git-provider.js';
import { accepted, eventually } from '../support/people.js';
import { hmac, post } from '../git/webhooks.support.js';
import { Scene, Server } from './scene.js';

describe.each(['github', 'gitlab'] as const)('clawtank-bridge in a room that works at %s', (kind) => {
  let provider: GitProvider;
  let server: Server;
  let scene: Scene;
  let connection: ConnectedRepository;

  beforeAll(async () => {
    provider = await GitProvider.start();
    server = await Server.start({
      GITHUB_CLIENT_ID: 'id',
      GITHUB_CLIENT_SECRET: 'secret',
      GITHUB_BASE_URL: provider.url,
      GITLAB_CLIENT_ID: 'id',
      GITLAB_CLIENT_SECRET: 'secret',
      GITLAB_BASE_URL: provider.url,
      TASK_LEASE_SECONDS: '3',
    });
  }, 120_000);
  afterAll(async () => {
    await server.stop();
    await provider.stop();
  });
  beforeEach(async () => {
    scene = await Scene.set(server);
    connection = await scene.owner.request('POST', `/api/rooms/${scene.room.id}/git`, provider.connection(kind));
    scene.script({ turns: [[{ write: ['hello.md', 'Hello\n'] }, { say: 'I wrote a greeting.' }]] });
  });
  afterEach(async () => {
    await scene.leave();
    Object.assign(provider, { outage: null, onAnswered: null });
    provider.unprotect();
    provider
      .branches()
      .filter((one) => one !== 'trunk')
      .forEach((one) => provider.git('branch', '-D', one));
  });

  /** The owner's git signs in at the provider by itself, as a helper of git's keeps it. */
  function signIn(token: string): void {
    writeFileSync(join(scene.folder, '.gitconfig'), '[credential]\n\thelper = store\n');
    writeFileSync(join(scene.folder, '.git-credentials'), `${provider.url.replace('://', `://x:${token}@`)}\n`);
  }
  const bring = (env: NodeJS.ProcessEnv = {}) => scene.join(['--repository', provider.webUrl], env);
  const branchOf = ({ number }: Task) => `clawtank/${number}-${scene.agent.name}`;
  const failureOf = (task: Task, words: RegExp) =>
    eventually(async () => words.exec((await scene.task(task)).failure ?? ''), 20_000);
  const examine = async (...args: string[]) => {
    const bridge = scene.run(
      ['doctor', scene.roomUrl, '--data', join(scene.folder, 'examined'), ...args, '--', ...scene.agentCommand],
      { CLAWTANK_TOKEN: scene.agent.token },
    );
    return { code: await bridge.ended, output: bridge.output };
  };

  it('turns a mention into a signed commit there, by the owner’s own credentials, which nobody else sees', async () => {
    signIn(provider.writing);
    scene.script({ turns: [[{ write: ['hello.md', 'Hello\n'] }]], showsEnvironment: true });
    const bridge = bring();
    await bridge.says(/is connected/);
    const message = `@${scene.agent.name} please add hello.md`;
    await accepted(scene.socket, 'chat_message', { roomId: scene.room.id, message, clientMessageId: randomUUID() });
    const task = await scene.follower.until(({ tasks }) => tasks[0]);

    const { submittedSha } = await scene.reaches(task, 'in_review');

    expect(provider.tip(branchOf(task))).toBe(submittedSha);
    expect(provider.git('show', `${branchOf(task)}:hello.md`)).toBe('Hello');
    expect(provider.git('rev-parse', `${branchOf(task)}^`)).toBe(provider.tip('trunk'));
    expect(provider.git('cat-file', 'commit', branchOf(task))).toContain('gpgsig -----BEGIN SSH SIGNATURE-----');
    const pushes = provider.asked.filter(({ path }) => path.includes('receive-pack'));
    const basic = `Basic ${Buffer.from(`x:${provider.writing}`).toString('base64')}`;
    expect(new Set(pushes.map(({ authorization }) => authorization))).toEqual(new Set([null, basic]));
    const kept = execFileSync('sh', ['-c', 'grep -rlF -e "$1" "$2" || true', 'sh', provider.writing, scene.folder]);
    expect(kept.toString().trim()).toBe(join(scene.folder, '.git-credentials'));
    expect(bridge.output).not.toContain(provider.writing);

    const said = await scene.follower.until(({ messages }) =>
      messages.find(({ message: text }) => text.includes('ready for review')),
    );
    expect(said.message).toContain(provider.webUrl);
    expect(said.message).toContain(kind === 'github' ? '/compare/trunk...clawtank/' : '/-/merge_requests/new?');
  });

  it('is shown with its task once somebody opens the pull request there', async () => {
    signIn(provider.writing);
    bring();
    const task = await scene.give('Write hello.md');
    const { submittedSha } = await scene.reaches(task, 'in_review');

    const at = new Date().toISOString();
    const body = JSON.stringify(
      kind === 'github'
        ? aPullRequest(branchOf(task), submittedSha ?? '', at)
        : aMergeRequest(branchOf(task), submittedSha ?? '', at),
    );
    const { webhookSecret: secret, webhookUrl } = connection;
    const headers: Record<string, string> =
      kind === 'github'
        ? {
            'x-github-event': 'pull_request',
            'x-github-delivery': randomUUID(),
            'x-hub-signature-256': hmac(secret, body),
          }
        : { 'x-gitlab-event': 'Merge Request Hook', 'x-gitlab-token': secret, 'idempotency-key': randomUUID() };
    expect((await post(webhookUrl, body, headers)).status).toBe(202);

    await eventually(async () => (await scene.task(task)).pullRequest === 5);
  });

  it('does not begin without credentials, says so, and does the task when it is given again', async () => {
    bring();
    const task = await scene.give('Write hello.md');
    await failureOf(task, /has no credentials for .*octo\/tank .*could not read Username/);
    expect(scene.noted('prompt')).toEqual([]);

    signIn(provider.writing);
    const again = { roomId: scene.room.id, taskId: task.id, agentId: scene.agent.id };
    await accepted(scene.socket, 'update_task', again);
    await scene.reaches(task, 'in_review');
  });

  it('does not begin with credentials that may only read', async () => {
    signIn(provider.reading);
    bring();
    await failureOf(await scene.give('Write hello.md'), /has no credentials for .*octo\/tank that let it push.*403/);
    expect(scene.noted('prompt')).toEqual([]);
  });

  it('has a doctor who tries whether one may push, and pushes nothing', async () => {
    signIn(provider.reading);
    expect(await examine('--repository', provider.webUrl)).toMatchObject({
      code: 1,
      output: expect.stringMatching(
        /✗ Repository +your git cannot push to .*octo\/tank\.git\n +→ .*signs in there with git’s/,
      ) as string,
    });
    signIn(provider.writing);
    expect(await examine('--repository', provider.webUrl)).toMatchObject({
      code: 0,
      output: expect.stringMatching(/✓ Repository +your git can push to /) as string,
    });
    expect((await examine()).output).toMatch(/✗ Repository +your git cannot push to .*\n +→ .*--repository/);
    expect(provider.branches()).toEqual(['trunk']);
  });

  it('uses the owner’s credentials for no repository that its owner did not name', async () => {
    signIn(provider.writing);
    provider.asked.length = 0;
    scene.join(['--repository', `${provider.url}/octo/other`]);
    const task = await scene.give('Write hello.md');
    await failureOf(task, /has to allow it to work there .*: by --repository http:\S+octo\/tank\.git/);
    expect(provider.asked).toEqual([]);
  });

  it('says what the provider says when it refuses the push, and keeps the work', async () => {
    signIn(provider.writing);
    provider.protect('clawtank/*', 'GH006: Protected branch update failed');
    const bridge = bring();
    const task = await scene.give('Write hello.md');

    expect((await scene.reaches(task, 'failed')).failure).toMatch(
      /refuses the push; .*GH006: Protected branch update failed.*hook declined/,
    );
    const [, folder = ''] = /is kept in (\S+)/.exec(bridge.output) ?? [];
    expect(existsSync(join(folder, 'hello.md'))).toBe(true);
    expect(provider.branches()).toEqual(['trunk']);
  });

  it('waits with what is pushed while the provider is down, and hands it in once', async () => {
    signIn(provider.writing);
    provider.onAnswered = () => {
      provider.outage = provider.branches().length > 1 ? 503 : null;
    };
    bring();
    const task = await scene.give('Write hello.md');
    await eventually(() => provider.outage !== null, 20_000);
    provider.asked.length = 0;
    await eventually(() => provider.asked.length >= 2, 20_000); // the server looks for the branch, and again when it was not told

    Object.assign(provider, { outage: null, onAnswered: null });

    await scene.reaches(task, 'in_review');
    expect(scene.follower.events.filter(({ type }) => type === 'task.submitted')).toHaveLength(1);
    expect(scene.follower.events.filter(({ type }) => type === 'task.released')).toEqual([]);
  });

  it('pushes nothing when another agent has the task', async () => {
    signIn(provider.writing);
    scene.script({ turns: [[{ write: ['hello.md', 'Hello\n'] }, { sleep: 1000 }]] });
    const bridge = bring();
    const task = await scene.give('Write hello.md');
    await scene.notes('prompt');
    bridge.signal('SIGSTOP');
    await scene.reaches(task, 'open');
    await scene.anotherAgentClaims(task);

    bridge.signal('SIGCONT');
    await bridge.says(/stopped, it is no longer mine/);

    expect(provider.branches()).toEqual(['trunk']);
    expect(readdirSync(join(scene.dataFolder, 'agents', scene.agent.id, 'journal'))).toEqual([]);
  });

  it('runs no hook of the owner’s, and asks nobody anything', async () => {
    rmSync(join(scene.folder, '.git-credentials'), { force: true });
    const trap = join(scene.folder, 'trap');
    const hooks = join(scene.folder, 'hooks');
    execFileSync('mkdir', [hooks]);
    for (const name of ['pre-push', 'reference-transaction', 'post-checkout']) {
      writeFileSync(join(hooks, name), `#!/bin/sh\necho ${name} >> ${trap}\n`, { mode: 0o755 });
    }
    const asking = join(scene.folder, 'ask');
    writeFileSync(asking, `#!/bin/sh\necho asked >> ${trap}\nsleep 60\n`, { mode: 0o755 });
    const helper = `!f() { test "$1" = get && echo username=x && echo password=${provider.writing}; }; f`;
    execFileSync('git', ['config', '--file', join(scene.folder, '.gitconfig'), 'core.hooksPath', hooks]);
    const credentials = `credential.${provider.url}.helper`;
    execFileSync('git', ['config', '--file', join(scene.folder, '.gitconfig'), credentials, helper]);
    bring({ SSH_ASKPASS: asking, DISPLAY: ':0' });

    await scene.reaches(await scene.give('Write hello.md'), 'in_review');
    rmSync(join(scene.folder, '.gitconfig'));
    await failureOf(await scene.give('Write another'), /has no credentials/);

    expect(existsSync(trap)).toBe(false);
  });
});

const ada = { id: 7, login: 'ada' };

const aPullRequest = (branch: string, sha: string, at: string) => ({
  action: 'opened',
  number: 5,
  repository: { id: 42 },
  sender: ada,
  pull_request: {
    ...{ number: 5, title: 'Say hello', body: '', state: 'open', merged: false, merge_commit_sha: null, user: ada },
    head: { ref: branch, label: `octo:${branch}`, sha, repo: { id: 42 } },
    base: { ref: 'trunk', label: 'octo:trunk', repo: { id: 42 } },
    ...{ additions: 1, deletions: 0, commits: 1, created_at: at, updated_at: at, merged_at: null },
    html_url: 'https://github.com/octo/tank/pull/5',
  },
});

const aMergeRequest = (branch: string, sha: string, at: string) => ({
  object_kind: 'merge_request',
  user: { id: 7, username: 'ada', name: 'Ada' },
  project: { id: 42 },
  object_attributes: {
    ...{ iid: 5, action: 'open', title: 'Say hello', description: '', state: 'opened', author_id: 7 },
    ...{ source_branch: branch, target_branch: 'trunk', source_project_id: 42, target_project_id: 42 },
    ...{ last_commit: { id: sha }, merge_commit_sha: null, created_at: at, updated_at: at },
    url: 'https://gitlab.com/octo/tank/-/merge_requests/5',
  },
});
