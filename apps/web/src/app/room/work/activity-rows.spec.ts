import { OTTER, aPull, aTask, anEvent } from '../testing/builders';
import { activityRows } from './activity-rows';

const HERON = { type: 'agent', id: 'heron', name: 'heron' } as const;
const progress = (seq: number, actor = OTTER, task = aTask()) => anEvent(seq, 'task.progressed', { task }, actor);

describe('the rows of the activity', () => {
  it('make one line of what an agent reports on one task in a row, the newest on top', () => {
    const [row, ...others] = activityRows([progress(1), progress(2), progress(3)]);
    expect(others).toEqual([]);
    expect(row?.event.seq).toBe(3);
    expect(row?.earlier.map(({ seq }) => seq)).toEqual([1, 2]);
  });

  it('tell a hand-in once, with its pull request, also where something happened in between', () => {
    const handedIn = (seq: number, pullRequest: number | null, submittedSha = 'a'.repeat(40)) =>
      anEvent(seq, 'task.submitted', { task: aTask({ state: 'in_review', submittedSha, pullRequest }) }, OTTER);
    const opened = anEvent(2, 'git.pr_opened', { pullRequest: aPull() }, OTTER);
    const rows = activityRows([handedIn(1, null), opened, handedIn(3, 1)]);
    expect(rows.map(({ event }) => event.seq)).toEqual([3, 2]);
    expect(activityRows([handedIn(1, null), handedIn(2, 1, 'b'.repeat(40))])).toHaveLength(2);
  });

  it('keep the key of a row that grows', () => {
    expect(activityRows([progress(1)])[0]?.key).toBe(activityRows([progress(1), progress(2)])[0]?.key);
  });

  it('tell apart other tasks, other agents, other states, and what happened in between', () => {
    const other = aTask({ id: 'task-2' });
    expect(activityRows([progress(1), progress(2, OTTER, other)])).toHaveLength(2);
    expect(activityRows([progress(1), progress(2, HERON)])).toHaveLength(2);
    expect(activityRows([progress(1), progress(2, OTTER, aTask({ state: 'in_review' }))])).toHaveLength(2);
    const joined = anEvent(2, 'agent.left', { memberId: 'heron', name: 'heron', reason: 'left' });
    expect(activityRows([progress(1), joined, progress(3)])).toHaveLength(3);
  });
});
