import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Fetched, FetchedRepositories } from '../../apps/api/src/git/fetching/fetched-repositories.js';
import { Git } from '../../apps/api/src/git/hosting/git-command.js';
import { GitProvider } from '../support/git-provider.js';
import { eventually } from '../support/people.js';

describe('copies of repositories at a provider', () => {
  let provider: GitProvider;
  let root: string;
  let repositories: FetchedRepositories;

  beforeAll(async () => (provider = await GitProvider.start()));
  afterAll(() => provider.stop());
  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'clawtank-fetched-'));
    repositories = await FetchedRepositories.open(root);
  });
  afterEach(async () => {
    Object.assign(provider, { delayMs: 0 });
    await repositories.onApplicationShutdown();
    rmSync(root, { recursive: true, force: true });
  });

  const remote = (key = 'one') => ({
    key,
    url: `${provider.webUrl}.git`,
    authorization: `Basic ${Buffer.from(`x:${provider.reading}`).toString('base64')}`,
  });
  const look = async (...branches: string[]) => (await repositories.look(remote(), ['trunk', ...branches])) as Fetched;

  it('have every commit of the branches that were asked for, and know which are not there', async () => {
    const tip = provider.push('feature/a', { 'a.md': 'a' }, 'trunk');
    const { repository, tips } = await look('feature/a', 'feature');
    expect(Object.fromEntries(tips)).toEqual({ trunk: provider.tip('trunk'), 'feature/a': tip });
    const { stdout } = await repository.run(['rev-list', '--count', tip, '--not', provider.tip('trunk')]);
    expect(stdout.toString().trim()).toBe('1');
  });

  it('follow a branch that is rewritten, and one that takes another’s place as a folder', async () => {
    provider.push('moving', { 'a.md': 'a' }, 'trunk');
    await look('moving');
    provider.git('update-ref', '-d', 'refs/heads/moving');
    const tip = provider.push('moving/on', { 'b.md': 'b' }, 'trunk');
    expect(Object.fromEntries((await look('moving', 'moving/on')).tips)).toEqual({
      trunk: provider.tip('trunk'),
      'moving/on': tip,
    });
  });

  it('fetch nothing anew of what is there already', async () => {
    provider.push('still', { 'a.md': 'a' }, 'trunk');
    await look('still');
    provider.asked.length = 0;
    await look('still');
    expect(provider.asked.map(({ method }) => method)).toEqual(['GET', 'POST']); // it asked where branches are
  });

  it('are fetched by many at once, one after another', async () => {
    const branches = Array.from({ length: 6 }, (_, index) => `many/${index}`);
    branches.forEach((branch) => provider.push(branch, { [`${branch}.md`]: branch }, 'trunk'));
    provider.delayMs = 100;
    const found = await Promise.all(branches.map((branch) => look(branch)));
    expect(found.map(({ tips }, index) => tips.get(branches[index] ?? ''))).toEqual(
      branches.map((branch) => provider.tip(branch)),
    );
    const copies = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.git'));
    expect(copies).toHaveLength(1);
  });

  it('turn away who comes when too many wait for a slow provider', async () => {
    provider.delayMs = 3_600_000;
    const waiting = Array.from({ length: 20 }, () => look());
    expect(await look()).toBe('unreachable');
    repositories.onModuleDestroy();
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(['unreachable']));
  });

  it('are not kept if they are larger than they may be', async () => {
    const small = await FetchedRepositories.open(root, 100);
    expect(await small.look(remote(), ['trunk'])).toBe('too_large');
    const left = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.pack'));
    expect(left).toEqual([]);
    await small.onApplicationShutdown();
  });

  it('keep nobody waiting when the server stops', async () => {
    provider.delayMs = 3_600_000;
    provider.asked.length = 0;
    const looking = look();
    await eventually(() => provider.asked.length > 0);
    repositories.onModuleDestroy();
    expect(await looking).toBe('unreachable');
    expect(await look()).toBe('unreachable');
  });

  it('are removed with their process, and those of one that was killed after a day', async () => {
    const [old, fresh] = [join(root, 'old'), join(root, 'fresh')];
    [old, fresh].forEach((folder) => mkdirSync(folder));
    const yesterday = new Date(Date.now() - 25 * 3_600_000);
    utimesSync(old, yesterday, yesterday);
    const other = await FetchedRepositories.open(root);
    await other.look(remote(), ['trunk']);
    await other.onApplicationShutdown();
    expect([existsSync(old), existsSync(fresh), readdirSync(root)]).toEqual([false, true, ['fresh']]);
  });

  it('are made anew when somebody cleared them away', async () => {
    await look();
    readdirSync(root).forEach((name) => rmSync(join(root, name), { recursive: true }));
    expect((await look()).tips.get('trunk')).toBe(provider.tip('trunk'));
  });
});

describe('git that may fetch', () => {
  it('is stopped as soon as it has written more than it may', async () => {
    const home = mkdtempSync(join(tmpdir(), 'clawtank-disk-'));
    const path = join(home, 'copy.git');
    const git = new Git(home, [], { folder: join(path, 'objects', 'pack'), maxBytes: 1_000_000 });
    await git.run(['init', '--quiet', '--bare', path]);
    const { stdin, finished } = git.start(['fast-import', '--quiet'], { repository: path });
    let isOver = false;
    const ended = finished.finally(() => (isOver = true));
    while (!isOver) {
      const blob = randomBytes(200_000);
      if (!stdin.write(Buffer.concat([Buffer.from(`blob\ndata ${blob.length}\n`), blob, Buffer.from('\n')]))) {
        await Promise.race([once(stdin, 'drain'), ended]);
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await ended).toMatchObject({ failure: 'disk_limit' });
    rmSync(home, { recursive: true, force: true });
  });
});
