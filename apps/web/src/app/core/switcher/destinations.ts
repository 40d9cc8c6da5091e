import { fits } from './fuzzy';

/** Somewhere to go, or something to do. */
export interface Destination {
  readonly kind: 'room' | 'person' | 'agent' | 'action';
  readonly name: string;
  /** Where it is, or what it is for. */
  readonly note: string;
  readonly address: string;
  readonly unread: number;
  readonly calls: number;
}

const MOST = 12;
/** What is unread, and what was visited lately, comes before what fits a little better. */
const UNREAD_BONUS = 3;
const RECENT_BONUS = 2;

/**
 * What to offer for what was typed, the likeliest first. Without a word: what is unread and calls, then where the reader was
 * last, the present place left out.
 */
export function offer(
  typed: string,
  destinations: readonly Destination[],
  recent: readonly string[],
  here: string,
): Destination[] {
  const isAsking = typed.trim() !== '';
  const ranked = destinations.flatMap((destination) => {
    const fit = fits(typed, destination.name);
    const isWanted = fit !== null && (isAsking || destination.address !== here);
    return isWanted ? [{ destination, rank: fit + standing(destination, recent) * (isAsking ? 1 : 100) }] : [];
  });
  return ranked
    .sort((a, b) => b.rank - a.rank)
    .slice(0, MOST)
    .map(({ destination }) => destination);
}

function standing({ kind, address, unread, calls }: Destination, recent: readonly string[]): number {
  const place = recent.indexOf(address);
  const lately = place === -1 ? 0 : RECENT_BONUS * (1 - place / recent.length);
  return (calls > 0 ? UNREAD_BONUS + 1 : unread > 0 ? UNREAD_BONUS : 0) + lately - (kind === 'action' ? 1 : 0);
}
