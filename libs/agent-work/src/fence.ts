/** Whose words they are, and how far they are to be believed. */
export interface Source {
  readonly author: string;
  readonly trust: 'owner' | 'member' | 'agent' | 'spectator' | 'webhook' | 'program';
}

const MAX_AUTHOR = 60;

/** Every way in which a text can begin a new line. */
const LINE_BREAK = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/;
/** What is not seen but read all the same: controls, marks that turn the direction of writing, tags, characters without width. */
const UNSEEN = /(?!\t)[\p{Cc}\p{Cf}\p{Co}]/gu;

/**
 * Somebody's words, marked as theirs. Each of their lines starts with a bar, so none of them can pass for the line that ends the
 * block or for a line outside of it.
 */
export function fenced(name: string, { author, trust }: Source, text: string, maxLength: number): string {
  const lines = shortened(text, maxLength).split(LINE_BREAK);
  return [
    `<<< ${name} by ${oneLine(author, MAX_AUTHOR)} (${trust})`,
    ...lines.map((line) => `| ${line.replace(UNSEEN, '')}`.trimEnd()),
    `>>> end of ${name}`,
  ].join('\n');
}

/** Somebody's words within a sentence of ours: one line, in quotation marks that they cannot close. */
export function oneLine(text: string, maxLength: number): string {
  const flat = text.split(LINE_BREAK).join(' ').replace(UNSEEN, '').replace(/\s+/g, ' ').trim();
  return JSON.stringify(shortened(flat, maxLength));
}

/** At most so many characters, an ellipsis included. */
export function shortened(text: string, maxLength: number): string {
  const points = [...text];
  return points.length > maxLength ? `${points.slice(0, maxLength - 1).join('')}…` : text;
}
