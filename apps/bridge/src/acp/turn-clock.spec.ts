import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { TurnClock } from './turn-clock.js';

describe('the clock of a turn', () => {
  let clock: TurnClock;
  let ranOut: string | null;
  beforeEach(() => {
    jest.useFakeTimers();
    clock = new TurnClock({ idleMs: 1000, turnMs: 120_000 });
    ranOut = null;
    void clock.start().then((why) => (ranOut = why));
  });
  afterEach(() => {
    jest.useRealTimers();
  });
  const pass = (milliseconds: number) => jest.advanceTimersByTimeAsync(milliseconds);

  it('runs out when nothing happens', async () => {
    await pass(999);
    expect(ranOut).toBeNull();
    await pass(1);
    expect(ranOut).toBe('nothing was heard of the agent for 1 s');
  });

  it('does not while something happens, until the whole turn took too long', async () => {
    for (let passed = 0; passed < 119_500; passed += 500) {
      await pass(500);
      clock.stir();
    }
    expect(ranOut).toBeNull();
    await pass(500);
    expect(ranOut).toBe('the agent worked for 2 min without coming to an end');
  });

  it('stands still while people are asked, however many questions there are', async () => {
    await pass(500);
    let answer: () => void = () => undefined;
    const first = clock.standStill(() => new Promise<void>((resolve) => (answer = resolve)));
    await clock.standStill(async () => pass(60_000));
    clock.stir(); // what the agent says meanwhile does not start the clock
    await pass(200_000);
    expect(ranOut).toBeNull();

    answer();
    await first;
    await pass(1000);
    expect(ranOut).toBe('nothing was heard of the agent for 1 s');
  });

  it('counts only the time of work', async () => {
    for (let passed = 0; passed < 100_000; passed += 500) {
      await pass(500);
      clock.stir();
    }
    await clock.standStill(async () => pass(500_000));
    for (let passed = 0; passed < 19_500; passed += 500) {
      await pass(500);
      clock.stir();
    }
    expect(ranOut).toBeNull();
    await pass(500);
    expect(ranOut).toMatch(/worked for 2 min/);
  });

  it('that was stopped says nothing more', async () => {
    clock.stop();
    clock.stir();
    await pass(500_000);
    expect(ranOut).toBeNull();
  });
});
