/** What may follow: a piece of a query, and what it is for. */
export interface Suggestion {
  readonly term: string;
  readonly what: string;
}

const OPERATORS: readonly Suggestion[] = [
  { term: 'from:', what: 'by somebody' },
  { term: 'in:', what: 'in a room' },
  { term: 'has:code', what: 'with code' },
  { term: 'has:link', what: 'with a link' },
  { term: 'has:image', what: 'with an image' },
  { term: 'is:task', what: 'that became a task' },
  { term: 'after:', what: 'since a day' },
  { term: 'before:', what: 'until a day' },
];

const MOST = 8;

export interface Known {
  readonly rooms: readonly string[];
  readonly people: readonly string[];
  /** The present day, as `2026-11-21`. */
  readonly today: string;
}

/** What may complete the last word of a query, or narrow it down further. */
export function suggestionsFor(query: string, { rooms, people, today }: Known): Suggestion[] {
  const word = lastWord(query);
  const [, operator, begun = ''] = /^(from|in|before|after):"?(.*)$/i.exec(word) ?? [];
  const values = (names: readonly string[], what: string) =>
    names
      .filter(
        (name) => name.toLowerCase().startsWith(begun.toLowerCase()) && name.toLowerCase() !== begun.toLowerCase(),
      )
      .map((name) => ({ term: `${operator?.toLowerCase()}:${quoted(name)}`, what }));
  switch (operator?.toLowerCase()) {
    case 'from':
      return values(people, 'by them').slice(0, MOST);
    case 'in':
      return values(rooms, 'in this room').slice(0, MOST);
    case 'before':
    case 'after':
      return values([today], 'today');
  }
  const used = new Set(query.toLowerCase().split(/\s+/));
  return OPERATORS.filter(
    ({ term }) => !used.has(term) && (word === '' || term.startsWith(word.toLowerCase()) || !word.includes(':')),
  );
}

/** The query with its last word completed by the term, or the term added; ready to be written on. */
export function withTerm(query: string, term: string): string {
  const word = lastWord(query);
  const [operator] = term.split(':', 1);
  const isBegun = word !== '' && (term.startsWith(word.toLowerCase()) || word.toLowerCase().startsWith(`${operator}:`));
  const kept = isBegun ? query.slice(0, query.length - word.length) : query.trim() === '' ? '' : `${query.trimEnd()} `;
  return `${kept}${term}${term.endsWith(':') ? '' : ' '}`;
}

/** A query that looks in one room. */
export const inRoom = (name: string): string => `in:${quoted(name)} `;

/** The word that is being written: empty after a blank, and together with its blanks inside quotes. */
const lastWord = (query: string): string => /(?:[^\s"]*"[^"]*|\S*)$/.exec(query)?.[0] ?? '';

const quoted = (name: string): string => (/^[\w-]+$/.test(name) ? name : `"${name.replaceAll('"', '')}"`);
