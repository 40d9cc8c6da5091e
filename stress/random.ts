import { createHash } from 'node:crypto';

/** Chance that can be repeated: the same seed gives the same numbers (mulberry32). */
export class Random {
  private state: number;

  constructor(private readonly seed: string) {
    this.state = createHash('sha256').update(seed).digest().readUInt32LE();
  }

  /** Another source that depends on this one's seed and on `name`, but not on how often this one was asked. */
  fork(name: string): Random {
    return new Random(`${this.seed}/${name}`);
  }

  /** At least 0, less than 1. */
  fraction(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number; both ends may come. */
  between(least: number, most: number): number {
    return least + Math.floor(this.fraction() * (most - least + 1));
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.between(0, items.length - 1)];
    if (item === undefined) {
      throw new Error('There is nothing to pick from');
    }
    return item;
  }

  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  /** An identifier that a client may choose for a command. */
  id(): string {
    return `stress-${this.between(0, 2 ** 31).toString(36)}-${this.between(0, 2 ** 31).toString(36)}`;
  }

  word(): string {
    return this.between(36 ** 5, 36 ** 6 - 1).toString(36);
  }
}
