import { type Inline, type LinkInline, textOfInlines } from './speech-tree';

const SCHEMES = ['http:', 'https:', 'mailto:'];

/** A link that may be offered, and where it leads; null for any other address. */
export function linkTo(address: string, title: string, words: readonly Inline[]): LinkInline | null {
  if (!URL.canParse(address)) {
    return null;
  }
  const url = new URL(address);
  if (!SCHEMES.includes(url.protocol)) {
    return null;
  }
  const place = url.protocol === 'mailto:' ? decoded(url.pathname) : url.host;
  const children = words.length > 0 ? words : [{ kind: 'text' as const, text: address }];
  return {
    kind: 'link',
    href: url.href,
    host: tells(textOfInlines(children), url, place) ? null : place,
    title,
    children,
  };
}

/** True if the words are the address itself, so that nobody is led to where the words do not say. */
function tells(words: string, url: URL, place: string): boolean {
  if (words === place) {
    return true;
  }
  const said = /^[\w.-]+\./.test(words) && !words.includes(':') ? `http://${words}` : words;
  return URL.canParse(said) && new URL(said).host === url.host && new URL(said).pathname === url.pathname;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
