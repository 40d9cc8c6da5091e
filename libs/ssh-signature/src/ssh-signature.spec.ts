import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  generateKeyPair,
  parsePrivateKey,
  parsePublicKey,
  type PrivateKey,
  type PublicKey,
  signPayload,
  verifySignature,
} from './index.js';

jest.setTimeout(30_000); // git and ssh-keygen start slowly on a busy machine

const PAYLOAD = Buffer.from('What was said, ünïcode and \0 included\n');
const NAMESPACE = 'clawtank';

let folder: string;
let ours: PrivateKey;
let theirs: PublicKey;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'clawtank-sshsig-'));
  keygen('-q', '-t', 'ed25519', '-N', '', '-f', 'theirs');
  theirs = publicKey(readFileSync(join(folder, 'theirs.pub'), 'utf8'));
  ours = newKey();
});
afterAll(() => rmSync(folder, { recursive: true }));

const keygen = (...args: string[]): string => execFileSync('ssh-keygen', args, { cwd: folder, encoding: 'utf8' });

function publicKey(line: string): PublicKey {
  const key = parsePublicKey(line);
  if (!key) {
    throw new Error(`Not a key: ${line}`);
  }
  return key;
}

function newKey(): PrivateKey {
  return parsePrivateKey(generateKeyPair().privateKey) as PrivateKey;
}

/** The signature that ssh-keygen makes of a file. */
function signedByOpenSsh(key: string, ...options: string[]): string {
  return execFileSync('ssh-keygen', ['-q', '-Y', 'sign', '-f', key, '-n', NAMESPACE, ...options], {
    cwd: folder,
    input: PAYLOAD,
    encoding: 'utf8',
  });
}

const judge = (signature: string | null, payload: Buffer = PAYLOAD, keys = [ours.publicKey, theirs]) =>
  verifySignature(signature, payload, { keys, namespace: NAMESPACE });

const armor = (bytes: Buffer): string =>
  `-----BEGIN SSH SIGNATURE-----\n${bytes.toString('base64')}\n-----END SSH SIGNATURE-----\n`;
const bytesOf = (signature: string): Buffer => Buffer.from(signature.split('\n').slice(1, -2).join(''), 'base64');

describe('a signature of ours', () => {
  it('is good to ssh-keygen', () => {
    writeFileSync(join(folder, 'allowed'), `agent@example ${ours.publicKey.line}\n`);
    writeFileSync(join(folder, 'ours.sig'), signPayload(PAYLOAD, ours, NAMESPACE));
    const options = ['-Y', 'verify', '-f', 'allowed', '-I', 'agent@example', '-n', NAMESPACE, '-s', 'ours.sig'];
    const { stdout, status } = spawnSync('ssh-keygen', options, { cwd: folder, input: PAYLOAD, encoding: 'utf8' });
    expect(stdout).toContain(`Good "${NAMESPACE}" signature for agent@example`);
    expect(status).toBe(0);
  });

  it('looks like one of OpenSSH, line by line', () => {
    const lengths = (signature: string) => signature.split('\n').map(({ length }) => length);
    expect(lengths(signPayload(PAYLOAD, ours, NAMESPACE))).toEqual(lengths(signedByOpenSsh('theirs')));
  });
});

describe('a signature', () => {
  it.each(['sha512', 'sha256'])('of ssh-keygen over %s is good', (hash) => {
    expect(judge(signedByOpenSsh('theirs', '-O', `hashalg=${hash}`))).toEqual({ verdict: 'good', key: theirs });
  });

  it('is good from any of the keys asked for, and says which', () => {
    const [one, two] = [newKey(), newKey()];
    const keys = [one.publicKey, two.publicKey];
    expect(judge(signPayload(PAYLOAD, two, NAMESPACE), PAYLOAD, keys)).toEqual({ verdict: 'good', key: two.publicKey });
  });

  it('that is not there is missed', () => {
    expect(judge(null)).toEqual({ verdict: 'unsigned' });
  });

  it('by a key that was not asked for is told apart', () => {
    const other = newKey();
    expect(judge(signPayload(PAYLOAD, other, NAMESPACE))).toEqual({
      verdict: 'other_key',
      fingerprint: other.publicKey.fingerprint,
    });
    expect(judge(signPayload(PAYLOAD, ours, NAMESPACE), PAYLOAD, [])).toMatchObject({ verdict: 'other_key' });
  });

  it.each(['ecdsa', 'rsa'])('by a key of type %s is another key’s', (type) => {
    keygen('-q', '-t', type, '-N', '', '-f', type);
    const [, fingerprint] = keygen('-l', '-f', `${type}.pub`).split(' ');
    expect(judge(signedByOpenSsh(type))).toEqual({ verdict: 'other_key', fingerprint });
  });

  it('made for another purpose does not count', () => {
    expect(judge(signPayload(PAYLOAD, ours, 'git'))).toEqual({ verdict: 'wrong_namespace', namespace: 'git' });
  });

  it('does not cover other bytes', () => {
    expect(judge(signPayload(PAYLOAD, ours, NAMESPACE), Buffer.concat([PAYLOAD, PAYLOAD]))).toEqual({
      verdict: 'tampered',
      fingerprint: ours.publicKey.fingerprint,
    });
  });

  it('cannot be moved to another key, purpose or hash', () => {
    const bytes = bytesOf(signPayload(PAYLOAD, ours, NAMESPACE)).toString('latin1');
    const raw = (key: PublicKey) => key.blob.subarray(-32).toString('latin1');
    const moved = (from: string, to: string) => judge(armor(Buffer.from(bytes.replace(from, to), 'latin1')));
    expect(moved(raw(ours.publicKey), raw(theirs))).toMatchObject({ verdict: 'tampered' });
    expect(moved(NAMESPACE, 'clawtanK')).toMatchObject({ verdict: 'tampered' });
    expect(moved('sha512', 'sha256')).toMatchObject({ verdict: 'tampered' });
  });

  it('of an unknown version, hash or kind is unreadable', () => {
    const bytes = bytesOf(signPayload(PAYLOAD, ours, NAMESPACE)).toString('latin1');
    const changed = (from: string, to: string) => judge(armor(Buffer.from(bytes.replace(from, to), 'latin1')));
    expect(changed('SSHSIG\0\0\0\x01', 'SSHSIG\0\0\0\x02')).toEqual({ verdict: 'unreadable' });
    expect(changed('SSHSIG', 'SSHSIX')).toEqual({ verdict: 'unreadable' });
    expect(changed('sha512', 'sha384')).toEqual({ verdict: 'unreadable' });
    expect(judge('-----BEGIN PGP SIGNATURE-----\n\niQ==\n-----END PGP SIGNATURE-----\n')).toEqual({
      verdict: 'unreadable',
    });
    expect(judge('')).toEqual({ verdict: 'unreadable' });
  });

  it('that is cut off anywhere, in its text or in its bytes, is unreadable', () => {
    const signature = signPayload(PAYLOAD, ours, NAMESPACE);
    const bytes = bytesOf(signature);
    expect(judge(armor(bytes))).toMatchObject({ verdict: 'good' });
    for (let length = 0; length < bytes.length; length += 1) {
      expect(judge(armor(bytes.subarray(0, length)))).toEqual({ verdict: 'unreadable' });
    }
    for (let length = 0; length < signature.trimEnd().length; length += 1) {
      expect(judge(signature.slice(0, length))).toEqual({ verdict: 'unreadable' });
    }
  });

  it('with anything before, between or after is unreadable', () => {
    const signature = signPayload(PAYLOAD, ours, NAMESPACE);
    const bytes = bytesOf(signature);
    for (const odd of [
      `x${signature}`,
      `${signature}x`,
      signature + signature,
      signature.replace('AAAA', 'AA-A'),
      armor(Buffer.concat([bytes, Buffer.from([0])])),
    ]) {
      expect(judge(odd)).toEqual({ verdict: 'unreadable' });
    }
  });

  it('is never good, and breaks nothing, with any bit turned over', () => {
    const bytes = bytesOf(signPayload(PAYLOAD, ours, NAMESPACE));
    for (let at = 0; at < bytes.length * 8; at += 1) {
      const turned = Buffer.from(bytes);
      turned.writeUInt8(turned.readUInt8(at >> 3) ^ (1 << (at & 7)), at >> 3);
      expect(judge(armor(turned)).verdict).not.toBe('good');
    }
  });
});
