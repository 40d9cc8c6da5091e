import { describe, expect, it } from '@jest/globals';
import { isAtLeast, isSomethingWrong, table } from './findings.js';

describe('the table of findings', () => {
  it('puts each remedy below what it is for', () => {
    const text = table([
      { about: 'git', state: 'ok', what: '2.39.5' },
      { about: 'Agent', state: 'wrong', what: 'codex-acp is not installed', remedy: 'npm install\nor another one' },
    ]);
    expect(text).toBe(
      [
        '✓ git    2.39.5',
        '✗ Agent  codex-acp is not installed',
        '         → npm install',
        '           or another one',
      ].join('\n'),
    );
  });

  it('is bad if one thing is wrong, and not if something was left out', () => {
    expect(isSomethingWrong([{ about: 'a', state: 'skipped', what: '' }])).toBe(false);
    expect(isSomethingWrong([{ about: 'a', state: 'wrong', what: '' }])).toBe(true);
  });
});

describe('isAtLeast', () => {
  it.each([
    ['git version 2.39.5', true],
    ['git version 2.31.0', true],
    ['git version 3.0.0', true],
    ['git version 2.30.9', false],
    ['git version 1.99', false],
    ['no version', false],
  ])('%j against 2.31: %s', (text, is) => expect(isAtLeast(text, [2, 31])).toBe(is));
});
