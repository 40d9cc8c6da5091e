import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  generateKeyPair,
  GIT_NAMESPACE,
  parseCommit,
  parsePrivateKey,
  type PrivateKey,
  signPayload,
  verifyCommit,
  withSignature,
} from './index.js';

jest.setTimeout(30_000); // git and ssh-keygen start slowly on a busy machine

const EMAIL = 'agt-1@agents.example';

let folder: string;
let key: PrivateKey;

beforeAll(() => {
  const pair = generateKeyPair();
  key = parsePrivateKey(pair.privateKey) as PrivateKey;
  folder = mkdtempSync(join(tmpdir(), 'clawtank-commit-'));
  writeFileSync(join(folder, 'key'), pair.privateKey, { mode: 0o600 });
  writeFileSync(join(folder, 'allowed'), `${EMAIL} ${key.publicKey.line}\n`);
});
afterAll(() => rmSync(folder, { recursive: true }));

let repositories = 0;
let repository: string;
beforeEach(() => {
  repository = newRepository('sha1');
});

function newRepository(format: 'sha1' | 'sha256'): string {
  const path = join(folder, `repository-${(repositories += 1)}`);
  execFileSync('git', ['init', '-q', '-b', 'main', `--object-format=${format}`, path]);
  return path;
}

function git(args: readonly string[], input?: Buffer | string): Buffer {
  const settings = {
    'user.name': 'crusty (agent)',
    'user.email': EMAIL,
    'gpg.format': 'ssh',
    'user.signingkey': join(folder, 'key'),
    'gpg.ssh.allowedSignersFile': join(folder, 'allowed'),
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return execFileSync('git', [...options, ...args], { cwd: repository, input, stdio: ['pipe', 'pipe', 'pipe'] });
}
const read = (revision = 'HEAD') => parseCommit(git(['cat-file', 'commit', revision]));
const verdict = (revision?: string) => verifyCommit(read(revision), [key.publicKey]).verdict;
const commit = (...options: string[]) => git(['commit', '-q', '--allow-empty', '-S', '-m', 'Add a file', ...options]);

/** Writes a commit of ours and points `main` to it. */
function writeCommit(payload: string): void {
  const object = withSignature(Buffer.from(payload), signPayload(payload, key, GIT_NAMESPACE));
  const sha = git(['hash-object', '-t', 'commit', '-w', '--stdin'], object).toString().trim();
  git(['update-ref', 'refs/heads/main', sha]);
}
const payloadOf = (message: string, more = ''): string => {
  const tree = git(['mktree'], '').toString().trim();
  const who = `crusty (agent) <${EMAIL}> 1700000000 +0000`;
  return `tree ${tree}\nauthor ${who}\ncommitter ${who}\n${more}\n${message}`;
};

describe('a commit that git signed', () => {
  it.each(['sha1', 'sha256'] as const)('is good in a repository with %s', (format) => {
    repository = newRepository(format);
    commit();
    expect(verdict()).toBe('good');
    expect(read().authorEmail).toBe(EMAIL);
  });

  it('is good with a message in another encoding, and with one that looks like a header', () => {
    git(['-c', 'i18n.commitEncoding=ISO-8859-1', 'commit', '-q', '--allow-empty', '-S', '-F', '-'], 'gr\xfcn\n');
    expect(verdict()).toBe('good');
    commit('-m', 'gpgsig -----BEGIN SSH SIGNATURE-----');
    expect(verdict()).toBe('good');
  });

  it('is good when it merges a signed tag, whose signature is not its own', () => {
    commit();
    git(['checkout', '-q', '-b', 'side']);
    commit('-m', 'Side');
    git(['tag', '-s', '-m', 'A signed tag', 'v1']);
    git(['checkout', '-q', 'main']);
    git(['merge', '-q', '--no-ff', '-m', 'Merge', 'v1']);
    expect(git(['cat-file', 'commit', 'HEAD']).toString()).toMatch(/\nmergetag object .*\n -----BEGIN SSH SIGNATURE/s);
    expect(verdict()).toBe('unsigned');
    git(['commit', '-q', '--amend', '--no-edit', '-S']);
    expect(git(['cat-file', 'commit', 'HEAD']).toString()).toMatch(/\nmergetag object/);
    expect(verdict()).toBe('good');
  });

  it('is told apart when it is unsigned, another’s, or changed', () => {
    commit('--no-gpg-sign');
    expect(verdict()).toBe('unsigned');
    commit();
    expect(verifyCommit(read(), []).verdict).toBe('other_key');
    const changed = git(['cat-file', 'commit', 'HEAD']).toString().replace('Add a file', 'Add a File');
    expect(verifyCommit(parseCommit(Buffer.from(changed)), [key.publicKey]).verdict).toBe('tampered');
  });
});

describe('a commit that we signed', () => {
  it.each(['A message', 'A message\n\nClawTank-Task: 7\n', '', '\n\n', 'ünïcode ✓\n'])(
    'is good to git, whatever it says: %j',
    (message) => {
      writeCommit(payloadOf(message));
      expect(git(['log', '-1', '--format=%G? %GS %GF']).toString().trim()).toBe(
        `G ${EMAIL} ${key.publicKey.fingerprint}`,
      );
      expect(git(['fsck', '--strict']).toString()).toBe('');
      expect(verdict()).toBe('good');
    },
  );

  it('is good in a repository with sha256', () => {
    repository = newRepository('sha256');
    writeCommit(payloadOf('Hello\n'));
    expect(git(['log', '-1', '--format=%G?']).toString().trim()).toBe('G');
    expect(verdict()).toBe('good');
  });
});

describe('the signature of a commit', () => {
  it('is looked for under the name of the repository’s hash, and none is in the payload', () => {
    const payload = payloadOf('Hello\n');
    const signature = signPayload(payload, key, GIT_NAMESPACE);
    const signed = withSignature(Buffer.from(payload), signature).toString();
    const forOther = signed.replace('gpgsig ', 'gpgsig-sha256 ');
    const both = withSignature(Buffer.from(forOther), signature);
    expect(parseCommit(Buffer.from(forOther)).signature).toBeNull();
    expect(parseCommit(both).payload.toString()).toBe(payload);
    expect(verifyCommit(parseCommit(both), [key.publicKey]).verdict).toBe('good');
  });

  it('must be the only one', () => {
    const payload = payloadOf('Hello\n');
    const once = withSignature(Buffer.from(payload), signPayload(payload, key, GIT_NAMESPACE));
    const twice = withSignature(once, signPayload(payload, key, GIT_NAMESPACE));
    expect(verifyCommit(parseCommit(twice), [key.publicKey]).verdict).toBe('unreadable');
  });

  it('in the namespace of something else does not count', () => {
    const payload = payloadOf('Hello\n');
    const object = withSignature(Buffer.from(payload), signPayload(payload, key, 'clawtank'));
    expect(verifyCommit(parseCommit(object), [key.publicKey])).toEqual({
      verdict: 'wrong_namespace',
      namespace: 'clawtank',
    });
  });
});

describe('the author of a commit', () => {
  it.each([
    ['is nobody if two are named', `author Other <other@example> 1700000000 +0000\n`],
    ['is the one in the header, whatever folded lines say', `odd a\n author Other <other@example> 1700000000 +0000\n`],
  ])('%s', (_, header) => {
    const { authorEmail } = parseCommit(Buffer.from(payloadOf('Hello\n', header)));
    expect(authorEmail).toBe(header.startsWith('author') ? null : EMAIL);
  });

  it.each(['author <> 1 +0000', 'author x', 'author a <b> <c> 1 +0000', 'author', ''])('is nobody in %j', (header) => {
    expect(parseCommit(Buffer.from(`tree x\n${header}\n\nHello`)).authorEmail).toBeNull();
  });
});

describe('a broken commit', () => {
  it('is never good and breaks nothing, wherever it is cut off', () => {
    commit();
    const object = git(['cat-file', 'commit', 'HEAD']);
    for (let length = 0; length < object.length; length += 1) {
      expect(verifyCommit(parseCommit(object.subarray(0, length)), [key.publicKey]).verdict).not.toBe('good');
    }
  });
});
