const MINUTE_MS = 60_000;
const PEAK_MINUTES = 60;

/** How a room's audience went lately. Kept in memory, minute by minute, and forgotten after an hour. */
export class ViewingFigures {
  private readonly peaks = new Map<number, number>();
  private joins: number[] = [];

  /** Somebody came. */
  joined(now: number): void {
    this.joins.push(now);
  }

  /** So many are watching. */
  counted(total: number, now: number): void {
    const minute = Math.floor(now / MINUTE_MS);
    this.peaks.set(minute, Math.max(this.peaks.get(minute) ?? 0, total));
    this.forget(now);
  }

  /** The most who watched at once within the last hour. */
  recentPeak(now: number): number {
    this.forget(now);
    return Math.max(0, ...this.peaks.values());
  }

  /** How many came within the last minute. */
  joinRate(now: number): number {
    this.forget(now);
    return this.joins.length;
  }

  private forget(now: number): void {
    const oldest = Math.floor(now / MINUTE_MS) - PEAK_MINUTES;
    for (const minute of this.peaks.keys()) {
      if (minute <= oldest) {
        this.peaks.delete(minute);
      }
    }
    const firstRecent = this.joins.findIndex((at) => at > now - MINUTE_MS);
    this.joins = firstRecent < 0 ? [] : this.joins.slice(firstRecent);
  }
}
