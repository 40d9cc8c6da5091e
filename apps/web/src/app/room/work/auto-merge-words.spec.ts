import type { AutoMergeObstacle, AutoMergeStanding } from '@clawtank/contracts';
import { aPull, aTask, anAutoMerge } from '../testing/builders';
import { autoMergeWords } from './auto-merge-words';

const refusedFor = (obstacle: AutoMergeObstacle, message = '') =>
  aPull({ provider: 'github', autoMerge: anAutoMerge('refused', obstacle, message) });

describe('whether a pull request is merged by itself', () => {
  it.each<[AutoMergeStanding, string | null]>([
    ['archived', null],
    ['closed', null],
    ['off', null],
    ['paused', 'Not merged by itself while all agents of the room rest.'],
    ['waits_for_approval', 'Merges by itself as soon as somebody approves it.'],
    ['conflicts', 'Approved, and not merged by itself: it conflicts with main.'],
    ['other_base', 'Not merged by itself: it goes into main, which is not the default branch.'],
    ['ready', 'Approved by a reviewer: it is being merged.'],
  ])('is said in a sentence: %s', (standing, words) => {
    expect(autoMergeWords(standing, aPull(), aTask())).toBe(words);
  });

  it('is said of what the same task was handed in with before', () => {
    expect(autoMergeWords('superseded', aPull(), aTask({ number: 4, pullRequest: 7 }))).toBe(
      'Not needed any more: task 4 was handed in anew with #7.',
    );
  });

  it('is said of approved work where the setting is off', () => {
    expect(autoMergeWords('off', aPull(), aTask({ state: 'approved' }))).toContain('is off in this room');
  });

  it('is said of what was merged so, with who approved it', () => {
    expect(autoMergeWords('closed', aPull({ state: 'merged', autoMerge: anAutoMerge('merged', null) }), null)).toBe(
      'Merged by itself, as jonas had approved it.',
    );
  });

  it('says what stands in the way, in the words of the repository’s host if it has any', () => {
    expect(autoMergeWords('refused', refusedFor('checks'), null)).toContain('checks at GitHub fail or are not over.');
    expect(autoMergeWords('refused', refusedFor('rules', 'At least one review is required'), null)).toContain(
      'GitHub does not let it be merged: “At least one review is required”',
    );
    expect(autoMergeWords('refused', refusedFor('approver_may_not'), null)).toContain('jonas approved it');
  });
});
