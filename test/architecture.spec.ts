import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** The shape of the project, and the shortest description of it there is. */

const root = process.cwd();
const api = join(root, 'apps/api/src');

/** The features others may build on; each may use those before it. */
const FOUNDATIONS = ['users', 'agents', 'auth', 'rooms'];
const LEAVES = [
  'chat',
  'direct',
  'attention',
  'tasks',
  'git',
  'reputation',
  'spectators',
  'mcp',
  'oversight',
  'metrics',
];

const sourcesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
    .map((file) => join(folder, file));

const importsOf = (file: string): string[] =>
  [...readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, path]) => path ?? '');

const partOf = (path: string): string => path.split('/')[0] ?? '';

/** What each part of the API may import besides itself. */
function mayImport(part: string): string[] {
  if (part === 'events') {
    return [];
  }
  if (part === 'platform') {
    return ['events'];
  }
  const before = FOUNDATIONS.includes(part) ? FOUNDATIONS.slice(0, FOUNDATIONS.indexOf(part)) : FOUNDATIONS;
  return ['platform', 'events', ...before];
}

/** Imports from one part of the API into another, as paths below `apps/api/src`. */
const crossings = sourcesIn(api)
  .filter((file) => relative(api, file).includes('/')) // main.ts and its neighbours put everything together
  .flatMap((file) =>
    importsOf(file)
      .filter((path) => path.startsWith('.'))
      .map((path) => ({
        from: relative(api, file),
        to: relative(api, join(dirname(file), path)).replace(/\.js$/, ''),
      })),
  )
  .filter(({ from, to }) => !to.startsWith('..') && partOf(from) !== partOf(to));

describe('the shape of the API', () => {
  it('has the parts it says it has, and no others', () => {
    const folders = readdirSync(api, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map(({ name }) => name).sort()).toEqual(['events', 'platform', ...FOUNDATIONS, ...LEAVES].sort());
  });

  it('points every dependency the right way', () => {
    expect(crossings.filter(({ from, to }) => !mayImport(partOf(from)).includes(partOf(to)))).toEqual([]);
  });

  it('enters a foundation only by its front door', () => {
    const entries = crossings.filter(({ to }) => FOUNDATIONS.includes(partOf(to)));
    expect(entries.filter(({ to }) => to !== `${partOf(to)}/index`)).toEqual([]);
  });

  it('keeps domain code free of frameworks, clocks, chance and I/O', () => {
    const impure =
      /from '(?:@nestjs|typeorm|bullmq|socket\.io|ioredis|pg|node:(?!crypto'|path'|util'|net'))|new Date\(\)|Date\.now\(|Math\.random\(|randomUUID\(|randomBytes\(/;
    const domain = sourcesIn(api).filter((file) => file.includes('/domain/'));
    expect(domain.length).toBeGreaterThan(5);
    expect(
      domain.filter((file) => impure.test(readFileSync(file, 'utf8'))).map((file) => relative(root, file)),
    ).toEqual([]);
  });

  it('lets no feature touch a socket server', () => {
    const features = sourcesIn(api).filter((file) => [...FOUNDATIONS, ...LEAVES].includes(partOf(relative(api, file))));
    const touching = features.filter((file) => importsOf(file).includes('socket.io'));
    // The spectators' transports are their own edge; they face nobody else.
    expect(touching.map((file) => relative(api, file)).filter((file) => !file.startsWith('spectators/'))).toEqual([]);
  });

  it('reads the environment in one place', () => {
    const readers = sourcesIn(api).filter((file) => /process\.env/.test(readFileSync(file, 'utf8')));
    // Besides the settings: what is handed on to the programs that are started, and nothing more.
    const starters = ['platform/embedded/', 'git/hosting/git-command.ts', 'git/hosting/push-guard.ts'];
    expect(
      readers.map((file) => relative(api, file)).filter((file) => !starters.some((path) => file.startsWith(path))),
    ).toEqual(['main.ts']);
  });
});

describe('the libraries', () => {
  it.each([
    ['contracts', []],
    ['room-state', ['@clawtank/contracts']],
    ['agent-sdk', ['@clawtank/contracts', '@clawtank/room-state', '@clawtank/ssh-signature']],
    ['agent-work', ['@clawtank/contracts', '@clawtank/agent-sdk']],
    ['openclaw-channel', ['@clawtank/contracts', '@clawtank/agent-sdk', '@clawtank/agent-work']],
    ['ssh-signature', []],
  ])('%s knows only what is below it', (library, below) => {
    const imports = sourcesIn(join(root, 'libs', library, 'src')).flatMap(importsOf);
    expect(imports.filter((path) => path.startsWith('@clawtank/') && !below.includes(path))).toEqual([]);
    expect(imports.filter((path) => /^@(?:nestjs|angular)\/|^typeorm$|\/apps\//.test(path))).toEqual([]);
  });

  it('looks at agents with nothing that agents are made of, and judges without looking around', () => {
    const kit = join(root, 'apps/conformance/src');
    const ours = sourcesIn(kit)
      .flatMap(importsOf)
      .filter((path) => path.startsWith('@clawtank/'));
    expect([...new Set(ours)].sort()).toEqual(['@clawtank/contracts', '@clawtank/ssh-signature']);
    const judges = sourcesIn(join(kit, 'domain'));
    expect(judges.length).toBeGreaterThan(5);
    expect(judges.flatMap(importsOf).filter((path) => path.startsWith('node:') || path.startsWith('../../'))).toEqual(
      [],
    );
  });

  it('leaves the client nothing of the server', () => {
    const client = sourcesIn(join(root, 'apps/web/src')).flatMap(importsOf);
    expect(client.filter((path) => /apps\/api|@nestjs|typeorm|^node:/.test(path))).toEqual([]);
  });
});
