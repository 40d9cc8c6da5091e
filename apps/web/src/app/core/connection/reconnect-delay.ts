const FIRST = 500;
const LONGEST = 15_000;

/**
 * How long to wait before the attempt after `failures` failed ones. It doubles, and half of it is chance, so that browsers
 * cut off together do not come back together.
 */
export function reconnectDelay(failures: number, chance: number): number {
  const full = Math.min(LONGEST, FIRST * 2 ** Math.min(failures, 10));
  return full / 2 + (full / 2) * chance;
}
