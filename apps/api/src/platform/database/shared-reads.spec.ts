import { setImmediate as turn } from 'node:timers/promises';
import { SharedReads } from './shared-reads.js';

/** Something stored, whose reads see what is there when they begin, and end when the test says so. */
class Shelf {
  stored = 1;
  began = 0;
  private readonly ends: ((error?: Error) => void)[] = [];
  private readonly reads = new SharedReads<{ seen: number }>();

  ask(key = 'a'): Promise<{ seen: number }> {
    return this.reads.ask(key, () => {
      this.began++;
      const seen = this.stored;
      return new Promise((resolve, reject) => {
        this.ends.push((error) => (error ? reject(error) : resolve({ seen })));
      });
    });
  }

  async end(error?: Error): Promise<void> {
    await turn();
    this.ends.shift()?.(error);
  }
}

describe('reads that are shared', () => {
  it('reads once for all who ask in one turn', async () => {
    const shelf = new Shelf();
    const [one, other] = [shelf.ask(), shelf.ask()];
    await shelf.end();
    expect(await one).toBe(await other);
    expect(shelf.began).toBe(1);
  });

  it('answers nobody by a read that began before they asked', async () => {
    const shelf = new Shelf();
    const early = shelf.ask();
    await turn();
    shelf.stored = 2;
    const late = [shelf.ask(), shelf.ask()];
    await shelf.end();
    await shelf.end();
    expect([await early, ...(await Promise.all(late))]).toEqual([{ seen: 1 }, { seen: 2 }, { seen: 2 }]);
    expect(shelf.began).toBe(2);
  });

  it('reads different things beside one another', async () => {
    const shelf = new Shelf();
    const answers = Promise.all([shelf.ask('a'), shelf.ask('b')]);
    await turn();
    expect(shelf.began).toBe(2);
    await shelf.end();
    await shelf.end();
    await answers;
  });

  it('fails for those who shared it, and not for those who asked later', async () => {
    const shelf = new Shelf();
    const failing = [shelf.ask(), shelf.ask()].map((each) => expect(each).rejects.toThrow('no connection'));
    await turn();
    const later = shelf.ask();
    await shelf.end(new Error('no connection'));
    await Promise.all(failing);
    await shelf.end();
    expect(await later).toEqual({ seen: 1 });
  });
});
