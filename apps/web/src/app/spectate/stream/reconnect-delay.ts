const FIRST = 500;
const LONGEST = 30_000;

/**
 * How long to wait before the next attempt: twice as long each time, up to half a minute, half of it by chance, so that a
 * restarted server is not met by everybody at once. Never sooner than the server asked for; at once if it said so.
 */
export function reconnectDelay(attempt: number, retryAfter: number | null, chance: number): number {
  if (retryAfter === 0 && attempt === 0) {
    return 0;
  }
  const ceiling = Math.min(FIRST * 2 ** attempt, LONGEST);
  const delay = Math.round(ceiling / 2 + (ceiling / 2) * chance);
  return retryAfter === null ? delay : Math.max(retryAfter, delay);
}
