import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { checkMerge, merge, type MergeRequest } from '../../apps/api/src/git/hosting/merging.js';
import { listRefs, pusherOf, resolveCommit } from '../../apps/api/src/git/hosting/refs.js';
import type { HostedRepositories } from '../../apps/api/src/git/hosting/repository-store.js';
import type { Repository } from '../../apps/api/src/git/hosting/repository.js';
import { ADA, aFolder, aRepository, client, commitTo, fileAt, MAIN, openHosting, serve } from './hosting.support.js';

const TOPIC = 'refs/heads/topic';

describe('merging', () => {
  let folder: Awaited<ReturnType<typeof aFolder>>;
  let repositories: HostedRepositories;
  let repository: Repository;

  beforeAll(async () => {
    folder = await aFolder();
    repositories = await openHosting(join(folder.path, 'repositories'));
  });
  afterAll(() => folder.remove());
  beforeEach(async () => {
    repository = await aRepository(repositories);
  });

  const mergeOf = (headSha: string, overrides: Partial<MergeRequest> = {}) =>
    merge(repository, {
      baseRef: MAIN,
      headSha,
      message: 'Merge pull request #1',
      author: ADA,
      committer: { name: 'ClawTank', email: 'noreply@clawtank.invalid' },
      trailers: [],
      ...overrides,
    });
  const main = async (): Promise<string> => (await resolveCommit(repository, MAIN)) ?? '';
  const show = async (format: string, sha: string): Promise<string> =>
    (await repository.run(['show', '--no-patch', `--format=${format}`, sha])).stdout.toString().trim();

  it('makes a merge commit even where the branch could simply be moved', async () => {
    const before = await main();
    const head = await commitTo(repository, TOPIC, { files: { 'a.txt': 'a\n' } });

    expect(await checkMerge(repository, MAIN, head)).toMatchObject({ outcome: 'clean' });
    const merged = await mergeOf(head, { trailers: [{ key: 'ClawTank-Task', value: '7' }] });

    const sha = await main();
    expect(merged).toEqual({ outcome: 'merged', sha, base: before });
    expect(await show('%P', sha)).toBe(`${before} ${head}`);
    expect(await show('%an <%ae> %cn', sha)).toBe('Ada Lovelace <ada@example.org> ClawTank');
    expect(await show('%B', sha)).toBe('Merge pull request #1\n\nClawTank-Task: 7');
    expect(await show('%(trailers:key=ClawTank-Task,valueonly)', sha)).toBe('7');
    expect(await fileAt(repository, MAIN, 'a.txt')).toBe('a\n');
    expect(await pusherOf(repository, MAIN, sha)).toBeNull();
  });

  it('names the files that conflict, oddly named ones too, and changes nothing', async () => {
    const odd = 'two\n"lines".txt';
    await commitTo(repository, MAIN, { files: { [odd]: 'base\n', 'same.txt': 'same\n' } });
    const head = await commitTo(repository, TOPIC, { files: { [odd]: 'theirs\n', 'README.md': '# Theirs\n' } });
    const before = await commitTo(repository, MAIN, { files: { [odd]: 'ours\n', 'README.md': null } });

    const expected = { outcome: 'conflict', paths: ['README.md', odd] };
    expect(await checkMerge(repository, MAIN, head)).toEqual(expected);
    expect(await mergeOf(head)).toEqual(expected);
    expect(await main()).toBe(before);
  });

  it('does not merge histories that have nothing in common', async () => {
    const before = await main();
    const head = await commitTo(repository, TOPIC, { from: null, files: { 'a.txt': 'a\n' } });

    expect(await checkMerge(repository, MAIN, head)).toEqual({ outcome: 'unrelated' });
    expect(await mergeOf(head)).toEqual({ outcome: 'unrelated' });
    expect(await main()).toBe(before);
  });

  it('answers a repeated merge with the commit of the first', async () => {
    const inner = await commitTo(repository, TOPIC, { files: { 'a.txt': 'a\n' } });
    const head = await commitTo(repository, TOPIC, { files: { 'a.txt': 'b\n' } });
    const first = await mergeOf(head);
    const other = await commitTo(repository, 'refs/heads/other', { files: { 'b.txt': 'b\n' } });
    await mergeOf(other);
    const after = await main();
    const sha = first.outcome === 'merged' ? first.sha : '';

    expect(await checkMerge(repository, MAIN, head)).toEqual({ outcome: 'up_to_date' });
    expect(await mergeOf(head)).toEqual({ outcome: 'up_to_date', sha });
    expect(await mergeOf(inner)).toEqual({ outcome: 'up_to_date', sha });
    expect(await main()).toBe(after);
  });

  it('names no merge for a commit of the base itself', async () => {
    const start = await main();
    const next = await commitTo(repository, MAIN, { files: { 'n.txt': 'n\n' } });
    await mergeOf(await commitTo(repository, TOPIC, { files: { 'a.txt': 'a\n' } }));

    expect(await mergeOf(start)).toEqual({ outcome: 'up_to_date', sha: null });
    expect(await mergeOf(next)).toEqual({ outcome: 'up_to_date', sha: null });
    expect(await mergeOf(await main())).toEqual({ outcome: 'up_to_date', sha: null });
  });

  it('merges onto the expected commit or not at all', async () => {
    const expectedBase = await main();
    const head = await commitTo(repository, TOPIC, { files: { 'a.txt': 'a\n' } });
    const base = await commitTo(repository, MAIN, { files: { 'b.txt': 'b\n' } });

    expect(await mergeOf(head, { expectedBase })).toEqual({ outcome: 'base_moved', base });
    expect(await main()).toBe(base);
    expect(await mergeOf(head, { expectedBase: base })).toMatchObject({ outcome: 'merged', base });
  });

  it('says what is missing', async () => {
    const head = await commitTo(repository, TOPIC, { files: { 'a.txt': 'a\n' } });

    expect(await mergeOf('f'.repeat(40))).toEqual({ outcome: 'head_missing' });
    expect(await mergeOf('--all')).toEqual({ outcome: 'head_missing' });
    expect(await mergeOf(head, { baseRef: 'refs/heads/none' })).toEqual({ outcome: 'base_moved', base: null });
    await expect(mergeOf(head, { baseRef: '--all' })).rejects.toBeInstanceOf(TypeError);
    await expect(checkMerge(repository, MAIN, 'f'.repeat(40))).rejects.toMatchObject({ name: 'GitFailed' });
  });

  it('merges for people whose names git would not take', async () => {
    const head = await commitTo(repository, TOPIC, { files: { 'a.txt': 'a\n' } });

    const merged = await mergeOf(head, { author: { name: '<...>', email: '' }, message: 'A\0B\n\n' });

    expect(merged.outcome).toBe('merged');
    expect(await show('%an <%ae> %B', await main())).toBe('Unnamed <> AB');
  });

  it('merges onto a base that a killed process left locked', async () => {
    const head = await commitTo(repository, TOPIC, { files: { 'a.txt': 'a\n' } });
    const lock = join(repository.path, 'refs/heads/main.lock');
    await mkdir(join(repository.path, 'refs/heads'), { recursive: true });
    await writeFile(lock, '');
    const longAgo = new Date(Date.now() - 3_600_000);
    await utimes(lock, longAgo, longAgo);

    expect((await mergeOf(head)).outcome).toBe('merged');
  });

  it('lands ten different branches that are merged at once, and loses nothing', async () => {
    const heads = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        commitTo(repository, `refs/heads/branch-${n}`, { files: { [`file-${n}.txt`]: `${n}\n` } }),
      ),
    );

    const merged = await Promise.all(heads.map((head) => mergeOf(head)));

    expect(merged.map(({ outcome }) => outcome)).toEqual(heads.map(() => 'merged'));
    const { stdout } = await repository.run(['ls-tree', '--name-only', MAIN]);
    expect(stdout.toString().match(/file-\d\.txt/g)).toHaveLength(10);
    const line = await repository.run(['rev-list', '--first-parent', '--merges', '--count', MAIN]);
    expect(line.stdout.toString().trim()).toBe('10');
  });

  it('merges one head once, however many ask at once', async () => {
    const head = await commitTo(repository, TOPIC, { files: { 'a.txt': 'a\n' } });

    const merged = await Promise.all(Array.from({ length: 5 }, () => mergeOf(head)));

    expect(merged.filter(({ outcome }) => outcome === 'merged')).toHaveLength(1);
    expect(merged.filter(({ outcome }) => outcome === 'up_to_date')).toHaveLength(4);
    expect(new Set(merged.map((outcome) => ('sha' in outcome ? outcome.sha : null)))).toEqual(new Set([await main()]));
  });

  it('lets people push while others merge', async () => {
    const host = await serve(repositories);
    try {
      const heads = await Promise.all(
        Array.from({ length: 4 }, (_, n) =>
          commitTo(repository, `refs/heads/branch-${n}`, { files: { [`file-${n}.txt`]: `${n}\n` } }),
        ),
      );
      const push = async (n: number): Promise<string> => {
        const name = `pusher-${repository.roomId}-${n}`;
        await client(folder.path, 'clone', '--quiet', host.url(repository), name);
        const work = join(folder.path, name);
        await client(work, 'commit', '--quiet', '--allow-empty', '--message', `Pushed ${n}`);
        await client(work, 'push', '--quiet', 'origin', `HEAD:refs/heads/pushed-${n}`);
        return (await client(work, 'rev-parse', 'HEAD')).stdout.trim();
      };

      const [merged, pushed] = await Promise.all([
        Promise.all(heads.map((head) => mergeOf(head))),
        Promise.all([0, 1, 2].map(push)),
      ]);

      expect(merged.map(({ outcome }) => outcome)).toEqual(heads.map(() => 'merged'));
      const refs = await listRefs(repository);
      expect(pushed.map((sha, n) => [sha, refs.get(`refs/heads/pushed-${n}`)])).toEqual(
        pushed.map((sha) => [sha, sha]),
      );
      await repository.run(['fsck', '--strict']);
    } finally {
      await host.close();
    }
  });
});
