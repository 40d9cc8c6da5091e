const MAX_LENGTH = 32;
const MIN_LENGTH = 2;
const MAX_CANDIDATES = 1000;

/** Names for somebody who is called `login` elsewhere, best first; each is a valid handle. */
export function* handleCandidates(login: string): Generator<string> {
  const base = asHandle(login);
  yield base;
  for (let number = 2; number <= MAX_CANDIDATES; number++) {
    const suffix = `-${number}`;
    yield base.slice(0, MAX_LENGTH - suffix.length).replace(/[-_]+$/, '') + suffix;
  }
}

function asHandle(login: string): string {
  const handle = login
    .normalize('NFKD')
    .replace(/\p{Mark}+/gu, '')
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/([-_])[-_]+/g, '$1')
    .replace(/^[-_]+/, '')
    .slice(0, MAX_LENGTH)
    .replace(/[-_]+$/, '');
  return handle.length >= MIN_LENGTH ? handle : 'user';
}
