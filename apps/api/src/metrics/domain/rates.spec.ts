import { ratesBetween, type Totals } from './rates.js';

const START: Totals = { atMs: 1000, messages: 5, answers: 10, answerSeconds: 1, failures: 1, cpuSeconds: 2 };

describe('The rates of a process', () => {
  it('are what happened between two moments', () => {
    const later: Totals = { atMs: 11_000, messages: 25, answers: 30, answerSeconds: 1.5, failures: 2, cpuSeconds: 7 };
    expect(ratesBetween(START, later)).toEqual({ messageRate: 2, avgResponseTime: 25, errorRate: 0.05, cpuUsage: 0.5 });
  });

  it('are zero where nothing happened', () => {
    expect(ratesBetween(START, START)).toEqual({ messageRate: 0, avgResponseTime: 0, errorRate: 0, cpuUsage: 0 });
  });
});
