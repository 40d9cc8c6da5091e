import { returnPath, withError } from './return-path.js';

describe('where a browser goes after signing in', () => {
  it.each(['/', '/rooms/1?tab=chat', '/settings#tokens'])('goes to %s as asked', (path) => {
    expect(returnPath(path)).toBe(path);
  });

  it.each([
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '/..//evil.example',
    '/.//evil.example',
    'rooms',
    '',
    '/a\nb',
    '/\t/evil.example',
    undefined,
    ['/a'],
    `/${'a'.repeat(600)}`,
  ])('goes home for %j', (path) => {
    expect(returnPath(path)).toBe('/');
  });

  it('says why it failed, beside what the address already says', () => {
    expect(withError('/settings?tab=account', 'provider_taken')).toBe('/settings?tab=account&error=provider_taken');
  });
});
