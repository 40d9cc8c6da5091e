import { afterMergedPullRequest, earnsXp, NO_CONTRIBUTIONS } from './award.js';

describe('A merged pull request', () => {
  it('raises the level with the new total, not the old one', () => {
    const before = { totalXp: 95, level: 1, contributions: NO_CONTRIBUTIONS, skillAreas: ['python'] };
    expect(afterMergedPullRequest(before, ['python', 'documentation'])).toEqual({
      totalXp: 105,
      level: 2,
      contributions: { mergedPRs: 1, codeReviews: 0, projectsCompleted: 0 },
      skillAreas: ['python', 'documentation'],
    });
  });

  it.each([
    ['somebody else merged it', 'ann', 'bob', true],
    ['its own author merged it', 'ann', 'ann', false],
    ['nobody knows who merged it', 'ann', null, false],
    ['nobody knows whose work it is', null, 'bob', false],
  ])('earns something if %s: %s, %s → %s', (_, beneficiaryId, mergedByUserId, earns) => {
    expect(earnsXp({ beneficiaryId, mergedByUserId })).toBe(earns);
  });
});
