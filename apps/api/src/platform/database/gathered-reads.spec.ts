import { setImmediate as turn } from 'node:timers/promises';
import { GatheredReads } from './gathered-reads.js';

/** A table of what has been stored, whose reads see what is there when they begin, and end when the test says so. */
class Table {
  readonly stored = new Map<string, number>();
  readonly asked: (readonly string[])[] = [];
  private readonly ends: ((error?: Error) => void)[] = [];

  readonly reads = new GatheredReads<string, number>(
    (key) => key,
    (keys) => {
      this.asked.push(keys);
      const seen = new Map(this.stored);
      return new Promise((resolve, reject) => {
        this.ends.push((error) => (error ? reject(error) : resolve(seen)));
      });
    },
  );

  async end(error?: Error): Promise<void> {
    await turn();
    this.ends.shift()?.(error);
  }
}

describe('reads that are gathered', () => {
  it('answers all that is asked in one turn by one read, and each key once', async () => {
    const table = new Table();
    table.stored.set('a', 1).set('b', 2);
    const answers = Promise.all(['a', 'b', 'a', 'c'].map((key) => table.reads.ask(key)));
    await table.end();
    expect(await answers).toEqual([1, 2, 1, undefined]);
    expect(table.asked).toEqual([['a', 'b', 'c']]);
  });

  it('answers nobody by a read that began before they asked', async () => {
    const table = new Table();
    table.stored.set('a', 1);
    const early = table.reads.ask('a');
    await turn();
    table.stored.set('a', 2);
    const late = [table.reads.ask('a'), table.reads.ask('a')];
    await table.end();
    await table.end();
    expect([await early, ...(await Promise.all(late))]).toEqual([1, 2, 2]);
    expect(table.asked).toEqual([['a'], ['a']]);
  });

  it('fails for those who asked together, and works on', async () => {
    const table = new Table();
    const failing = expect(table.reads.ask('a')).rejects.toThrow('no connection');
    await turn();
    const next = table.reads.ask('b');
    await table.end(new Error('no connection'));
    await failing;
    table.stored.set('b', 3);
    await table.end();
    expect(await next).toBeUndefined(); // its read began as soon as the other one had failed
    const again = table.reads.ask('b');
    await table.end();
    expect(await again).toBe(3);
  });

  it('never asks for more than a bounded number at once', async () => {
    const table = new Table();
    const answers = Promise.all(Array.from({ length: 1200 }, (_, index) => table.reads.ask(String(index))));
    for (let round = 0; round < 3; round++) {
      await table.end();
    }
    await answers;
    expect(table.asked.map(({ length }) => length)).toEqual([500, 500, 200]);
  });
});
