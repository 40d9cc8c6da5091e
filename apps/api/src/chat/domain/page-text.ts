/** What a page says of itself, in plain words. */
export interface PageText {
  readonly title: string | null;
  readonly description: string | null;
  readonly site: string | null;
}

const MAX_TITLE = 200;
const MAX_DESCRIPTION = 300;
const MAX_SITE = 80;
/** The longest tag, and the longest title, that is looked at. */
const MAX_PIECE = 4096;

/** The characters of a page, by what its server, its first bytes or its head say of them; UTF-8 if that makes no sense. */
export function decodedPage(bytes: Buffer, contentType: string): string {
  const said = /charset\s*=\s*["']?([^\s"';]+)/i;
  const inHead = /<meta[^>]{0,200}charset\s*=\s*["']?([^\s"'/>;]+)/i;
  const label = said.exec(contentType)?.[1] ?? inHead.exec(bytes.toString('latin1', 0, 1024))?.[1];
  const startsWithMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return decoderFor(startsWithMark ? undefined : label).decode(bytes);
}

function decoderFor(label: string | undefined): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(label);
  } catch {
    return new TextDecoder(); // a character set that nobody knows
  }
}

/**
 * Reads `<title>` and `<meta>` of a page's head, tolerantly and in one pass, whatever the page is: a preview needs three
 * lines of text, not a document. The first of several wins, Open Graph before the rest.
 */
export function pageText(html: string): PageText {
  const { title, metas } = headOf(html);
  const first = (...names: string[]): string | undefined => names.map((name) => metas.get(name)).find(Boolean);
  return {
    title: line(first('og:title') ?? title ?? first('twitter:title'), MAX_TITLE),
    description: line(first('og:description', 'description', 'twitter:description'), MAX_DESCRIPTION),
    site: line(first('og:site_name', 'application-name'), MAX_SITE),
  };
}

function headOf(html: string): { title: string | undefined; metas: ReadonlyMap<string, string> } {
  const metas = new Map<string, string>();
  let title: string | undefined;
  const marks = /<(?:(!--)|(script|style|noscript|template|title|meta|body)(?=[\s/>]))/gi;
  for (let mark = marks.exec(html); mark; mark = marks.exec(html)) {
    const name = mark[2]?.toLowerCase();
    if (name === 'body') {
      break;
    }
    if (name === 'meta') {
      const { name: is, property, content } = attributesOf(html.slice(marks.lastIndex, marks.lastIndex + MAX_PIECE));
      const key = (property ?? is)?.toLowerCase();
      if (key !== undefined && content !== undefined && !metas.has(key)) {
        metas.set(key, content);
      }
      continue;
    }
    const end = endOf(html, name, marks.lastIndex);
    if (name === 'title') {
      title ??= html.slice(html.indexOf('>', marks.lastIndex) + 1, end).slice(0, MAX_PIECE);
    }
    marks.lastIndex = end;
  }
  return { title, metas };
}

/** Where a comment, or an element whose content is no markup, ends; a page that never ends it has nothing more to say. */
function endOf(html: string, name: string | undefined, from: number): number {
  const closing = name === undefined ? /-->/g : new RegExp(`</${name}`, 'gi');
  closing.lastIndex = from;
  return closing.exec(html)?.index ?? html.length;
}

/** The attributes of a tag, as far as they can be read: quotes may be missing. */
function attributesOf(tag: string): Readonly<Record<string, string>> {
  const attributes = /\s*(?:([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+)))?|[/"'=])/y;
  const found: Record<string, string> = Object.create(null) as Record<string, string>;
  for (let part = attributes.exec(tag); part; part = attributes.exec(tag)) {
    const [, name, ...values] = part;
    if (name !== undefined) {
      found[name.toLowerCase()] ??= values.find((value) => value !== undefined) ?? '';
    }
  }
  return found;
}

/** One line of plain text of at most so many characters; null if nothing is left of it. */
function line(text: string | undefined, most: number): string | null {
  const plain = withoutEntities(text ?? '')
    .toWellFormed()
    // Neither what steers a terminal nor what turns the reading direction around.
    .replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const characters = [...plain];
  return characters.length > most
    ? `${characters
        .slice(0, most - 1)
        .join('')
        .trimEnd()}…`
    : plain || null;
}

const LATIN_1 =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot ' +
  'cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml ' +
  'Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig ' +
  'agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ' +
  'ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml';
const ENTITIES: ReadonlyMap<string, string> = new Map([
  ...LATIN_1.split(' ').map((name, index) => [name, String.fromCodePoint(0xa0 + index)] as const),
  ...Object.entries({
    amp: '&',
    lt: '<',
    gt: '>',
    quot: '"',
    apos: "'",
    ndash: '–',
    mdash: '—',
    hellip: '…',
    bull: '•',
  }),
  ...Object.entries({ lsquo: '‘', rsquo: '’', sbquo: '‚', ldquo: '“', rdquo: '”', bdquo: '„', euro: '€', trade: '™' }),
]);

const withoutEntities = (text: string): string =>
  text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]\w{1,9}));/gi, (whole, decimal, hexadecimal, name) => {
    if (name !== undefined) {
      return ENTITIES.get(name as string) ?? whole;
    }
    const code = decimal === undefined ? parseInt(hexadecimal as string, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
