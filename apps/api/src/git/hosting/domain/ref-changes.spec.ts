import { diffRefs } from './ref-changes.js';

describe('diffRefs', () => {
  it('tells what was created, updated and deleted, in the order of names', () => {
    const before = new Map([
      ['refs/heads/main', '1'],
      ['refs/heads/gone', '2'],
      ['refs/heads/moved', '3'],
    ]);
    const after = new Map([
      ['refs/heads/new', '5'],
      ['refs/heads/moved', '4'],
      ['refs/heads/main', '1'],
    ]);

    expect(diffRefs(before, after)).toEqual([
      { kind: 'deleted', ref: 'refs/heads/gone', before: '2', after: null },
      { kind: 'updated', ref: 'refs/heads/moved', before: '3', after: '4' },
      { kind: 'created', ref: 'refs/heads/new', before: null, after: '5' },
    ]);
  });

  it('finds nothing between the same refs', () => {
    expect(diffRefs(new Map([['refs/heads/main', '1']]), new Map([['refs/heads/main', '1']]))).toEqual([]);
  });
});
