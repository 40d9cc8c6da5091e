import { Handle } from '@clawtank/contracts';
import { handleCandidates } from './handle-candidates.js';

function first(login: string, count = 1): string[] {
  const candidates = handleCandidates(login);
  return Array.from({ length: count }, () => candidates.next().value as string);
}

describe('names for people who come from a provider', () => {
  it.each([
    ['octocat', 'octocat'],
    ['Ada.Lovelace', 'Ada-Lovelace'],
    ['josé__garcía', 'jose_garcia'],
    ['-_x-y_-', 'x-y'],
    ['a.-._b', 'a-b'],
    ['a', 'user'],
    ['漢字', 'user'],
    ['', 'user'],
    ['a-very-long-name-of-more-than-32-characters', 'a-very-long-name-of-more-than-32'],
  ])('calls %j %j', (login, handle) => {
    expect(first(login)).toEqual([handle]);
  });

  it('numbers them when the name is taken', () => {
    expect(first('octocat', 3)).toEqual(['octocat', 'octocat-2', 'octocat-3']);
  });

  it('offers valid names only, however long or odd the login is', () => {
    for (const login of [
      'x'.repeat(80),
      `${'ab-'.repeat(20)}`,
      `${'a'.repeat(29)}-_-b`,
      '..',
      '--__--',
      'Ünïcödé-ñame',
    ]) {
      for (const name of first(login, 120)) {
        expect(Handle.safeParse(name)).toEqual({ success: true, data: name });
      }
    }
  });
});
