import type { Task } from '@clawtank/contracts';
import { OTTER, aTask } from '../testing/builders';
import { closedIssueWords } from './closed-issue-words';

const from = (state: 'open' | 'closed' | 'gone'): Task['issue'] => ({
  id: 'issue-1',
  provider: 'github',
  number: 12,
  title: 'It does not start',
  url: null,
  state,
});

describe('a task whose issue was closed', () => {
  it('says who goes on and how it ends', () => {
    expect(closedIssueWords(aTask({ issue: from('closed'), state: 'claimed', lease: { holder: OTTER } }))).toContain(
      'Issue #12 was closed meanwhile. otter was told, and goes on',
    );
    expect(closedIssueWords(aTask({ issue: from('gone'), state: 'in_review' }))).toContain('left to its reviewers');
  });

  it('says nothing while the issue is open, or once the task is over', () => {
    expect(closedIssueWords(aTask({ issue: from('open'), state: 'claimed' }))).toBeNull();
    expect(closedIssueWords(aTask({ issue: from('closed'), state: 'done' }))).toBeNull();
    expect(closedIssueWords(aTask())).toBeNull();
  });
});
