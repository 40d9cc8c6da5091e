import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { generateKeyPair, parsePrivateKey, parsePublicKey } from './index.js';

jest.setTimeout(30_000); // git and ssh-keygen start slowly on a busy machine

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'clawtank-keys-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const keygen = (...args: string[]): string => execFileSync('ssh-keygen', args, { cwd: folder, encoding: 'utf8' });

/** A key pair that OpenSSH made. */
function theirs(name: string, ...args: string[]): { privateKey: string; publicKey: string } {
  keygen('-q', '-N', '', '-C', 'somebody@somewhere', '-f', name, ...(args.length > 0 ? args : ['-t', 'ed25519']));
  return {
    privateKey: readFileSync(join(folder, name), 'utf8'),
    publicKey: readFileSync(join(folder, `${name}.pub`), 'utf8'),
  };
}

describe('a public key', () => {
  it('has the fingerprint that ssh-keygen shows', () => {
    const { publicKey } = theirs('shown');
    const [, fingerprint] = keygen('-l', '-f', 'shown.pub').split(' ');
    expect(parsePublicKey(publicKey)).toMatchObject({
      fingerprint,
      line: publicKey.split(' ').slice(0, 2).join(' '),
    });
  });

  it('is the same with another comment', () => {
    const { publicKey } = generateKeyPair('one');
    expect(parsePublicKey(publicKey.replace(' one', '  two words '))?.line).toBe(parsePublicKey(publicKey)?.line);
  });

  it.each([['rsa', '-b', '2048'], ['ecdsa']])('is not read if it is of the type %s', (type, ...more) => {
    expect(parsePublicKey(theirs(`other-${type}`, '-t', type, ...more).publicKey)).toBeNull();
  });

  it('is not read if it is not whole, or not alone', () => {
    const line = parsePublicKey(generateKeyPair().publicKey)?.line ?? '';
    for (let length = 0; length < line.length; length += 1) {
      expect(parsePublicKey(line.slice(0, length))).toBeNull();
    }
    for (const odd of [`${line}AAAA`, `${line}\n${line}`, `options ${line}`, line.replace('ed25519', 'ed448')]) {
      expect(parsePublicKey(odd)).toBeNull();
    }
  });
});

describe('a private key', () => {
  it('that OpenSSH made is read', () => {
    const { privateKey, publicKey } = theirs('made');
    expect(parsePrivateKey(privateKey)?.publicKey.line).toBe(parsePublicKey(publicKey)?.line);
  });

  it('that we made is read by OpenSSH', () => {
    const { privateKey, publicKey } = generateKeyPair('agent@agents.example');
    writeFileSync(join(folder, 'ours'), privateKey, { mode: 0o600 });
    expect(keygen('-y', '-P', '', '-f', 'ours')).toBe(publicKey);
  });

  it('is not read if it is encrypted, or of another type', () => {
    keygen('-q', '-t', 'ed25519', '-N', 'a passphrase', '-f', 'locked');
    expect(parsePrivateKey(readFileSync(join(folder, 'locked'), 'utf8'))).toBeNull();
    expect(parsePrivateKey(theirs('ecdsa', '-t', 'ecdsa').privateKey)).toBeNull();
  });

  it('is not read if it is cut short', () => {
    const { privateKey } = generateKeyPair();
    for (let length = 0; length < privateKey.trimEnd().length; length += 1) {
      expect(parsePrivateKey(privateKey.slice(0, length))).toBeNull();
    }
  });

  it('is not read if its halves do not belong together', () => {
    const bytes = (pem: string): Buffer => Buffer.from(pem.split('\n').slice(1, -2).join(''), 'base64');
    const [one, two] = [bytes(generateKeyPair().privateKey), bytes(generateKeyPair().privateKey)];
    // magic, three empty names, one key: its public half, then the section with the seed
    const seedAt = one.lastIndexOf('ssh-ed25519') + 11 + 4 + 32 + 4;
    two.copy(one, seedAt, seedAt, seedAt + 32);
    const pem = `-----BEGIN OPENSSH PRIVATE KEY-----\n${one.toString('base64')}\n-----END OPENSSH PRIVATE KEY-----\n`;
    expect(parsePrivateKey(pem)).toBeNull();
  });
});
