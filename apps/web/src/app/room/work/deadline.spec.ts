import { describeDeadline } from './deadline';

const MINUTE = 60_000;

describe('a deadline', () => {
  it.each([
    [30, 'due in 30 min'],
    [0.2, 'due in 1 min'],
    [90, 'due in 1 h'],
    [60 * 30, 'due in 30 h'],
    [60 * 24 * 3, 'due in 3 d'],
  ])('that is %d minutes off', (minutes, words) => {
    expect(describeDeadline(minutes * MINUTE, 0)).toEqual({ words, isOver: false });
  });

  it('that is weeks off is told by its day', () => {
    expect(describeDeadline(Date.UTC(2031, 2, 1, 12), 0).words).toContain('2031');
  });

  it('tells by how much it was missed', () => {
    expect(describeDeadline(0, 125 * MINUTE)).toEqual({ words: '2 h overdue', isOver: true });
  });
});
