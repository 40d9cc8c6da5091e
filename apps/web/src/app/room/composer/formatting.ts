/** A text with what is selected in it. */
export interface Selected {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const MARKS: { readonly [Shortcut in string]: string } = {
  b: '**',
  i: '*',
  e: '`',
  'shift+x': '~~',
};

/** The marks that a shortcut puts around the selection; null for any other key. */
export function markOf({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): string | null {
  const isShortcut = (ctrlKey || metaKey) && !altKey;
  return isShortcut ? (MARKS[`${shiftKey ? 'shift+' : ''}${key.toLowerCase()}`] ?? null) : null;
}

/** Puts the marks around the selection, or takes them away if they are there. */
export function toggled({ text, start, end }: Selected, mark: string): Selected {
  const size = mark.length;
  const isMarked = text.slice(start - size, start) === mark && text.slice(end, end + size) === mark;
  // One star inside two is the other mark.
  const isOther = mark === '*' && text.slice(start - 2, start) === '**' && text.slice(start - 3, start) !== '***';
  if (isMarked && !isOther) {
    const without = text.slice(0, start - size) + text.slice(start, end) + text.slice(end + size);
    return { text: without, start: start - size, end: end - size };
  }
  const withMarks = text.slice(0, start) + mark + text.slice(start, end) + mark + text.slice(end);
  return { text: withMarks, start: start + size, end: end + size };
}

/** Puts what stands there between fences on lines of their own. */
export function fenced({ text, start, end }: Selected): Selected {
  const before = start === 0 || text[start - 1] === '\n' ? '' : '\n';
  const after = text[end] === '\n' || end === text.length ? '' : '\n';
  const fence = '`'.repeat(Math.max(3, longestRun(text.slice(start, end)) + 1));
  const block = `${before}${fence}\n${text.slice(start, end).replace(/\n+$/, '')}\n${fence}${after}`;
  const caret = start + block.length;
  return { text: text.slice(0, start) + block + text.slice(end), start: caret, end: caret };
}

const longestRun = (text: string): number => Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));

const CODE_LINES = 4;
const CODE =
  /[{};]\s*$|^\s{2,}\S|^\s*(?:import|export|const|let|var|def|class|fn|func|function|return|if|for|while|#include|public|private|SELECT|FROM)\b|=>|<\/?\w+[^>]*>|^\s*(?:\/\/|#|--)/;

/** Whether what was pasted is probably code: several lines, most of which look like it. */
export function looksLikeCode(text: string): boolean {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return (
    lines.length >= CODE_LINES &&
    !text.includes('```') &&
    lines.filter((line) => CODE.test(line)).length * 2 > lines.length
  );
}
