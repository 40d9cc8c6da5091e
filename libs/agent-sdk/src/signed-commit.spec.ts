import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type AgentKey, AgentKeyStore } from './agent-keys.js';
import { signedCommit } from './signed-commit.js';

jest.setTimeout(30_000); // git starts slowly on a busy machine

const EMAIL = 'agt-1@agents.example';

let folder: string;
let worktree: string;
let key: AgentKey;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'clawtank-signed-commit-'));
  worktree = join(folder, 'worktree');
  key = await new AgentKeyStore(join(folder, 'keys')).keyOf('agt-1');
  writeFileSync(join(folder, 'allowed'), `${EMAIL} ${key.publicKey}\n`);
  execFileSync('git', ['init', '-q', '-b', 'main', worktree]);
});
afterEach(() => rmSync(folder, { recursive: true }));

const git = (...args: string[]): string =>
  execFileSync('git', ['-c', `gpg.ssh.allowedSignersFile=${join(folder, 'allowed')}`, ...args], {
    cwd: worktree,
    encoding: 'utf8',
  }).trim();
const write = (file: string, text: string): void => writeFileSync(join(worktree, file), text);
const commit = (message = 'Say hello', name = 'crusty (agent)') =>
  signedCommit({
    worktree,
    key,
    name,
    email: EMAIL,
    message,
    trailers: { 'ClawTank-Task': '7', 'Assisted-by': 'x:y' },
  });

describe('a signed commit', () => {
  it('is good to git, by the agent, with its trailers', async () => {
    write('hello.md', 'Hello\n');
    const first = await commit();
    write('bye.md', 'Bye\n');
    const second = await commit('Say goodbye\n\nAt last.\n');

    expect(git('log', '--format=%H %G? %GF|%an <%ae>|%cn <%ce>|%s')).toBe(
      [
        `${second} G ${key.fingerprint}|crusty (agent) <${EMAIL}>|crusty (agent) <${EMAIL}>|Say goodbye`,
        `${first} G ${key.fingerprint}|crusty (agent) <${EMAIL}>|crusty (agent) <${EMAIL}>|Say hello`,
      ].join('\n'),
    );
    expect(git('log', '-1', '--format=%(trailers:only,unfold)')).toBe('ClawTank-Task: 7\nAssisted-by: x:y');
    expect(git('rev-parse', 'main')).toBe(second);
    expect(git('status', '--porcelain')).toBe('');
    expect(git('fsck', '--strict')).toBe('');
  });

  it('holds what was added, changed and deleted, but not what the repository ignores', async () => {
    write('.gitignore', 'secret\n');
    write('old.md', 'Old\n');
    write('kept.md', 'Kept\n');
    await commit();
    rmSync(join(worktree, 'old.md'));
    write('kept.md', 'Changed\n');
    write('new.md', 'New\n');
    write('secret', 'x');
    await commit();
    expect(git('diff', '--name-status', 'HEAD~', 'HEAD').split('\n')).toEqual(['M\tkept.md', 'A\tnew.md', 'D\told.md']);
  });

  it('is not made when nothing was changed', async () => {
    write('hello.md', 'Hello\n');
    const first = await commit();
    expect(await commit()).toBeNull();
    expect(git('rev-parse', 'HEAD')).toBe(first);
  });

  it('takes names that git would refuse, and runs no hook', async () => {
    writeFileSync(join(worktree, '.git/hooks/reference-transaction'), `#!/bin/sh\ntouch ${folder}/ran\n`, {
      mode: 0o755,
    });
    write('hello.md', 'Hello\n');
    await commit('Say hello', '<cru\nsty>');
    expect(git('log', '-1', '--format=%an|%G?')).toBe('cru sty|G');
    expect(existsSync(join(folder, 'ran'))).toBe(false);
  });

  it('is not asked of the worktree of a git that started this process', async () => {
    process.env.GIT_DIR = join(folder, 'nowhere');
    try {
      write('hello.md', 'Hello\n');
      expect(await commit()).not.toBeNull();
    } finally {
      delete process.env.GIT_DIR;
    }
  });
});
