/** Stand around what was found, in texts that are known not to contain them otherwise. */
export const FOUND_FROM = '\uE000';
export const FOUND_TO = '\uE001';

/** Where the marked parts of a text lie in the text without marks: [from, to) in UTF-16 code units, in order. */
export function highlightsIn(marked: string): [number, number][] {
  const ranges: [number, number][] = [];
  let at = 0;
  let start: number | null = null;
  for (const unit of marked.split('')) {
    if (unit === FOUND_FROM) {
      start = at;
    } else if (unit === FOUND_TO) {
      if (start !== null) {
        ranges.push([start, at]);
      }
      start = null;
    } else {
      at++;
    }
  }
  return ranges;
}
