import * as fc from 'fast-check';
import { claimMeans, claimsMeet, moreExact } from './path-overlap.js';

const bothWays = (one: string, other: string) => [claimsMeet(one, other), claimsMeet(other, one)];

describe('a claim', () => {
  it.each([
    ['src/a.ts', 'src/a.ts'],
    ['src', 'src/a.ts'],
    ['src/', 'src/deep/er/a.ts'],
    ['v1.2/', 'v1.2/a.ts'],
    ['src/*.ts', 'src/a.ts'],
    ['src/**/a.ts', 'src/a.ts'],
    ['src/**/a.ts', 'src/x/y/a.ts'],
    ['src/**', 'src/x/y/a.ts'],
    ['**', 'anything/at/all'],
    ['**/*.md', 'README.md'],
    ['docs/??.md', 'docs/ab.md'],
    ['.github', '.github/workflows/test.yml'],
    ['**/.env', '.env'],
    ['söder/*', 'söder/größe.txt'],
    ['[id]/page.tsx', '[id]/page.tsx'],
    ['Makefile', 'Makefile'],
  ])('of %s means the file %s', (claim, file) => {
    expect(claimMeans(claim, file)).toBe(true);
    expect(bothWays(claim, file)).toEqual([true, true]);
  });

  it.each([
    ['src/a.ts', 'src/b.ts'],
    ['src', 'srcs/a.ts'],
    ['src/a.ts', 'src/a.ts/b'],
    ['src/*', 'src/deep/a.ts'],
    ['src/*.ts', 'src/a.js'],
    ['src/*.ts', 'lib/a.ts'],
    ['src/?.ts', 'src/ab.ts'],
    ['src/**/a.ts', 'src/a.tsx'],
    ['docs/**/*.md', 'docs/readme.txt'],
    ['[ab].ts', 'a.ts'],
    ['SRC/a.ts', 'src/a.ts'],
  ])('of %s does not mean the file %s', (claim, file) => {
    expect(claimMeans(claim, file)).toBe(false);
    expect(bothWays(claim, file)).toEqual([false, false]);
  });

  it.each([
    ['src/*.ts', 'src/main.*'],
    ['src/**/test/*.ts', '**/unit/test/x*'],
    ['src/app', 'src/**/*.ts'],
    ['a*c', '*b*'],
  ])('of %s meets one of %s', (one, other) => {
    expect(bothWays(one, other)).toEqual([true, true]);
  });

  it('meets another if, and only if, there is a file that both mean', () => {
    const letters = fc.array(fc.constantFrom('a', 'b', '*', '?'), { minLength: 1, maxLength: 2 });
    const claim = fc
      .array(fc.oneof({ weight: 4, arbitrary: letters.map((all) => all.join('')) }, fc.constant('**')), {
        minLength: 1,
        maxLength: 2,
      })
      .map((names) => names.join('/'));
    // Whatever two such claims can both mean, they can mean in files with names and folders as few as these.
    const names = ['a', 'b', 'aa', 'ab', 'ba', 'bb'];
    const below = (folders: string[]) => folders.flatMap((folder) => names.map((name) => `${folder}/${name}`));
    const files = [names, below(names), below(below(names))].flat();
    const meantBy = (path: string) => {
      const parts = path
        .split('/')
        .map((name) => (name === '**' ? '(?:[^/]+/)*' : `${name.replaceAll('*', '[^/]*').replaceAll('?', '[^/]')}/`));
      const shape = new RegExp(`^${parts.join('')}${/[*?]/.test(path) ? '' : '(?:[^/]+/)*'}$`);
      return files.filter((file) => shape.test(`${file}/`));
    };
    fc.assert(
      fc.property(claim, claim, fc.constantFrom(...files), (one, other, file) => {
        const others = new Set(meantBy(other));
        expect(claimsMeet(one, other)).toBe(meantBy(one).some((each) => others.has(each)));
        expect(claimMeans(one, file)).toBe(meantBy(one).includes(file));
      }),
      { numRuns: 1000 },
    );
  });

  it('is settled at once, however many stars somebody writes', () => {
    expect(claimMeans(`${'*a'.repeat(140)}b`, 'a'.repeat(290))).toBe(false);
    expect(claimsMeet(`${'**/a/'.repeat(59)}b.ts`, `${'**/a/'.repeat(59)}c.ts`)).toBe(false);
  });

  it.each([
    ['src/**', 'src/a.ts', 'src/a.ts'],
    ['src', 'src/app', 'src/app'],
    ['src/*.ts', 'src/main.*', 'src/main.*'],
    ['src', 'src/deep/*.ts', 'src/deep/*.ts'],
  ])('of %s that meets one of %s is told as %s', (one, other, exact) => {
    expect([moreExact(one, other), moreExact(other, one)]).toEqual([exact, exact]);
  });
});
