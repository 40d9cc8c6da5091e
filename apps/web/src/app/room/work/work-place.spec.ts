import { type WorkQuery, queryOf, workPlace } from './work-place';

const NOWHERE = { tab: null, task: null, pull: null, agent: null, at: null, kind: null, by: null };
const MARA = '00000000-0000-4000-8000-000000000001';

describe('the address of a room', () => {
  it.each<[WorkQuery, Partial<ReturnType<typeof workPlace>>]>([
    [{}, {}],
    [{ work: 'activity' }, { tab: 'activity' }],
    [{ work: 'nonsense' }, {}],
    [{ task: '7' }, { tab: 'tasks', task: 7 }],
    [
      { pull: '3', work: 'members' },
      { tab: 'pulls', pull: 3 },
    ],
    [{ task: '-1', pull: '0x10' }, {}],
    [
      { work: 'activity', at: '12', kind: 'git', by: MARA },
      { tab: 'activity', at: 12, kind: 'git', by: MARA },
    ],
    [{ work: 'activity', at: 'x', kind: 'gossip', by: 'mara' }, { tab: 'activity' }],
    [{ agent: MARA }, { tab: 'members', agent: MARA }],
    [
      { agent: MARA, work: 'tasks', task: '7' },
      { tab: 'tasks', task: 7 },
    ],
    [{ agent: MARA, work: 'pulls' }, { tab: 'pulls' }],
    [{ agent: 'otter' }, {}],
    [{ work: 'members', at: '12', kind: 'git', by: MARA }, { tab: 'members' }],
  ])('%o shows %o', (query, place) => {
    expect(workPlace(query)).toEqual({ ...NOWHERE, ...place });
  });

  it('leaves the place where the reader was for the next one', () => {
    expect(queryOf({ work: 'members' })).toMatchObject({ work: 'members', task: null, at: null, settings: null });
  });
});
