import { Allowance } from './allowance.js';

describe('An allowance', () => {
  it('is used up, and comes back with time', () => {
    const allowance = new Allowance(2, 1000);
    expect([0, 10, 20, 999].map((now) => allowance.take(now))).toEqual([true, true, false, false]);
    expect([1000, 1005, 1010].map((now) => allowance.take(now))).toEqual([true, false, true]);
  });
});
