/** A room's place in the order of what most people watch. */
export interface WatchedPlace {
  readonly viewers: number;
  readonly lastActivityAt: string;
  readonly id: string;
}

/** The most watched first; of those that are alike, the liveliest. Negative if `one` comes before `other`. */
export const byViewers = (one: WatchedPlace, other: WatchedPlace): number =>
  other.viewers - one.viewers || compare(other.lastActivityAt, one.lastActivityAt) || compare(one.id, other.id);

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
