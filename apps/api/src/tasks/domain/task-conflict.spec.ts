import { type Footprint, overlapOf } from './task-conflict.js';

const task = (claimed: string[], touched: string[] = []): Footprint => ({ claimed, touched });

describe('two tasks', () => {
  it('are in nobody’s way while they touch different files', () => {
    expect(overlapOf(task(['src/a.ts'], ['src/b.ts']), task(['src/c/**'], ['src/d.ts']), null)).toBeNull();
  });

  it('may meet where one claims what the other claims or touches', () => {
    const claims = task(['src/**/*.ts', 'README.md']);
    expect(overlapOf(claims, task(['docs', 'src/app/main.ts']), null)).toEqual({
      kind: 'claimed',
      paths: ['src/app/main.ts'],
    });
    expect(overlapOf(claims, task([], ['README.md', 'src/a.ts', 'src/b.js']), null)).toEqual({
      kind: 'claimed',
      paths: ['README.md', 'src/a.ts'],
    });
  });

  it('do meet in files that both change, whatever they claim', () => {
    const [one, other] = [task(['lib'], ['a.ts', 'b.ts']), task(['lib'], ['b.ts', 'c.ts'])];
    expect(overlapOf(one, other, null)).toEqual({ kind: 'touched', paths: ['b.ts'] });
  });

  it('meet where one makes a folder of what is a file to the other', () => {
    const [one, other] = [task([], ['notes']), task([], ['notes/first.md'])];
    expect(overlapOf(one, other, null)).toEqual({ kind: 'touched', paths: ['notes/first.md'] });
    expect(overlapOf(other, one, null)).toEqual(overlapOf(one, other, null));
  });

  it('do not merge where git says so, even in files that only one of them touches', () => {
    const [one, other] = [task([], ['old/a.ts', 'new/a.ts']), task([], ['old/b.ts'])];
    expect(overlapOf(one, other, ['new/b.ts'])).toEqual({ kind: 'unmergeable', paths: ['new/b.ts'] });
  });
});
