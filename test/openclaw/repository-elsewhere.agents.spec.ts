import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Task } from '@clawtank/contracts';
import { GitProvider } from '../support/git-provider.js';
import { accepted } from '../support/people.js';
import { doTask, playOnStage, type Stage, TEST_MS } from './stage.js';

describe('an OpenClaw agent in a room that works at GitHub', () => {
  let stage: Stage;
  let provider: GitProvider;
  beforeAll(async () => void (provider = await GitProvider.start()));
  playOnStage(
    async (set) => {
      stage = set;
      await stage.owner.request('POST', `/api/rooms/${stage.reef.id}/git`, provider.connection('github'));
      stage.model.script = doTask;
      await stage.startGateway();
      signIn(provider.writing);
    },
    () => ({ GITHUB_CLIENT_ID: 'id', GITHUB_CLIENT_SECRET: 'secret', GITHUB_BASE_URL: provider.url }),
  );
  afterAll(() => provider?.stop());

  /** The owner's git signs in at the provider by itself, as a helper of git's keeps it. */
  function signIn(token: string): void {
    const home = join(stage.gateway.folder, 'home');
    writeFileSync(join(home, '.gitconfig'), '[credential]\n\thelper = store\n');
    writeFileSync(join(home, '.git-credentials'), `${provider.url.replace('://', `://x:${token}@`)}\n`);
  }

  async function give({ id, roomId }: Task): Promise<void> {
    const socket = await stage.owner.connect();
    await accepted(socket, 'update_task', { roomId, taskId: id, agentId: stage.agent.id, commandId: randomUUID() });
    socket.close();
  }

  const branchOf = ({ number }: Task): string => `clawtank/${number}-${stage.agent.name}`;

  it(
    'takes its owner’s credentials nowhere until its owner names the repository, and then hands in a signed commit there',
    async () => {
      provider.asked.length = 0;
      const task = await stage.taskOf(await stage.say(`@${stage.agent.name} please add a file that says hello`));
      await stage.happens(async () => /has to allow it to work there/.test((await stage.taskNow(task)).failure ?? ''));
      expect((await stage.taskNow(task)).failure).toContain(
        `by "repositories": {"${stage.reef.id}": "${provider.webUrl}.git"} in channels.clawtank`,
      );
      expect(stage.model.turns).toEqual([]);
      expect(provider.asked.filter(({ authorization }) => authorization === basic(provider.writing))).toEqual([]);

      await stage.gateway.configure({
        channels: { clawtank: { repositories: { [stage.reef.id]: provider.webUrl } } },
      });
      await stage.happens(() => stage.gateway.output.split('[clawtank] connected as').length > 2);
      await give(task);
      const { submittedSha } = await stage.reaches(task, 'in_review');

      const branch = branchOf(task);
      expect(provider.tip(branch)).toBe(submittedSha);
      expect(provider.git('show', `${branch}:hello.txt`)).toBe('Hello, reef.');
      expect(provider.git('rev-parse', `${branch}^`)).toBe(provider.tip('trunk'));
      expect(provider.git('cat-file', 'commit', branch)).toContain('gpgsig -----BEGIN SSH SIGNATURE-----');
      const pushes = provider.asked.filter(({ path }) => path.includes('receive-pack'));
      expect(new Set(pushes.map(({ authorization }) => authorization))).toEqual(
        new Set([null, basic(provider.writing)]),
      );
      const said = await stage.happens(async () =>
        (await stage.said()).find(({ message }) => message.includes('ready for review')),
      );
      expect(said.message).toContain(`${provider.webUrl}/compare/trunk...clawtank/`);
    },
    TEST_MS,
  );

  it(
    'keeps what the provider does not take, and tells the room',
    async () => {
      provider.protect('clawtank/*');
      stage.model.script = (turn) =>
        turn.results.some((result) => result.includes('refuses the push')) ? { say: 'So be it.' } : doTask(turn);
      const task = await stage.taskOf(await stage.say(`@${stage.agent.name} please add a file that says hello again`));
      expect((await stage.reaches(task, 'failed')).failure).toMatch(
        /refuses the push; .*GH006: Protected branch update failed/,
      );
      provider.unprotect();
      // The agent takes one task after another: what there is to clear away of the first one is gone once the next is done.
      const next = await stage.taskOf(
        await stage.say(`@${stage.agent.name} please add a file that says hello at last`),
      );
      await stage.reaches(next, 'in_review');
      const folder = join(stage.gateway.workspace, 'clawtank', stage.reef.id, `task-${task.number}`);
      expect(readFileSync(join(folder, 'hello.txt'), 'utf8')).toBe('Hello, reef.\n');
      expect(provider.branches()).not.toContain(branchOf(task));
    },
    TEST_MS,
  );

  it('shows nobody its owner’s credentials', () => {
    const { writing } = provider;
    const kept = execFileSync('sh', ['-c', 'grep -rlF -e "$1" "$2" || true', 'sh', writing, stage.gateway.folder]);
    expect(kept.toString().trim()).toBe(join(stage.gateway.folder, 'home', '.git-credentials'));
    expect(stage.gateway.log + stage.gateway.output).not.toContain(writing);
    expect(JSON.stringify(stage.model.turns)).not.toContain(writing);
  });
});

const basic = (token: string): string => `Basic ${Buffer.from(`x:${token}`).toString('base64')}`;
