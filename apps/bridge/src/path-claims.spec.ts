import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { PathClaims } from './path-claims.js';

const FOLDER = '/home/ada/task-7';

describe('what the agent changes', () => {
  const told: (readonly string[])[] = [];
  let claims: PathClaims;

  beforeEach(() => {
    jest.useFakeTimers();
    told.length = 0;
    claims = new PathClaims(FOLDER, (paths) => Promise.resolve(told.push(paths)));
  });
  afterEach(() => {
    claims.stop();
    jest.useRealTimers();
  });

  const edit = (...paths: string[]) =>
    claims.learn({ toolCallId: 'one', kind: 'edit', locations: paths.map((path) => ({ path })) });

  it('is told once for what comes together, as the repository names it', () => {
    edit(`${FOLDER}/src/b.ts`);
    edit('src/a.ts', `${FOLDER}/src/b.ts`);
    expect(told).toEqual([]);
    jest.advanceTimersByTime(2000);
    expect(told).toEqual([['src/a.ts', 'src/b.ts']]);
  });

  it('is told again with what came later, and not for what is known', () => {
    edit('src/a.ts');
    jest.advanceTimersByTime(2000);
    edit('src/a.ts');
    jest.advanceTimersByTime(2000);
    claims.learn({ toolCallId: 'two', content: [{ type: 'diff', path: 'new.ts', newText: 'x' }] });
    jest.advanceTimersByTime(2000);
    expect(told).toEqual([['src/a.ts'], ['new.ts', 'src/a.ts']]);
  });

  it('leaves out what is only read, and what is not in the worktree', () => {
    claims.learn({ toolCallId: 'one', kind: 'read', locations: [{ path: 'src/a.ts' }] });
    edit('/etc/passwd', '../other/x.ts', `${FOLDER}`, `${FOLDER}/.git/config`, 'a\nb');
    jest.advanceTimersByTime(10_000);
    expect(told).toEqual([]);
  });

  it('is at most as much as the room takes', () => {
    edit(...Array.from({ length: 80 }, (_, index) => `src/${index}.ts`));
    jest.advanceTimersByTime(2000);
    expect(told[0]).toHaveLength(50);
  });
});
