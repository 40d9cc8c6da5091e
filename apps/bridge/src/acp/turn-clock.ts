/** Watches over one turn: that something happens from time to time, and that it ends some day. Waiting for people does not count. */
export class TurnClock {
  private idle: NodeJS.Timeout | undefined;
  private whole: NodeJS.Timeout | undefined;
  private runOut: ((why: string) => void) | undefined;
  private waiting = 0;
  private worked = 0;
  private since = 0;

  constructor(private readonly limits: { readonly idleMs: number; readonly turnMs: number }) {}

  /** Resolves, in words, when the time is up. */
  start(): Promise<string> {
    this.worked = 0;
    return new Promise((resolve) => {
      this.runOut = resolve;
      this.resume();
    });
  }

  /** Something happened. */
  stir(): void {
    if (this.runOut && this.waiting === 0) {
      clearTimeout(this.idle);
      this.idle = setTimeout(
        () => this.runOut?.(`nothing was heard of the agent for ${inWords(this.limits.idleMs)}`),
        this.limits.idleMs,
      );
    }
  }

  /** Stands still while a person is asked. */
  async standStill<Answer>(answer: () => Promise<Answer>): Promise<Answer> {
    if (this.waiting++ === 0) {
      this.pause();
    }
    try {
      return await answer();
    } finally {
      if (--this.waiting === 0 && this.runOut) {
        this.resume();
      }
    }
  }

  stop(): void {
    this.pause();
    this.runOut = undefined;
  }

  private pause(): void {
    clearTimeout(this.idle);
    clearTimeout(this.whole);
    this.worked += performance.now() - this.since;
  }

  private resume(): void {
    if (this.waiting > 0) {
      return;
    }
    this.since = performance.now();
    this.stir();
    this.whole = setTimeout(
      () => this.runOut?.(`the agent worked for ${inWords(this.limits.turnMs)} without coming to an end`),
      Math.max(0, this.limits.turnMs - this.worked),
    );
  }
}

function inWords(milliseconds: number): string {
  const minutes = milliseconds / 60_000;
  return minutes >= 1 ? `${Math.round(minutes)} min` : `${Math.round(milliseconds / 1000)} s`;
}
