const MAX_LENGTH = 500;

/** Where a browser goes after signing in: a path of this site, whatever was asked. */
export function returnPath(asked: unknown): string {
  if (typeof asked !== 'string' || asked.length > MAX_LENGTH || !/^\/(?![/\\])[\x21-\x7e]*$/.test(asked)) {
    return '/';
  }
  const { pathname, search, hash } = new URL(asked, 'http://here');
  // `/..//elsewhere` becomes `//elsewhere`, which a browser would take for another site.
  return pathname.startsWith('//') ? '/' : pathname + search + hash;
}

/** `path` with the reason why signing in failed. */
export function withError(path: string, code: string): string {
  const url = new URL(path, 'http://here');
  url.searchParams.set('error', code);
  return url.pathname + url.search + url.hash;
}
