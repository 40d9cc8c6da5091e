/** Part of a line of speech. */
export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  /** Only ever an http or https address. */
  | { readonly kind: 'link'; readonly text: string; readonly href: string }
  | { readonly kind: 'mention'; readonly text: string; readonly name: string };

/** A stretch of speech, or code between fences. */
export type Block =
  | { readonly kind: 'prose'; readonly parts: readonly Inline[] }
  | { readonly kind: 'code'; readonly language: string; readonly text: string };

const FENCE = /^```([\w+#.-]*)[^\S\n]*\n([\s\S]*?)(?:\n```[^\S\n]*(?:\n|$)|$(?![\s\S]))/m;
const INLINE_CODE = /`([^`\n]+)`/;
const ADDRESS = /\bhttps?:\/\/[^\s<>"'`]+/i;
/** As the server finds mentions: not in the middle of a word, such as an e-mail address. */
const MENTION = /(?<![\w@/.-])@([A-Za-z0-9](?:[A-Za-z0-9]|[-_](?=[A-Za-z0-9]))*)/;

/** What was said, in parts that can be shown. `mentioned` are the names that stand for somebody in the room. */
export function speechTokens(text: string, mentioned: readonly string[]): Block[] {
  const names = new Set(mentioned.map((name) => name.toLowerCase()));
  const blocks: Block[] = [];
  let rest = text;
  for (let fence = FENCE.exec(rest); fence; fence = FENCE.exec(rest)) {
    addProse(blocks, rest.slice(0, fence.index), names);
    blocks.push({ kind: 'code', language: fence[1] ?? '', text: fence[2] ?? '' });
    rest = rest.slice(fence.index + fence[0].length);
  }
  addProse(blocks, rest, names);
  return blocks;
}

function addProse(blocks: Block[], text: string, names: ReadonlySet<string>): void {
  const trimmed = text.replace(/^\n+|\s+$/g, '');
  if (trimmed !== '') {
    blocks.push({ kind: 'prose', parts: inlineTokens(trimmed, names) });
  }
}

function inlineTokens(text: string, names: ReadonlySet<string>): Inline[] {
  const parts: Inline[] = [];
  let plain = '';
  let at = 0;
  while (at < text.length) {
    const found = nextToken(text, at, names);
    plain += text.slice(at, found?.from ?? text.length);
    if (!found) {
      break;
    }
    if (plain !== '') {
      parts.push({ kind: 'text', text: plain });
      plain = '';
    }
    parts.push(found.part);
    at = found.to;
  }
  return plain === '' ? parts : [...parts, { kind: 'text', text: plain }];
}

interface Found {
  readonly from: number;
  readonly to: number;
  readonly part: Inline;
}

function nextToken(text: string, at: number, names: ReadonlySet<string>): Found | null {
  const found = [codeAt(text, at), addressAt(text, at), mentionAt(text, at, names)].filter((one) => one !== null);
  return found.reduce<Found | null>((first, one) => (first === null || one.from < first.from ? one : first), null);
}

function codeAt(text: string, at: number): Found | null {
  const match = find(INLINE_CODE, text, at);
  return match && { ...match.span, part: { kind: 'code', text: match.groups[1] ?? '' } };
}

function addressAt(text: string, at: number): Found | null {
  const match = find(ADDRESS, text, at);
  if (!match) {
    return null;
  }
  const address = withoutTrailing(match.groups[0] ?? '');
  const href = URL.canParse(address) ? new URL(address).href : null;
  const to = match.span.from + address.length;
  return href === null
    ? addressAt(text, match.span.to)
    : { from: match.span.from, to, part: { kind: 'link', text: address, href } };
}

function mentionAt(text: string, at: number, names: ReadonlySet<string>): Found | null {
  const match = find(MENTION, text, at);
  if (!match) {
    return null;
  }
  const name = match.groups[1] ?? '';
  return names.has(name.toLowerCase())
    ? { ...match.span, part: { kind: 'mention', text: `@${name}`, name } }
    : mentionAt(text, match.span.to, names);
}

function find(
  pattern: RegExp,
  text: string,
  at: number,
): { span: { from: number; to: number }; groups: RegExpExecArray } | null {
  const searching = new RegExp(pattern.source, `${pattern.flags}g`);
  searching.lastIndex = at;
  const groups = searching.exec(text);
  return groups && { span: { from: groups.index, to: groups.index + groups[0].length }, groups };
}

/** An address at the end of a sentence, or in brackets, does not include what closes them. */
function withoutTrailing(address: string): string {
  let end = address.replace(/[.,;:!?…*_~]+$/, '');
  while (end.endsWith(')') && end.split(')').length > end.split('(').length) {
    end = end.slice(0, -1).replace(/[.,;:!?]+$/, '');
  }
  return end;
}
