/**
 * Whether some file could be meant by both claims: each a file, a folder with all that is in it, or a pattern. No claim is ever
 * searched for, so that nobody can write one that takes for ever.
 */
export const claimsMeet = (one: string, other: string): boolean => namesAreAlike(namesOf(one), namesOf(other));

/** Whether a claim means this very file. */
export const claimMeans = (claim: string, file: string): boolean => namesAreAlike(namesOf(claim), file.split('/'));

/** Of two that overlap the one that says more exactly what is meant. */
export function moreExact(one: string, other: string): string {
  if (isFile(one) !== isFile(other)) {
    return isFile(one) ? one : other;
  }
  return one.length > other.length || (one.length === other.length && one < other) ? one : other;
}

const isPattern = (path: string): boolean => /[*?]/.test(path);

const isFile = (path: string): boolean => !isPattern(path) && !mayBeFolder(path);

/** Without an ending such as `.ts`, what it names may be a folder; and to that belongs whatever is below it. */
const mayBeFolder = (path: string): boolean => !isPattern(path) && !/[^/]\.[^/.]+$/.test(path);

const namesOf = (claim: string): string[] => {
  const names = claim.replace(/\/$/, '').split('/');
  return mayBeFolder(claim) ? [...names, '**'] : names;
};

const namesAreAlike = (one: readonly string[], other: readonly string[]): boolean =>
  canBeAlike(one, other, (name) => name === '**', nameIsAlike);

const nameIsAlike = (one: string, other: string): boolean =>
  one === other ||
  canBeAlike(
    [...one],
    [...other],
    (letter) => letter === '*',
    (a, b) => a === b || a === '?' || b === '?',
  );

/** Whether two sequences, in which some parts stand for any number of others, can stand for the same one. */
function canBeAlike(
  one: readonly string[],
  other: readonly string[],
  isMany: (part: string) => boolean,
  isAlike: (a: string, b: string) => boolean,
): boolean {
  // For each place in `other`: whether the rest from there can be alike to the rest of `one`, from here and from the next place on.
  let next: boolean[] = [];
  for (let at = one.length; at >= 0; at -= 1) {
    const here: boolean[] = [];
    for (let place = other.length; place >= 0; place -= 1) {
      const [a, b] = [one[at], other[place]];
      if (a === undefined && b === undefined) {
        here[place] = true;
      } else if ((a !== undefined && isMany(a)) || (b !== undefined && isMany(b))) {
        here[place] = (next[place] ?? false) || (here[place + 1] ?? false);
      } else {
        here[place] = a !== undefined && b !== undefined && (next[place + 1] ?? false) && isAlike(a, b);
      }
    }
    next = here;
  }
  return next[0] ?? false;
}
