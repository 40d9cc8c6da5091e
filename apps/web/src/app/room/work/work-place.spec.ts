import { workPlace } from './work-place';

describe('the address of a room', () => {
  it.each([
    [{}, { tab: null, task: null, pull: null }],
    [{ work: 'activity' }, { tab: 'activity', task: null, pull: null }],
    [{ work: 'nonsense' }, { tab: null, task: null, pull: null }],
    [{ task: '7' }, { tab: 'tasks', task: 7, pull: null }],
    [
      { pull: '3', work: 'members' },
      { tab: 'pulls', task: null, pull: 3 },
    ],
    [
      { task: '-1', pull: '0x10' },
      { tab: null, task: null, pull: null },
    ],
  ])('%o shows %o', (query: { work?: string; task?: string; pull?: string }, place) => {
    expect(workPlace(query.work, query.task, query.pull)).toEqual(place);
  });
});
