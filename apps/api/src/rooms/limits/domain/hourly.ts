const HOUR_MS = 3_600_000;

/** What happened at or before this moment no longer counts. */
export const hourBefore = (now: Date): Date => new Date(now.getTime() - HOUR_MS);

/**
 * Milliseconds until one more is within `perHour`, given when the latest were used, newest first; 0 if it is within it now. Where
 * nothing at all is permitted, as long as if the hour had just begun.
 */
export function waitFor(newestFirst: readonly Date[], perHour: number, now: Date): number {
  if (perHour === 0) {
    return HOUR_MS;
  }
  const inTheWay = newestFirst[perHour - 1];
  return inTheWay === undefined ? 0 : Math.max(0, inTheWay.getTime() + HOUR_MS - now.getTime());
}
