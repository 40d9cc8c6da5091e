import picomatch from 'picomatch';

/** A path that work adds, changes or removes; a renamed file is one removed and one added. */
export interface ChangedPath {
  readonly path: string;
  /** It becomes a symbolic link or another repository: what is behind it may be anywhere. */
  readonly isLink: boolean;
}

/** Globs as the owner and as the room has set them. */
type Lists = readonly (readonly string[])[];

/** Beside stars, question marks and braces every character of a path stands for itself. */
const spelled = (glob: string): string =>
  `${glob}${glob.endsWith('/') ? '**' : ''}`.replace(/[()[\]|+^$@!]/g, String.raw`\$&`);

const sourceOf = (glob: string): string =>
  picomatch.makeRe(spelled(glob), { dot: true, noextglob: true, nonegate: true }).source;

/**
 * A regular expression for the paths that all of the lists permit; null without a list. What is left out is left out however its
 * letters are written, since on some disks `.GitHub` and `.github` are one folder.
 */
export function permittedPattern(lists: Lists): string | null {
  if (lists.length === 0) {
    return null;
  }
  const conditions = lists.map((globs) => {
    const only = globs.filter((glob) => !glob.startsWith('!'));
    const never = globs.filter((glob) => glob.startsWith('!')).map((glob) => glob.slice(1));
    const isOnly = only.length > 0 || never.length === 0 ? `(?=${either(only)})` : '';
    return `${isOnly}${never.length > 0 ? `(?!(?i:${either(never)}))` : ''}`;
  });
  return String.raw`^(?!(?:.*/)?\.{0,2}(?:/|$))${conditions.join('')}`;
}

/** The first of the paths that work may not touch; null if it may touch them all. */
export function firstForbidden(lists: Lists, changed: readonly ChangedPath[]): ChangedPath | null {
  const pattern = permittedPattern(lists);
  if (pattern === null) {
    return null;
  }
  const permitted = new RegExp(pattern, 's');
  return changed.find(({ path, isLink }) => isLink || !permitted.test(path)) ?? null;
}

/** What is wrong with a path, in a sentence. */
export const whyForbidden = ({ path, isLink }: ChangedPath, lists: Lists): string =>
  isLink
    ? `${path} is a link, and what is behind it may be outside of what this agent may touch: ${permittedInWords(lists)}`
    : `${path} is outside of what this agent may touch: ${permittedInWords(lists)}`;

/** Matches nothing if there is none. */
const either = (globs: readonly string[]): string =>
  globs.length > 0 ? `(?:${globs.map(sourceOf).join('|')})` : '(?!)';

export const permittedInWords = (lists: Lists): string =>
  lists.map((globs) => globs.join(', ') || 'nothing').join('; and ');
