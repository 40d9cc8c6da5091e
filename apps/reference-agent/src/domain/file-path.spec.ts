import { describe, expect, it } from '@jest/globals';
import { confinedPath } from './file-path.js';

describe('confinedPath', () => {
  it.each([
    ['a.md', 'a.md'],
    ['./docs//a.md', 'docs/a.md'],
    ['docs/.gitignore', 'docs/.gitignore'],
    ['.github/workflows/ci.yml', '.github/workflows/ci.yml'],
    ['a..b/c', 'a..b/c'],
    ['ümläut/文.md', 'ümläut/文.md'],
  ])('takes %j as %j', (path, confined) => expect(confinedPath(path)).toBe(confined));

  it.each([
    '',
    '.',
    '/',
    '/etc/passwd',
    '..',
    '../a',
    'a/../../b',
    'a/..',
    'docs/',
    '.git',
    '.git/config',
    'a/.GIT/hooks/x',
    '.git./config',
    '.g\u200cit/config',
    'git~1/config',
    '.git::$INDEX_ALLOCATION/config',
    'C:\\a',
    'c:a',
    'a\\..\\..\\b',
    'a\0b',
    'a\nb',
    'x'.repeat(501),
  ])('refuses %j', (path) => expect(confinedPath(path)).toBeNull());
});
