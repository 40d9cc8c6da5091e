import { JONAS, MARA, OTTER, aMember, aPull, aTask, anEvent } from '../testing/builders';
import { collapse } from './work-lines';

const HERON = { type: 'agent' as const, id: 'heron', name: 'heron' };
const state = (status: 'working' | 'idle' | 'error') => ({ status, currentTask: null, reportedAt: null });
const push = {
  branch: 'otter/login',
  before: null,
  after: 'b',
  forced: false,
  totalCommits: 1,
  commits: [],
  filesChanged: [],
};
const held = aTask({ state: 'in_progress', lease: { holder: OTTER } });

const seqs = (lines: ReturnType<typeof collapse>) => lines.map(({ events }) => events.map(({ seq }) => seq));

describe('what happened while nobody spoke', () => {
  it('is one line for everything about one task, told by its newest event', () => {
    const lines = collapse([
      anEvent(1, 'task.created', { task: aTask() }, MARA),
      anEvent(2, 'agent.claimed_task', { task: held, ownerName: 'mara' }),
      anEvent(3, 'agent.status_change', { memberId: 'otter', name: 'otter', state: state('working') }),
      anEvent(4, 'task.progressed', { task: held }),
      anEvent(5, 'git.commit', { push }),
      anEvent(6, 'git.pr_opened', { pullRequest: aPull({ taskId: 'task-1' }) }),
      anEvent(7, 'task.submitted', { task: held }),
    ]);
    expect(seqs(lines)).toEqual([[1, 2, 3, 4, 5, 6, 7]]);
    expect(lines[0]?.newest.type).toBe('task.submitted');
  });

  it('is a line for each of two agents that work at the same time, in place of their first events', () => {
    const other = aTask({ id: 'task-2', number: 2, assignedTo: HERON, lease: { holder: HERON } });
    const lines = collapse([
      anEvent(1, 'task.progressed', { task: held }),
      anEvent(2, 'task.progressed', { task: other }, HERON),
      anEvent(3, 'task.progressed', { task: held }),
      anEvent(4, 'git.commit', { push }, HERON),
    ]);
    expect(seqs(lines)).toEqual([
      [1, 3],
      [2, 4],
    ]);
  });

  it('is a line for each task of one agent', () => {
    const next = aTask({ id: 'task-2', number: 2 });
    const lines = collapse([
      anEvent(1, 'task.completed', { task: held }),
      anEvent(2, 'task.created', { task: next }, MARA),
      anEvent(3, 'git.commit', { push }),
    ]);
    expect(seqs(lines)).toEqual([[1], [2, 3]]);
  });

  it('keeps its first event’s id, so that a line on screen stays the same line', () => {
    const first = anEvent(1, 'task.progressed', { task: held });
    const one = collapse([first]);
    const two = collapse([first, anEvent(2, 'task.submitted', { task: held })]);
    expect(two[0]?.id).toBe(one[0]?.id);
  });

  it('leaves out what rings and tabs say anyway, but not an agent’s trouble', () => {
    const status = (seq: number, name: 'working' | 'idle' | 'error') =>
      anEvent(seq, 'agent.status_change', { memberId: 'otter', name: 'otter', state: state(name) });
    expect(collapse([status(1, 'working'), status(2, 'idle')])).toEqual([]);
    expect(seqs(collapse([status(1, 'error')]))).toEqual([[1]]);
    expect(collapse([anEvent(3, 'git.pr_updated', { pullRequest: aPull() })])).toEqual([]);
  });

  it('does not mix people, nor one person’s branches', () => {
    const lines = collapse([
      anEvent(1, 'member.joined', { member: aMember(MARA) }, MARA),
      anEvent(2, 'member.joined', { member: aMember(JONAS) }, JONAS),
      anEvent(3, 'git.commit', { push }, MARA),
      anEvent(4, 'git.commit', { push: { ...push, branch: 'other' } }, MARA),
      anEvent(5, 'git.commit', { push }, MARA),
    ]);
    expect(seqs(lines)).toEqual([[1], [2], [3, 5], [4]]);
  });
});

describe('a merge', () => {
  it('tells more than the task it finished and the push it caused', () => {
    const pullRequest = aPull({ taskId: 'task-1', state: 'merged', mergedBy: JONAS });
    const commit = {
      sha: 'b',
      message: 'Merge pull request #1 from otter/login',
      authorClaim: 'jonas',
      timestamp: null,
    };
    const lines = collapse([
      anEvent(1, 'git.commit', { push: { ...push, branch: 'main', commits: [commit] } }, JONAS),
      anEvent(2, 'git.pr_merged', { pullRequest }, JONAS),
      anEvent(3, 'task.completed', { task: held }, { type: 'system', id: null, name: 'ClawTank' }),
    ]);
    expect(lines.map(({ newest }) => newest.type)).toEqual(['git.pr_merged']);
  });
});
