import type { Seat } from '../state/seats';

const MOST = 8;

/** The mention that is being typed at the caret: where its `@` stands and what follows so far; null if none is. */
export function mentionAtCaret(text: string, caret: number): { readonly from: number; readonly query: string } | null {
  const match = /(?:^|[\s([{,;:])@([\w-]*)$/.exec(text.slice(0, caret));
  return match ? { from: caret - (match[1] ?? '').length - 1, query: match[1] ?? '' } : null;
}

/** Who may be meant: names that begin so before names that only contain it, and agents first, as one mostly asks them. */
export function candidatesFor(query: string, seats: readonly Seat[], readerId: string): Seat[] {
  const wanted = query.toLowerCase();
  const rank = ({ name, type }: Seat) => (name.toLowerCase().startsWith(wanted) ? 0 : 2) + (type === 'agent' ? 0 : 1);
  return seats
    .filter(({ id, name }) => id !== readerId && name.toLowerCase().includes(wanted))
    .sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name))
    .slice(0, MOST);
}

/** The text with the mention written out, and where the caret belongs then. */
export function withMention(text: string, from: number, caret: number, name: string): { text: string; caret: number } {
  const after = text.slice(caret);
  const written = `${text.slice(0, from)}@${name}${/^\s/.test(after) ? '' : ' '}`;
  return { text: written + after, caret: written.length + (/^\s/.test(after) ? 1 : 0) };
}
