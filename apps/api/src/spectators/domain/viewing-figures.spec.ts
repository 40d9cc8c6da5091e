import { ViewingFigures } from './viewing-figures.js';

const MINUTE = 60_000;

describe('Viewing figures', () => {
  it('remember the most who watched at once, for an hour', () => {
    const figures = new ViewingFigures();
    figures.counted(3, 0);
    figures.counted(9, MINUTE);
    figures.counted(2, 30 * MINUTE);
    expect(figures.recentPeak(60 * MINUTE)).toBe(9);
    expect(figures.recentPeak(61 * MINUTE)).toBe(2);
    expect(figures.recentPeak(200 * MINUTE)).toBe(0);
  });

  it('count who came within the last minute', () => {
    const figures = new ViewingFigures();
    [0, 1000, 59_000].forEach((at) => figures.joined(at));
    expect(figures.joinRate(59_500)).toBe(3);
    expect(figures.joinRate(60_500)).toBe(2);
    expect(figures.joinRate(10 * MINUTE)).toBe(0);
  });
});
