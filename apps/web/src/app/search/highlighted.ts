export interface Part {
  readonly text: string;
  readonly isFound: boolean;
}

/** So much is shown before the first thing that was found. */
const BEFORE = 120;
const SHOWN = 420;

/** The part of a text in which something was found, cut into what was found and what stands between. */
export function highlighted(text: string, ranges: readonly (readonly [number, number])[]): Part[] {
  const first = ranges[0]?.[0] ?? 0;
  const start = first > BEFORE ? wordStart(text, first - BEFORE) : 0;
  const end = Math.min(text.length, start + SHOWN);
  const parts: Part[] = start > 0 ? [{ text: '…', isFound: false }] : [];
  let from = start;
  for (const [begin, until] of ranges.filter(([begin]) => begin >= start && begin < end)) {
    parts.push(
      { text: text.slice(from, begin), isFound: false },
      { text: text.slice(begin, Math.min(until, end)), isFound: true },
    );
    from = Math.min(until, end);
  }
  parts.push({ text: text.slice(from, end) + (end < text.length ? '…' : ''), isFound: false });
  return parts.filter(({ text }) => text !== '');
}

function wordStart(text: string, index: number): number {
  const blank = text.indexOf(' ', index);
  return blank === -1 ? index : blank + 1;
}
