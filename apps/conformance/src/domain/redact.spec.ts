import { redactor } from './redact.js';

describe('what is written down of an examination', () => {
  const redact = redactor(['correct horse battery', undefined, '']);

  it.each([
    ['a known secret', 'said correct horse battery twice'],
    ['an agent’s token', 'starting with cta_0123456789abcdefghij'],
    ['a personal token', '{"args":["--token=ctp_0123456789-abcdefghij"]}'],
    ['the token of a session', 'Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl'],
    [
      'basic authentication',
      `Authorization: Basic ${Buffer.from('agent:a long token of somebody').toString('base64')}`,
    ],
    ['a private key', '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----'],
    ['a private key in JSON', JSON.stringify('-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n')],
    ['a private key that breaks off', '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA'],
  ])('holds not %s', (_what, text) => {
    const left = redact(text);
    expect(left).toContain('[secret]');
    expect(left).not.toMatch(/correct horse|ct[ap]_|eyJ|Basic \w|AAAA/);
  });

  it('is left as it is otherwise', () => {
    const text = '{"branch":"clawtank/12-otter","sha":"0123456789abcdef0123456789abcdef01234567","Basic":"no"}';
    expect(redact(text)).toBe(text);
  });
});
