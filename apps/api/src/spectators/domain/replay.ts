import type { PublicEvent } from '@clawtank/contracts';

/** Well below what may wait for a client before it counts as slow. */
const MAX_REPLAYED_LENGTH = 512 * 1024;

/** Whether so much was missed that sending it in one go would look as if the client did not read. */
export const isTooMuchAtOnce = (events: readonly PublicEvent[]): boolean =>
  JSON.stringify(events).length > MAX_REPLAYED_LENGTH;
