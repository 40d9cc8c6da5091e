import type { ReputationEvent } from '@clawtank/contracts';

/** A day on which somebody earned XP: what that day brought, and the total at its end. */
export interface XpDay {
  /** Midnight of the reader's day, as a time value. */
  readonly day: number;
  readonly earned: number;
  readonly total: number;
}

/**
 * The total by day, oldest first, counted back from today's total: the ledger a page gets is only the newest part, so what
 * was earned before it is where the line begins.
 */
export function xpByDay(ledger: readonly ReputationEvent[], totalXP: number): XpDay[] {
  const earnedOn = new Map<number, number>();
  for (const { timestamp, xpAwarded } of ledger) {
    const day = new Date(timestamp).setHours(0, 0, 0, 0);
    earnedOn.set(day, (earnedOn.get(day) ?? 0) + xpAwarded);
  }
  let total = totalXP - ledger.reduce((sum, { xpAwarded }) => sum + xpAwarded, 0);
  return [...earnedOn.entries()]
    .sort(([one], [other]) => one - other)
    .map(([day, earned]) => ({ day, earned, total: (total += earned) }));
}

/** Round numbers for an axis from at most `low` to at least `high`, about four steps. */
export function axisTicks(low: number, high: number): number[] {
  const rough = Math.max(high - low, 1) / 4;
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max([1, 2, 5, 10].map((factor) => factor * magnitude).find((size) => size >= rough) ?? 10, 1);
  const first = Math.floor(low / step) * step;
  const count = Math.ceil((high - first) / step) + 1;
  return Array.from({ length: Math.max(count, 2) }, (_, index) => first + index * step);
}
