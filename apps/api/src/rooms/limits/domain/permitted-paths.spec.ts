import { runInNewContext } from 'node:vm';
import { firstForbidden, permittedPattern, whyForbidden } from './permitted-paths.js';

const file = (path: string) => ({ path, isLink: false });
const permits = (path: string, ...lists: string[][]): boolean => firstForbidden(lists, [file(path)]) === null;

describe('the paths that an agent may touch', () => {
  it('are all of them if nobody says otherwise', () => {
    expect(permittedPattern([])).toBeNull();
    expect(permits('.github/workflows/ci.yml')).toBe(true);
  });

  it.each([
    ['src/**', 'src/a.ts', true],
    ['src/**', 'src/deep/er/.env', true],
    ['src/**', 'source/a.ts', false],
    ['src/**', 'lib/src/a.ts', false],
    ['src/', 'src/deep/a.ts', true],
    ['docs/*.md', 'docs/a.md', true],
    ['docs/*.md', 'docs/deep/a.md', false],
    ['**/*.md', 'docs/deep/a.md', true],
    ['**/*.md', 'a.md', true],
    ['*.{md,txt}', 'a.txt', true],
    ['*.{md,txt}', 'a.ts', false],
    ['file?.ts', 'file1.ts', true],
    ['app/[id]/(group)/page.ts', 'app/[id]/(group)/page.ts', true],
    ['app/[id]/page.ts', 'app/i/page.ts', false],
    ['a+b@c$d^e|f.ts', 'a+b@c$d^e|f.ts', true],
    ['src/{a,b}/*.{ts,js}', 'src/b/c.js', true],
    ['src/{a,b}/*.{ts,js}', 'src/c/c.js', false],
    ['src/**', 'SRC/a.ts', false],
    ['**', 'any/thing.at.all', true],
    ['docs/ä ö/*', 'docs/ä ö/ü', true],
    ['a\nb/**', 'x\na\nb/c', false],
  ])('%s and %s: %s', (glob, path, expected) => {
    expect(permits(path, [glob])).toBe(expected);
  });

  it('are none if none is named', () => expect(permits('a', [])).toBe(false));

  it('are all but those that are left out, however these are written', () => {
    const globs = ['!.github/', '!**/*.lock'];
    expect(permits('src/a.ts', globs)).toBe(true);
    expect(permits('.github/workflows/ci.yml', globs)).toBe(false);
    expect(permits('.GitHub/workflows/ci.yml', globs)).toBe(false);
    expect(permits('deep/yarn.LOCK', globs)).toBe(false);
  });

  it('are named ones without those that are left out', () => {
    const globs = ['src/**', '!src/secret/**'];
    expect(permits('src/a.ts', globs)).toBe(true);
    expect(permits('src/secret/a.ts', globs)).toBe(false);
    expect(permits('docs/a.ts', globs)).toBe(false);
  });

  it('have to be permitted by its owner and by the room', () => {
    expect(permits('src/a.ts', ['src/**'], ['**/*.ts'])).toBe(true);
    expect(permits('src/a.md', ['src/**'], ['**/*.ts'])).toBe(false);
    expect(permits('lib/a.ts', ['src/**'], ['**/*.ts'])).toBe(false);
  });

  it('never lead out of the repository', () => {
    for (const path of ['../a', 'src/../../a', 'src/..', './a', 'src/./a', '/etc/passwd', 'src//a', '']) {
      expect([path, permits(path, ['**'])]).toEqual([path, false]);
    }
    expect(permits('..a/b..', ['**'])).toBe(true);
  });

  it('are no links, wherever these are: what is behind them may be anywhere', () => {
    const link = { path: 'src/link', isLink: true };
    expect(firstForbidden([['src/**']], [file('src/a'), link])).toBe(link);
    expect(firstForbidden([], [link])).toBeNull();
  });

  it('are told apart in a sentence that names the file', () => {
    const lists = [['src/**', '!src/x'], []];
    expect(whyForbidden(file('docs/a.md'), lists)).toBe(
      'docs/a.md is outside of what this agent may touch: src/**, !src/x; and nothing',
    );
  });

  it('are judged soon, however nasty the path', () => {
    const pattern = permittedPattern([['**/*a*/**/*a*', '**/a*a*']]);
    const path = `${'a'.repeat(4000)}/${'a'.repeat(255)}`;
    expect(runInNewContext('new RegExp(pattern).test(path)', { pattern, path }, { timeout: 5000 })).toBe(true); // or is cut short
  });
});
