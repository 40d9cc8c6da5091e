import { setImmediate as endOfTurn } from 'node:timers/promises';

/**
 * Answers all who ask for the same thing at the same time by one read. Who asks while it is being read waits for the next read of it,
 * which they share with others who wait. Nothing is kept: everybody is answered by a read that began after they asked, so that they
 * learn of all that was committed before. The answer is shared too: nobody may change it.
 */
export class SharedReads<Answer> {
  private readonly running = new Map<string, Promise<unknown>>();
  private readonly next = new Map<string, Promise<Answer>>();

  /** One key, one thing to read: `read` must mean the same to all who ask for `key`. */
  ask(key: string, read: () => Promise<Answer>): Promise<Answer> {
    const shared = this.next.get(key) ?? this.begin(key, read);
    this.next.set(key, shared);
    return shared;
  }

  /** After the one before; without one, when all that this turn of the event loop asks has been asked. */
  private async begin(key: string, read: () => Promise<Answer>): Promise<Answer> {
    await (this.running.get(key) ?? endOfTurn());
    this.next.delete(key);
    const answer = read();
    const settled = answer.then(
      () => undefined,
      () => undefined,
    );
    this.running.set(key, settled);
    void settled.then(() => {
      if (this.running.get(key) === settled) {
        this.running.delete(key);
      }
    });
    return answer;
  }
}
