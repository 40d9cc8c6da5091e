import type { ActivityItem, ActivityPage } from '@clawtank/contracts';

/** The page that ends before a place. `older`: newest first, one more than `limit` if there is more. */
export const pageBefore = (older: readonly ActivityItem[], hasNewer: boolean, limit: number): ActivityPage => ({
  activity: older.slice(0, limit).reverse(),
  hasMore: older.length > limit,
  hasNewer,
});

/** The page that begins after a place. `newer`: oldest first, one more than `limit` if there is more. */
export const pageAfter = (newer: readonly ActivityItem[], hasMore: boolean, limit: number): ActivityPage => ({
  activity: newer.slice(0, limit),
  hasMore,
  hasNewer: newer.length > limit,
});

/** The page with a place in its middle, or as near to it as the ends of the log allow. The place itself is the newest of `older`. */
export function pageAround(
  older: readonly ActivityItem[],
  newer: readonly ActivityItem[],
  limit: number,
): ActivityPage {
  const half = Math.min(newer.length, Math.floor(limit / 2));
  const before = Math.min(older.length, limit - half);
  const after = Math.min(newer.length, limit - before);
  return {
    activity: [...older.slice(0, before).reverse(), ...newer.slice(0, after)],
    hasMore: older.length > before,
    hasNewer: newer.length > after,
  };
}
