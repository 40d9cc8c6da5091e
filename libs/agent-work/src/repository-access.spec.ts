import { describe, expect, it } from '@jest/globals';
import { accessTo, isRepositoryAddress } from './repository-access.js';
import { RepositoryClosed } from './room-repository.js';

const access = { server: new URL('https://tank.example'), token: 'cta_token' };
const HOSTED = { cloneUrl: '/git/room.git', defaultBranch: 'main' };
const ELSEWHERE = { cloneUrl: 'https://github.com/octo/tank.git', defaultBranch: 'trunk' };

const named = (...addresses: string[]) => ({ addresses, toName: (url: string) => `--repository ${url}` });

describe('access to a room’s repository', () => {
  it('is by the agent’s token at the server', () => {
    expect(accessTo(HOSTED, access, named('https://github.com/octo/tank'))).toEqual({
      address: { url: 'https://tank.example/git/room.git', defaultBranch: 'main' },
      credentials: access,
    });
  });

  it.each([
    'https://github.com/octo/tank',
    'https://github.com/Octo/Tank.git/',
    'git@github.com:octo/tank.git',
    'ssh://git@github.com/octo/tank',
    'work-account:octo/tank',
    '/srv/mirrors/octo/tank.git',
  ])('is by the owner’s credentials where its owner named it as %s', (own) => {
    expect(accessTo(ELSEWHERE, access, named('https://github.com/octo/other', own))).toEqual({
      address: { url: own, defaultBranch: 'trunk' },
      credentials: 'owners',
    });
  });

  it('finds a project in the folder of a GitLab that is not alone on its host', () => {
    const room = { cloneUrl: 'https://example.org/gitlab/group/sub/tank.git', defaultBranch: 'main' };
    expect(accessTo(room, access, named('git@example.org:group/sub/tank.git')).credentials).toBe('owners');
  });

  it.each([[], ['https://github.com/octo/other'], ['https://github.com/me/tank'], ['tank']])(
    'is refused where its owner named %j, whatever the room’s host says',
    (...addresses) => {
      const ask = () => accessTo(ELSEWHERE, access, named(...addresses));
      expect(ask).toThrow(RepositoryClosed);
      expect(ask).toThrow('by --repository https://github.com/octo/tank.git, or another address');
    },
  );
});

describe('the address of a repository', () => {
  it.each([
    ['https://github.com/octo/tank', true],
    ['git@github.com:octo/tank.git', true],
    ['ssh://git@github.com/octo/tank', true],
    ['../tank', true],
    ['https://octo:secret@github.com/octo/tank', false],
    ['ext::sh -c whoami', false],
    ['--upload-pack=touch', false],
    ['', false],
  ])('%j: %s', (text, is) => expect(isRepositoryAddress(text)).toBe(is));
});
