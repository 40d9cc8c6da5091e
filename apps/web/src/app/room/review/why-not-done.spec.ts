import type { PresenceStatus, Task } from '@clawtank/contracts';
import { JONAS, MARA, OTTER, aMember, aPull, aTask, anApproval } from '../testing/builders';
import { type Surroundings, whyNotDone } from './why-not-done';

const SYSTEM = { type: 'system', id: null, name: 'ClawTank' } as const;
const seat = (presence: PresenceStatus, status: 'idle' | 'working' | 'error' = 'idle', answers = true) => ({
  ...aMember(OTTER, { agent: { status, currentTask: null, reportedAt: null } }),
  presence,
  answers,
});
const around = (changes: Partial<Surroundings> = {}): Surroundings => ({
  tasks: [],
  approvals: [],
  seats: [seat('active')],
  pull: null,
  conflicts: [],
  history: [],
  released: null,
  ...changes,
});
const why = (task: Partial<Task>, changes: Partial<Surroundings> = {}) =>
  whyNotDone(aTask(task), around(changes))?.text;
const step = (what: string, actor: Surroundings['history'][number]['actor'] = OTTER) => ({
  at: '2026-11-21T12:03:00.000Z',
  actor,
  what,
  note: null,
});
const held = { state: 'in_progress', lease: { holder: OTTER } } as const;
const review = { by: JONAS, sha: 'a'.repeat(40), comment: '', remarks: [], at: '2026-11-21T12:04:00.000Z' };

describe('why a task is not done', () => {
  it('is nothing once it is', () => {
    expect(why({ state: 'done' })).toBeUndefined();
  });

  it('says whose work it meets for certain', () => {
    const met = (number: number, kind: 'touched' | 'unmergeable' | 'claimed') => ({
      kind,
      other: { taskId: `${number}`, number, title: '' },
    });
    const progress = { note: 'x', percent: null, at: '2026-11-21T12:00:00.000Z' };
    expect(why({ ...held, progress }, { conflicts: [met(8, 'unmergeable'), met(9, 'touched')] })).toBe(
      'otter is working on it. It does not merge with task 8.',
    );
    expect(why({ state: 'in_review' }, { conflicts: [met(8, 'touched'), met(9, 'touched')] })).toBe(
      'In review; it changes the same files as tasks 8 and 9. Handed in',
    );
    expect(why({ ...held, progress }, { conflicts: [met(8, 'claimed')] })).toBe('otter is working on it.');
  });

  it('names the tasks that have to be done first', () => {
    const tasks = [
      aTask({ id: 'c', number: 5 }),
      aTask({ id: 'b', number: 3, state: 'in_review' }),
      aTask({ id: 'a', number: 2, state: 'done' }),
    ];
    expect(why({ dependsOn: ['a', 'b'] }, { tasks })).toBe('Waits for task 3.');
    expect(why({ dependsOn: ['a', 'b', 'c'] }, { tasks })).toBe('Waits for tasks 3 and 5.');
  });

  it('tells that what it waits for will never be done', () => {
    const tasks = [aTask({ id: 'b', number: 3, state: 'cancelled' })];
    expect(why({ dependsOn: ['b'] }, { tasks })).toBe(
      'Waits for task 3, which was called off: change what it waits for.',
    );
  });

  it('tells whom it waits for before it is taken', () => {
    expect(why({})).toBe('Waits for otter to claim it.');
    expect(why({ assignedTo: null })).toBe('Waits for an agent to claim it.');
    expect(why({ assignedTo: null }, { seats: [] })).toBe('Waits for an agent: none has a seat here.');
    expect(why({}, { seats: [seat('offline')] })).toBe('otter is offline.');
    expect(why({}, { seats: [seat('active', 'idle', false)] })).toBe('otter looks online and does not answer.');
    expect(why({}, { seats: [] })).toBe('otter has no seat here any more.');
  });

  it('tells that the lease ran out, or that it was given back', () => {
    expect(why({}, { history: [step('task.released', SYSTEM)], released: 'lease_expired' })).toBe(
      'Its lease ran out, as nobody was heard from; it waits to be claimed again.',
    );
    expect(why({}, { history: [step('task.released')], seats: [seat('offline')] })).toBe(
      'otter gave it back; otter is offline.',
    );
  });

  it('tells who has to decide before the work goes on', () => {
    expect(why(held, { approvals: [anApproval({ owner: MARA })] })).toBe('Waits for mara to decide: Run the tests.');
    expect(why(held, { approvals: [anApproval({ taskId: 'another' })] })).toBe('otter is working on it.');
  });

  it('tells how the work goes, and what keeps the agent', () => {
    expect(why({ ...held, progress: { note: '', percent: 60, at: '' } })).toBe('otter is working on it, 60\u00a0%.');
    expect(why(held, { seats: [seat('offline')] })).toBe('otter is offline, and has it until its lease runs out.');
    expect(why(held, { seats: [seat('active', 'error')] })).toBe(
      'otter reports a problem, and has it until its lease runs out.',
    );
  });

  it('tells since when it is in review', () => {
    expect(whyNotDone(aTask({ state: 'in_review' }), around({ history: [step('task.submitted')] }))).toEqual({
      text: 'In review, handed in',
      since: '2026-11-21T12:03:00.000Z',
    });
  });

  it('tells that a push took the approval away', () => {
    const history = [step('task.submitted'), step('task.reviewed', JONAS), step('task.reviewed', SYSTEM)];
    expect(why({ state: 'in_review' }, { history })).toBe(
      'It was approved, but a push has changed it since: it waits for another review.',
    );
    expect(why({ state: 'in_review' }, { history: [...history, step('task.submitted')] })).toBe('In review, handed in');
  });

  it('tells who asked for changes, and whether anybody makes them', () => {
    const task = { state: 'changes_requested', review: { ...review, verdict: 'changes_requested' } } as const;
    expect(why(task)).toBe('jonas asked for changes; otter has not taken them up yet.');
    expect(why(task, { seats: [seat('offline')] })).toBe('jonas asked for changes; otter is offline.');
  });

  it('tells what keeps approved work from being merged', () => {
    const task = { state: 'approved', review: { ...review, verdict: 'approved' } } as const;
    expect(why(task)).toBe('Approved by jonas; there is no pull request to merge yet.');
    expect(why(task, { pull: aPull() })).toBe('Approved by jonas; #1 waits to be merged.');
    const pull = aPull({ mergeability: { state: 'conflict', conflicts: [] } });
    expect(why(task, { pull })).toBe('Approved by jonas, but #1 conflicts with main.');
  });

  it('tells why it will not be', () => {
    expect(why({ state: 'failed', failure: 'No such lamp' })).toBe('otter could not do it: No such lamp.');
    expect(why({ state: 'cancelled' })).toBe('It was called off.');
  });
});
