import { hourBefore, waitFor } from './hourly.js';

const NOW = new Date('2026-02-17T12:00:00.000Z');
const ago = (minutes: number): Date => new Date(NOW.getTime() - minutes * 60_000);

describe('what may be done so many times an hour', () => {
  it('is free while there is something left of it', () => {
    expect(waitFor([], 2, NOW)).toBe(0);
    expect(waitFor([ago(1)], 2, NOW)).toBe(0);
  });

  it('waits until the oldest that counts is an hour old', () => {
    expect(waitFor([ago(1), ago(50)], 2, NOW)).toBe(10 * 60_000);
  });

  it('waits for as many to pass as are too many, if the limit was lowered meanwhile', () => {
    expect(waitFor([ago(1), ago(20), ago(50)], 1, NOW)).toBe(59 * 60_000);
  });

  it('is free again exactly an hour later', () => {
    expect(waitFor([ago(60)], 1, NOW)).toBe(0);
    expect(hourBefore(NOW)).toEqual(ago(60));
  });

  it('is never free where nothing is permitted', () => {
    expect(waitFor([], 0, NOW)).toBeGreaterThan(0);
  });
});
