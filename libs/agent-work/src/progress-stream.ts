import type { ProgressDigest, Update } from './progress-digest.js';

const INTERVAL_MS = 1000;

/** Tells the room what the agent is doing: the newest note, not more often than once a second. */
export class ProgressStream {
  private timer: NodeJS.Timeout | undefined;
  private lastAt = 0;
  private lastNote = '';

  constructor(
    readonly digest: ProgressDigest,
    private readonly send: (note: string, percent: number | undefined) => void,
  ) {}

  take(update: Update): void {
    this.digest.take(update);
    this.timer ??= setTimeout(() => this.flush(), Math.max(0, this.lastAt + INTERVAL_MS - performance.now()));
  }

  /** Tells now what waits. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { note, percent } = this.digest;
    if (note !== '' && note !== this.lastNote) {
      this.lastNote = note;
      this.lastAt = performance.now();
      this.send(note, percent);
    }
  }

  stop(): void {
    clearTimeout(this.timer);
  }
}
