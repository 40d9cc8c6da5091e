import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { changedFiles, diff } from '../../apps/api/src/git/hosting/changes.js';
import { isBranchName } from '../../apps/api/src/git/hosting/domain/ref-name.js';
import { Git, GitFailed } from '../../apps/api/src/git/hosting/git-command.js';
import { commitsBetween, isAncestor } from '../../apps/api/src/git/hosting/history.js';
import { rawCommits } from '../../apps/api/src/git/hosting/raw-commits.js';
import { diffRefs, listRefs, resolveCommit } from '../../apps/api/src/git/hosting/refs.js';
import type { HostedRepositories } from '../../apps/api/src/git/hosting/repository-store.js';
import { aFolder, aRepository, commitTo, fileAt, MAIN, openHosting } from './hosting.support.js';

const TOPIC = 'refs/heads/topic';
const ODD_NAMES = [
  'say "hi".txt',
  'two\nlines.txt',
  'tab\there',
  'naïve – 雪.md',
  ' blanks ',
  "it's",
  'back\\slash',
  '-x',
];

describe('hosted repositories', () => {
  let folder: Awaited<ReturnType<typeof aFolder>>;
  let repositories: HostedRepositories;

  beforeAll(async () => {
    folder = await aFolder();
    repositories = await openHosting(join(folder.path, 'repositories'));
  });
  afterAll(() => folder.remove());

  describe('the store', () => {
    it('makes a repository with a first commit by ClawTank', async () => {
      const repository = await aRepository(repositories);

      const { stdout } = await repository.run(['log', '--format=%an <%ae>|%cn <%ce>|%s', 'refs/heads/main']);
      expect(stdout.toString()).toBe(
        'ClawTank <noreply@clawtank.invalid>|ClawTank <noreply@clawtank.invalid>|Start the repository\n',
      );
      expect(await fileAt(repository, MAIN, 'README.md')).toBe('# Tank\n');
      expect((await repository.run(['symbolic-ref', 'HEAD'])).stdout.toString().trim()).toBe(MAIN);
    });

    it('gives ten who make the same repository at once the same one', async () => {
      const roomId = randomUUID();
      const made = await Promise.all(
        Array.from({ length: 10 }, (_, n) =>
          repositories.create(roomId, { defaultBranch: 'main', readme: `made by ${n}\n` }),
        ),
      );
      const heads = await Promise.all(made.map((repository) => resolveCommit(repository, MAIN)));

      expect(new Set(heads).size).toBe(1);
      expect(await readdir(join(folder.path, 'repositories/.clawtank/workshop'))).toEqual([]);
    });

    it('keeps what is there when it is made again', async () => {
      const repository = await aRepository(repositories);
      const sha = await commitTo(repository, MAIN, { files: { 'a.txt': 'a\n' } });

      await repositories.create(repository.roomId, { defaultBranch: 'main', readme: 'Again\n' });

      expect(await resolveCommit(repository, MAIN)).toBe(sha);
    });

    it('removes a repository, and again without complaint', async () => {
      const { roomId } = await aRepository(repositories);

      await repositories.remove(roomId);
      await repositories.remove(roomId);

      expect(await repositories.exists(roomId)).toBe(false);
    });

    it.each(['../../etc', '', 'ABC', `${randomUUID()}/..`])('knows no room %j', (roomId) => {
      expect(() => repositories.at(roomId)).toThrow(TypeError);
    });
  });

  describe('git itself', () => {
    it('hears nothing of the settings around it', async () => {
      const surroundings = { GIT_AUTHOR_NAME: 'Mallory', GIT_AUTHOR_EMAIL: 'm@x', GIT_OBJECT_DIRECTORY: '/nowhere' };
      Object.assign(process.env, surroundings);
      try {
        const repository = await aRepository(repositories);
        const { stdout } = await repository.run(['var', 'GIT_AUTHOR_IDENT'], { answers: [0, 128] });
        expect(stdout.toString()).not.toContain('Mallory');
      } finally {
        Object.keys(surroundings).forEach((name) => delete process.env[name]);
      }
    });

    it('is stopped at its limits of time and output, and tells users nothing of paths', async () => {
      const repository = await aRepository(repositories);

      const waiting = repository.start(['cat-file', '--batch'], { timeLimitMs: 50 });
      waiting.stdout.resume();
      expect(await waiting.finished).toMatchObject({ failure: 'time_limit' });
      await expect(repository.run(['log'], { maxOutputBytes: 10 })).rejects.toMatchObject({ failure: 'output_limit' });
      const failed = await repository.run(['cat-file', '-p', 'refs/heads/none']).catch((error: unknown) => error);
      expect(failed).toBeInstanceOf(GitFailed);
      expect(failed).toMatchObject({ failure: 'exit', exitCode: 128, message: 'git cat-file failed (exit code 128)' });
    });

    it('says so when it cannot be started', async () => {
      await expect(new Git(join(folder.path, 'nowhere')).run(['version'])).rejects.toMatchObject({
        failure: 'not_started',
      });
    });

    it('takes the same names for branches as the host does', () => {
      const nasty = [
        'main', 'feature/x', 'a.b', 'ünï-雪', '@', 'a@b', '', '.', '..', 'a..b', '.a', 'a/.b', 'a.', 'a.lock', 'a.lock/b',
        'a/', '/a', 'a//b', 'a b', 'a~b', 'a^b', 'a:b', 'a?b', 'a*b', 'a[b', 'a]b', 'a\\b', 'a@{b', '@{', 'a{b', '-a', 'a-',
        '--end-of-options', 'HEAD', 'head', 'a/HEAD', 'a\tb', 'a\nb', 'a\u007fb', 'a\u0080b', '$(x)', ';x', '`x`', 'refs/heads/x',
      ]; // prettier-ignore
      const takenByGit = nasty.filter((name) => {
        try {
          execFileSync('git', ['check-ref-format', '--branch', name], { cwd: '/', stdio: 'ignore' });
          return true;
        } catch {
          return false;
        }
      });

      expect(nasty.filter(isBranchName)).toEqual(takenByGit);
    });
  });

  describe('history', () => {
    it('tells what changed between two looks at the refs', async () => {
      const repository = await aRepository(repositories);
      await commitTo(repository, 'refs/heads/gone', { files: { 'a.txt': 'a\n' } });
      const before = await listRefs(repository);
      const sha = await commitTo(repository, TOPIC, { files: { 'a.txt': 'a\n' } });
      await repository.run(['update-ref', '-d', 'refs/heads/gone']);

      expect(diffRefs(before, await listRefs(repository))).toEqual([
        { kind: 'deleted', ref: 'refs/heads/gone', before: before.get('refs/heads/gone'), after: null },
        { kind: 'created', ref: TOPIC, before: null, after: sha },
      ]);
    });

    it('lists the commits of a new branch, oldest first, with the files of each', async () => {
      const repository = await aRepository(repositories);
      const first = await commitTo(repository, TOPIC, { files: { 'a.txt': 'a\n' }, message: 'Add a\n\nBecause.' });
      const second = await commitTo(repository, TOPIC, {
        files: { 'a.txt': 'b\n', 'README.md': null, ...Object.fromEntries(ODD_NAMES.map((name) => [name, 'odd\n'])) },
      });

      const { commits, total, isComplete } = await commitsBetween(repository, null, second, 10);

      expect({ total, isComplete }).toEqual({ total: 2, isComplete: true });
      expect(commits).toEqual([
        {
          sha: first,
          message: 'Add a\n\nBecause.',
          authorName: 'Grace Hopper',
          authorEmail: 'grace@example.org',
          committedAt: commits[0]?.committedAt,
          files: { added: ['a.txt'], modified: [], removed: [] },
        },
        expect.objectContaining({
          sha: second,
          files: { added: commits[1]?.files.added, modified: ['a.txt'], removed: ['README.md'] },
        }),
      ]);
      expect(Date.now() - (commits[0]?.committedAt.getTime() ?? 0)).toBeLessThan(60_000);
      expect(commits[1]?.files.added.toSorted()).toEqual(ODD_NAMES.toSorted());
    });

    it('keeps the newest commits under the limit and counts them all', async () => {
      const repository = await aRepository(repositories);
      const start = await commitTo(repository, TOPIC, { files: { n: '0' } });
      for (const n of ['1', '2', '3', '4']) {
        await commitTo(repository, TOPIC, { files: { n }, message: n });
      }
      const head = (await resolveCommit(repository, TOPIC)) ?? '';

      const { commits, total } = await commitsBetween(repository, start, head, 2);

      expect(total).toBe(4);
      expect(commits.map(({ message }) => message)).toEqual(['3', '4']);
    });

    it('falls back on the default branch when what was rewritten is gone from the disk', async () => {
      const repository = await aRepository(repositories);
      const sha = await commitTo(repository, TOPIC, { files: { a: 'a' } });

      const { commits } = await commitsBetween(repository, 'f'.repeat(40), sha, 10);

      expect(commits.map((commit) => commit.sha)).toEqual([sha]);
      await expect(commitsBetween(repository, null, 'f'.repeat(40), 10)).rejects.toBeInstanceOf(GitFailed);
      await expect(commitsBetween(repository, '--all', sha, 10)).rejects.toBeInstanceOf(TypeError);
    });

    it('gives the commits of a branch byte by byte, oldest first, or none past the limit', async () => {
      const repository = await aRepository(repositories);
      const message = 'gr\u00fcn\n\ngpgsig not a header\n';
      const first = await commitTo(repository, TOPIC, { files: { 'a.txt': 'a\n' }, message });
      const second = await commitTo(repository, TOPIC, { files: { 'a.txt': 'b\n' } });

      const commits = (await rawCommits(repository, MAIN, second, 2)) ?? [];

      expect(commits.map(({ sha }) => sha)).toEqual([first, second]);
      expect(commits[0]).toMatchObject({ signature: null, authorEmail: 'grace@example.org' });
      const raw = await repository.run(['cat-file', 'commit', first]);
      expect(commits[0]?.payload).toEqual(raw.stdout);
      expect(await rawCommits(repository, MAIN, second, 1)).toBeNull();
      expect(await rawCommits(repository, MAIN, (await resolveCommit(repository, MAIN)) ?? '', 1)).toEqual([]);
    });

    it('gives a commit as it is, also when the repository would replace it', async () => {
      const repository = await aRepository(repositories);
      const sha = await commitTo(repository, TOPIC, { files: { 'a.txt': 'a\n' }, message: 'True' });
      const other = await commitTo(repository, 'refs/heads/other', { files: { 'a.txt': 'a\n' }, message: 'Replaced' });
      await repository.run(['update-ref', `refs/replace/${sha}`, other]);

      const [commit] = (await rawCommits(repository, MAIN, sha, 10)) ?? [];

      expect(commit?.payload.toString()).toMatch(/\n\nTrue$/);
    });

    it('knows a rewrite from a step forward', async () => {
      const repository = await aRepository(repositories);
      const first = await commitTo(repository, TOPIC, { files: { a: 'a' } });
      const second = await commitTo(repository, TOPIC, { files: { a: 'b' } });

      expect(await isAncestor(repository, first, second)).toBe(true);
      expect(await isAncestor(repository, second, first)).toBe(false);
    });
  });

  describe('changes', () => {
    it('names what the head changed since it left the base, not what the base changed since', async () => {
      const repository = await aRepository(repositories);
      const story = Array.from({ length: 20 }, (_, n) => `line ${n}\n`).join('');
      await commitTo(repository, MAIN, { files: { 'old.txt': story, 'gone.txt': 'gone\n', 'kept.txt': 'kept\n' } });
      const head = await commitTo(repository, TOPIC, {
        files: {
          'old.txt': null,
          'new.txt': `${story}more\n`,
          'gone.txt': null,
          'kept.txt': 'kept\nand more\n',
          'picture.bin': Buffer.from([0, 1, 2]),
        },
      });
      await commitTo(repository, MAIN, { files: { 'elsewhere.txt': 'x\n' } });

      expect(await changedFiles(repository, MAIN, head)).toEqual([
        { path: 'gone.txt', status: 'removed', additions: 0, deletions: 1, binary: false },
        { path: 'kept.txt', status: 'modified', additions: 1, deletions: 0, binary: false },
        { path: 'new.txt', previousPath: 'old.txt', status: 'renamed', additions: 1, deletions: 0, binary: false },
        { path: 'picture.bin', status: 'added', additions: 0, deletions: 0, binary: true },
      ]);
    });

    it('reads odd names exactly, and keeps each patch with its file', async () => {
      const repository = await aRepository(repositories);
      const names = [...ODD_NAMES, 'x\ndiff --git a/fake b/fake\n--- a/fake'];
      const head = await commitTo(repository, TOPIC, {
        files: Object.fromEntries(names.map((name, n) => [name, `diff --git a/content ${n}\n`])),
      });

      const files = await diff(repository, MAIN, head, { maxBytes: 100_000 });

      expect(files.map(({ path }) => path).toSorted()).toEqual(names.toSorted());
      for (const { path, patch, truncated } of files) {
        expect(patch).toContain(`\n+diff --git a/content ${names.indexOf(path)}\n`);
        expect(truncated).toBe(false);
      }
    });

    it('shows a file that becomes a link in one patch, and the next file in its own', async () => {
      const repository = await aRepository(repositories);
      await commitTo(repository, MAIN, { files: { 'a.txt': 'a\n', 'b.txt': 'b\n' } });
      await commitTo(repository, TOPIC, { files: { 'b.txt': 'b2\n' } });
      const blob = (await repository.run(['hash-object', '-w', '--stdin'], { input: 'b.txt' })).stdout
        .toString()
        .trim();
      const list = (await repository.run(['ls-tree', '-z', TOPIC])).stdout.toString();
      const entries = list.split('\0').map((line) => (line.endsWith('\ta.txt') ? `120000 blob ${blob}\ta.txt` : line));
      const tree = (await repository.run(['mktree', '-z'], { input: entries.join('\0') })).stdout.toString().trim();
      const who = { GIT_AUTHOR_NAME: 'A', GIT_AUTHOR_EMAIL: 'a', GIT_COMMITTER_NAME: 'A', GIT_COMMITTER_EMAIL: 'a' };
      const commit = await repository.run(['commit-tree', '-p', TOPIC, '-m', 'Link', tree], { environment: who });

      const files = await diff(repository, MAIN, commit.stdout.toString().trim(), { maxBytes: 10_000 });

      expect(files.map(({ path, status, additions, deletions }) => [path, status, additions, deletions])).toEqual([
        ['a.txt', 'modified', 1, 1],
        ['b.txt', 'modified', 1, 1],
      ]);
      expect(files[0]?.patch).toContain('+b.txt');
      expect(files[0]?.patch).toContain('-a\n');
      expect(files[1]?.patch).toMatch(/^diff --git a\/b\.txt b\/b\.txt\n[^]*\+b2\n$/);
    });

    it('ends patches within the limits and says so', async () => {
      const repository = await aRepository(repositories);
      const head = await commitTo(repository, TOPIC, {
        files: { 'a-generated.txt': 'long line\n'.repeat(100_000), 'b.txt': 'b\n', 'c.txt': 'c\n'.repeat(400) },
      });

      const [generated, small, cut] = await diff(repository, MAIN, head, { maxBytes: 2_000, maxFileBytes: 1_200 });

      expect(generated).toMatchObject({ path: 'a-generated.txt', additions: 100_000, truncated: true });
      expect(generated?.patch.endsWith('+long line\n')).toBe(true);
      expect(Buffer.byteLength(generated?.patch ?? '')).toBeLessThanOrEqual(1_200);
      expect(small).toMatchObject({ path: 'b.txt', truncated: false });
      expect(cut).toMatchObject({ path: 'c.txt', truncated: true });
    });

    it('shows all of a history that has nothing in common with the base', async () => {
      const repository = await aRepository(repositories);
      const head = await commitTo(repository, TOPIC, { from: null, files: { 'a.txt': 'a\n' } });

      expect((await changedFiles(repository, MAIN, head)).map(({ path, status }) => [path, status])).toEqual([
        ['a.txt', 'added'],
      ]);
    });
  });
});
