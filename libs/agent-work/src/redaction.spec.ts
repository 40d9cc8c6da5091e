import { describe, expect, it } from '@jest/globals';
import { redactor, secretsIn } from './redaction.js';

describe('secrets of the environment', () => {
  it('are known by the names of their variables', () => {
    const environment = {
      ANTHROPIC_API_KEY: 'sk-ant-12345678',
      GITHUB_TOKEN: 'ghp_12345678',
      DB_PASSWORD: 'correct horse',
      AWS_SECRET_ACCESS_KEY: 'abcdefgh1234',
      GIT_CONFIG_KEY: 'user.name1',
      HOME: '/home/ada',
      EDITOR: 'vim-is-an-editor',
      SSH_KEY: '/home/ada/.ssh/id',
      TOKEN: 'short',
    };
    expect(secretsIn(environment).map(([name]) => name)).toEqual([
      'ANTHROPIC_API_KEY',
      'GITHUB_TOKEN',
      'DB_PASSWORD',
      'AWS_SECRET_ACCESS_KEY',
      'GIT_CONFIG_KEY',
    ]);
  });

  it('are taken out of texts, the longer ones first', () => {
    const redact = redactor({ A_TOKEN: 'abcdefgh', B_TOKEN: 'abcdefgh-and-more' }, ['cta_own']);
    expect(redact('abcdefgh-and-more, abcdefgh and cta_own')).toBe('[secret], [secret] and [secret]');
  });

  it('that are empty change nothing', () => {
    expect(redactor({ A_TOKEN: '' }, [''])('text')).toBe('text');
  });
});
