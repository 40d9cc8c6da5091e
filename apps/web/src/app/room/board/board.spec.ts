import type { Task } from '@clawtank/contracts';
import { JONAS, MARA, OTTER, aTask } from '../testing/builders';
import { type Place, columnsOf } from './board-lanes';
import { boardQuery, narrowed } from './board-query';
import { stepTo } from './board-steps';

const HERON = { type: 'agent', id: 'heron', name: 'heron' } as const;
const everything = { toChange: true, toReview: true };
const to = (task: Partial<Task>, place: Place, allowed = everything) => stepTo(aTask(task), place, allowed);
const handedIn = { state: 'in_review', submittedSha: 'a'.repeat(40), pullRequest: 4 } as const;
const held = { state: 'in_progress', lease: { holder: OTTER } } as const;

describe('the columns of the board', () => {
  it('have a row for each agent among what is open, also for one that has left', () => {
    const tasks = [
      aTask({ id: 'a', number: 1, assignedTo: null }),
      aTask({ id: 'b', number: 2, assignedTo: { type: 'agent', id: 'gone', name: 'gone' } }),
    ];
    const open = columnsOf(tasks, [OTTER])[0];
    expect(open?.lanes.map(({ heading, tasks }) => [heading, tasks.length])).toEqual([
      ['Whoever claims it', 1],
      ['otter', 0],
      ['gone', 1],
    ]);
  });

  it('put the most urgent first, then what is due first', () => {
    const tasks = [
      aTask({ id: 'a', number: 1, state: 'in_review' }),
      aTask({ id: 'b', number: 2, state: 'in_review', deadline: '2026-11-22T12:00:00.000Z' }),
      aTask({ id: 'c', number: 3, state: 'in_review', priority: 'high' }),
    ];
    const review = columnsOf(tasks, [])[2];
    expect(review?.lanes[0]?.tasks.map(({ number }) => number)).toEqual([3, 2, 1]);
  });

  it('keep what is over, however it ended, in the last one', () => {
    const tasks = (['done', 'cancelled', 'failed'] as const).map((state) => aTask({ id: state, state }));
    expect(columnsOf(tasks, []).map(({ count }) => count)).toEqual([0, 0, 0, 0, 0, 3]);
  });
});

describe('a move on the board', () => {
  it('to another agent’s row gives it to that agent', () => {
    expect(to({}, { column: 'open', agent: HERON })).toEqual({ kind: 'assign', agentId: 'heron' });
    expect(to({}, { column: 'open', agent: null })).toEqual({ kind: 'assign', agentId: null });
    expect(to({}, { column: 'open', agent: OTTER })).toEqual({ kind: 'stay' });
  });

  it('of what was handed in is a review', () => {
    expect(to(handedIn, { column: 'approved' })).toEqual({ kind: 'review', verdict: 'approved' });
    expect(to(handedIn, { column: 'changes' })).toEqual({ kind: 'review', verdict: 'changes_requested' });
    expect(to({ ...handedIn, state: 'approved' }, { column: 'changes' })).toMatchObject({ kind: 'review' });
  });

  it('calls off what is not over', () => {
    expect(to(held, { column: 'cancelled' })).toEqual({ kind: 'cancel' });
    expect(to({ state: 'done' }, { column: 'cancelled' })).toEqual({ kind: 'none', why: 'It is finished.' });
  });

  it.each<[string, Partial<Task>, Place, string]>([
    ['what is worked on', held, { column: 'open', agent: HERON }, 'otter is working on it.'],
    ['what was handed in', handedIn, { column: 'open', agent: HERON }, 'It was handed in already.'],
    ['to work', {}, { column: 'working' }, 'Agents take up work themselves.'],
    ['to review', held, { column: 'review' }, 'Agents hand in their work themselves.'],
    ['to approved without work', held, { column: 'approved' }, 'Nothing was handed in yet.'],
    [
      'to approved while changes are made',
      { ...handedIn, state: 'changes_requested' },
      { column: 'approved' },
      'It has to be handed in again first.',
    ],
    ['to done', handedIn, { column: 'done' }, 'Done once #4 is merged.'],
  ])('that is no step says why: %s', (_, task, place, why) => {
    expect(to(task, place)).toEqual({ kind: 'none', why });
  });

  it('is not offered to whom the server would refuse it', () => {
    const nothing = { toChange: false, toReview: false };
    expect(to({}, { column: 'open', agent: HERON }, nothing).kind).toBe('none');
    expect(to(handedIn, { column: 'approved' }, nothing).kind).toBe('none');
    expect(to(held, { column: 'cancelled' }, nothing).kind).toBe('none');
  });
});

describe('the board’s address', () => {
  const tasks = [
    aTask({ id: 'a', number: 1, title: 'Add login', priority: 'high', createdBy: MARA, assignedTo: null }),
    aTask({ id: 'b', number: 2, title: 'Write the manual', createdBy: JONAS, assignedTo: OTTER }),
  ];
  const found = (address: Parameters<typeof boardQuery>[0]) =>
    narrowed(tasks, boardQuery(address)).map(({ number }) => number);

  it('narrows by person or agent, urgency and words', () => {
    expect(found({})).toEqual([1, 2]);
    expect(found({ who: 'mara' })).toEqual([1]);
    expect(found({ who: 'otter' })).toEqual([2]);
    expect(found({ priority: 'high' })).toEqual([1]);
    expect(found({ text: 'MANUAL the' })).toEqual([2]);
    expect(found({ text: '#1' })).toEqual([1]);
  });

  it('takes nonsense for nothing', () => {
    expect(boardQuery({ priority: 'urgent', column: 'attic' })).toMatchObject({ priority: null, column: 'open' });
  });
});
