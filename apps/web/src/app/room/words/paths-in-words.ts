const MOST = 3;

/** A list of files as a sentence can hold it: the first few, and how many more there are. */
export function pathsInWords({
  paths,
  total,
}: {
  readonly paths: readonly string[];
  readonly total: number | null;
}): string {
  const named = paths.slice(0, MOST);
  const more = total === null ? paths.length - named.length : total - named.length;
  if (named.length === 0) {
    return '';
  }
  return more > 0 ? `${named.join(', ')} and ${more} more` : named.join(', ');
}
