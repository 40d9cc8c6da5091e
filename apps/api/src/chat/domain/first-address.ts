import { proseOf } from './prose.js';

const ADDRESS = /(?<!\w)https?:\/\/[^\s<>"\\^{|}]+/gi;
const MAX_LENGTH = 2000;

/** The first http(s) address that a text names outside of code, as a browser writes it; null if there is none. */
export function firstAddress(text: string): string | null {
  for (const [found] of proseOf(text).matchAll(ADDRESS)) {
    const url = URL.parse(withoutPunctuation(found));
    // A name and a password in an address are nobody's to send anywhere.
    if (url && url.username === '' && url.password === '' && url.href.length <= MAX_LENGTH) {
      return url.href;
    }
  }
  return null;
}

/** Without what belongs to the sentence: a bracket that was opened before the address, and what stands behind its last word. */
function withoutPunctuation(found: string): string {
  let open = 0;
  let end = 0;
  for (; end < found.length; end++) {
    open += found[end] === '(' ? 1 : found[end] === ')' ? -1 : 0;
    if (open < 0) {
      break;
    }
  }
  return found.slice(0, end).replace(/[.,;:!?'*_~\]]{1,20}$/, '');
}
