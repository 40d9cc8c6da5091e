/** So many within a span of time, and no more. */
export class Allowance {
  private readonly taken: number[] = [];

  constructor(
    private readonly amount: number,
    private readonly spanMs: number,
  ) {}

  /** Takes one if any is left. */
  take(now: number): boolean {
    while (this.taken[0] !== undefined && this.taken[0] <= now - this.spanMs) {
      this.taken.shift();
    }
    if (this.taken.length >= this.amount) {
      return false;
    }
    this.taken.push(now);
    return true;
  }
}
