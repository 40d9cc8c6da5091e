const FIRST_MS = 500;
const LONGEST_MS = 15_000;

/** How long to wait before the attempt after `failures` failed ones: it doubles, and half of it is chance, so that agents cut off together do not return together. */
export function reconnectDelay(failures: number, chance: number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures, 10));
  return full / 2 + (full / 2) * chance;
}
