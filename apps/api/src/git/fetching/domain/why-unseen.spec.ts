import { whyUnseen } from './why-unseen.js';

describe('why a repository cannot be looked at', () => {
  it.each([
    ['exit', "fatal: Authentication failed for 'https://git.example/octo/tank.git/'", 'no_access'],
    ['exit', "fatal: could not read Username for 'https://git.example': terminal prompts disabled", 'no_access'],
    [
      'exit',
      "remote: Repository not found.\nfatal: repository 'https://git.example/octo/tank.git/' not found",
      'no_access',
    ],
    ['exit', "fatal: unable to access 'https://git.example/': The requested URL returned error: 403", 'no_access'],
    ['exit', "fatal: unable to access 'https://git.example/': The requested URL returned error: 502", 'unreachable'],
    ['exit', "fatal: unable to access 'https://git.example/': Could not resolve host: git.example", 'unreachable'],
    ['time_limit', 'The requested URL returned error: 403', 'unreachable'],
    ['disk_limit', '', 'too_large'],
  ] as const)('%s, %s: %s', (failure, stderr, why) => expect(whyUnseen({ failure, stderr })).toBe(why));
});
