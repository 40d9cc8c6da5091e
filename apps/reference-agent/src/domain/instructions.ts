/** One change to the files of a repository, as a person asked for it. */
export type Edit =
  | { readonly kind: 'create'; readonly file: string; readonly text: string }
  | { readonly kind: 'append'; readonly file: string; readonly text: string }
  | { readonly kind: 'replace'; readonly file: string; readonly old: string; readonly by: string }
  | { readonly kind: 'delete'; readonly file: string }
  | { readonly kind: 'rename'; readonly from: string; readonly to: string };

export type Instructions =
  | { readonly understood: true; readonly edits: readonly Edit[] }
  /** The parts that make no sense to this agent; empty if nothing was asked. */
  | { readonly understood: false; readonly unclear: readonly string[] };

/** What the agent tells people who ask for something else. */
export const WHAT_I_UNDERSTAND =
  'I understand: create FILE with TEXT, append TEXT to FILE, replace OLD by NEW in FILE, delete FILE, rename A to B. ' +
  'Put TEXT that holds such words into quotes or a code block; separate several instructions by lines, ";" or "and then".';

const MAX_EDITS = 50;
const VERBS = 'create|append|add|replace|delete|remove|rename|move';
const POLITE =
  '(?:please|kindly|hey|hi|hello|thanks|ok|okay|now|also|first|next|then|and|finally|just|(?:could|can|would|will) you|i (?:want|need) you to)';

const MENTION = /^(?:(?:hey|hi|hello|ok|okay),?\s+)?@[\w-]+[\s,:;.!-]*/i;
const COURTESIES = new RegExp(`^(?:${POLITE}\\b[\\s,:!]*|[-*•]\\s+|\\d+[.)]\\s+)+`, 'i');
const FAREWELL = /\s*,?\s*\b(?:please|thanks|thank you)\s*[.!?]*$/i;
const SEPARATOR = new RegExp(
  `\\n|(?:\\s*;\\s*|\\s*,?\\s+(?:and\\s+)?then\\s+)(?=(?:${POLITE}\\b[\\s,]*)*(?:${VERBS})\\s)`,
  'i',
);

/** What was between quotes or fences, kept out of the way while the words around it are read. */
interface Literal {
  readonly source: string;
  readonly text: string;
}

/** Marks the place of a literal; from a range of Unicode that nobody types. */
const MARK = '\uE000';
const MARKED = new RegExp(`${MARK}(\\d+)${MARK}`, 'g');
const ONE_MARK = new RegExp(`^${MARK}(\\d+)${MARK}$`);

const FENCE = /(?:[ \t]*:)?\s*^[ \t]*(`{3,}|~{3,})[^\n]*\n([\s\S]*?)^[ \t]*\1[ \t]*$/gm;
const QUOTED = /(?<=^|[\s(:])(?:"([^"]*)"|“([^”]*)”|`([^`\n]*)`|'((?:[^'\n]|'(?=\w))*)')(?=$|[\s.,;:!?)])/g;

const TEXT = '([\\s\\S]+?)';
const FILE = '(?:(?:an?|the)\\s+)?(?:new\\s+)?(?:file\\s+)?(?:(?:named|called)\\s+)?(\\S+)';
/** "with the text" and its like say nothing if a literal follows. */
const ANNOUNCED = `(?:(?:the\\s+)?(?:following\\s+)?(?:text|contents?|lines?)\\s*:?\\s+(?=${MARK}))?`;

const CREATE = new RegExp(`^create\\s+${FILE}\\s+(?:with|containing)\\s*:?\\s+${ANNOUNCED}${TEXT}$`, 'i');
const APPEND = new RegExp(`^(?:append|add)\\s+${ANNOUNCED}([\\s\\S]+)\\s+to\\s+(?:the\\s+end\\s+of\\s+)?${FILE}$`, 'i');
const APPEND_BELOW = new RegExp(
  `^(?:append|add)\\s+to\\s+(?:the\\s+end\\s+of\\s+)?${FILE}\\s+(${MARK}\\d+${MARK})$`,
  'i',
);
const REPLACE = new RegExp(`^replace\\s+${TEXT}\\s+(?:by|with)\\s+([\\s\\S]+)\\s+in\\s+${FILE}$`, 'i');
const DELETE = new RegExp(`^(?:delete|remove)\\s+${FILE}$`, 'i');
const RENAME = new RegExp(`^(?:rename|move)\\s+${FILE}\\s+(?:to|as|into)\\s+(\\S+)$`, 'i');

/** Reads what somebody wrote to the agent as edits, all of it or nothing. */
export function readInstructions(message: string): Instructions {
  const literals: Literal[] = [];
  const parts = setLiteralsAside(message.replaceAll('\r\n', '\n').replaceAll(MARK, ''), literals)
    .trim()
    .replace(MENTION, '')
    .split(SEPARATOR)
    .map((part) => part.replace(COURTESIES, '').trim())
    .filter((part) => part !== '' && !/^(?:[.,;!?]+|thanks|thank you|please)[.!]*$/i.test(part));

  const read = parts.map((part) => ({ part, edit: readEdit(part, literals) }));
  const unclear = read.flatMap(({ part, edit }) => (edit ? [] : [sourceOf(part, literals)]));
  const edits = read.flatMap(({ edit }) => edit ?? []);
  return unclear.length > 0 || edits.length === 0 || edits.length > MAX_EDITS
    ? { understood: false, unclear }
    : { understood: true, edits };
}

function setLiteralsAside(message: string, literals: Literal[]): string {
  const keep = (source: string, text: string): string => `${MARK}${literals.push({ source, text }) - 1}${MARK}`;
  return message
    .replace(FENCE, (source: string, _fence: string, text: string) => ` ${keep(source, text)}`)
    .replace(QUOTED, (source: string, ...texts: (string | undefined)[]) => keep(source, texts.slice(0, 4).join('')));
}

function readEdit(part: string, literals: Literal[]): Edit | null {
  const file = (operand = ''): string => textOf(withoutFullStop(operand), literals);
  const text = (operand = ''): string => textOf(operand, literals);
  const last = (operand = ''): string => text(operand.trim().replace(/(?<=\uE000)[.!]+$/, ''));
  const polite = part.replace(FAREWELL, (farewell, at: number) =>
    farewell.includes(',') || endsInLiteral(part.slice(0, at)) || !/^(?:create)\s/i.test(part) ? '' : farewell,
  );

  const creation = CREATE.exec(polite);
  if (creation) {
    return { kind: 'create', file: file(creation[1]), text: last(creation[2]) };
  }
  const below = APPEND_BELOW.exec(polite);
  if (below) {
    return { kind: 'append', file: file(below[1]), text: text(below[2]) };
  }
  const addition = APPEND.exec(polite);
  if (addition) {
    return { kind: 'append', file: file(addition[2]), text: text(addition[1]) };
  }
  const replacement = REPLACE.exec(polite);
  if (replacement) {
    return { kind: 'replace', file: file(replacement[3]), old: text(replacement[1]), by: text(replacement[2]) };
  }
  const deletion = DELETE.exec(polite);
  if (deletion) {
    return { kind: 'delete', file: file(deletion[1]) };
  }
  const renaming = RENAME.exec(polite);
  return renaming && { kind: 'rename', from: file(renaming[1]), to: file(renaming[2]) };
}

const endsInLiteral = (part: string): boolean => part.trimEnd().endsWith(MARK);

const withoutFullStop = (operand: string): string => operand.replace(/(?<=.)[.,;!?]+$/, '');

/** The literal alone is what it holds; a literal among other words is what was typed. */
function textOf(operand: string, literals: Literal[]): string {
  const alone = ONE_MARK.exec(operand.trim());
  return alone ? (literals[Number(alone[1])]?.text ?? '') : sourceOf(operand.trim(), literals);
}

function sourceOf(part: string, literals: Literal[]): string {
  return part.replace(MARKED, (_mark, index: string) => literals[Number(index)]?.source.trim() ?? '');
}
