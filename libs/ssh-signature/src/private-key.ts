import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { armored, unarmored } from './armor.js';
import { KEY_TYPE, type PublicKey, publicKeyOf } from './public-key.js';
import { readWire, string, uint32 } from './wire.js';

const LABEL = 'OPENSSH PRIVATE KEY';
const MAGIC = 'openssh-key-v1\0';
const UNENCRYPTED = 'none';
/** The block size that OpenSSH pads to when nothing is encrypted. */
const BLOCK = 8;
const RAW_LENGTH = 32;

/** A key pair in memory. */
export interface PrivateKey {
  readonly keyObject: KeyObject;
  readonly publicKey: PublicKey;
}

/** A new key pair, as `ssh-keygen -t ed25519 -N ''` writes it: the private half for a file, the public half for everybody. */
export function generateKeyPair(comment = ''): { readonly privateKey: string; readonly publicKey: string } {
  const { privateKey } = generateKeyPairSync('ed25519');
  const [seed, raw] = halvesOf(privateKey);
  return {
    privateKey: formatPrivateKey(seed, raw, comment),
    publicKey: `${publicKeyOf(raw).line}${comment && ` ${comment}`}\n`,
  };
}

/** Reads an unencrypted OpenSSH private key; null if it is anything else. */
export function parsePrivateKey(text: string): PrivateKey | null {
  const bytes = unarmored(LABEL, text);
  const halves =
    bytes &&
    readWire(bytes, (reader) => {
      reader.must(reader.take(MAGIC.length).toString() === MAGIC);
      reader.must(reader.text() === UNENCRYPTED && reader.text() === UNENCRYPTED && reader.text() === '');
      reader.must(reader.uint32() === 1);
      const named = reader.string();
      const halves = readHalves(reader.string());
      reader.must(halves !== null && publicKeyOf(halves.raw).blob.equals(named));
      return halves;
    });
  return halves && privateKeyOf(halves.seed, halves.raw);
}

function readHalves(section: Buffer): { seed: Buffer; raw: Buffer } | null {
  return readWire(section, (reader) => {
    reader.must(reader.uint32() === reader.uint32());
    reader.must(reader.text() === KEY_TYPE);
    const raw = reader.string();
    const secret = reader.string();
    reader.must(raw.length === RAW_LENGTH && secret.length === 2 * RAW_LENGTH);
    reader.must(secret.subarray(RAW_LENGTH).equals(raw));
    reader.string(); // the comment
    reader.must(reader.rest().every((byte, index) => byte === index + 1));
    return { seed: secret.subarray(0, RAW_LENGTH), raw };
  });
}

/** Null if the two halves do not belong together. */
function privateKeyOf(seed: Buffer, raw: Buffer): PrivateKey | null {
  const [d, x] = [seed.toString('base64url'), raw.toString('base64url')];
  const keyObject = createPrivateKey({ key: { kty: 'OKP', crv: 'Ed25519', d, x }, format: 'jwk' });
  const belongs = createPublicKey(keyObject).export({ format: 'jwk' }).x === x;
  return belongs ? { keyObject, publicKey: publicKeyOf(raw) } : null;
}

function formatPrivateKey(seed: Buffer, raw: Buffer, comment: string): string {
  const check = randomBytes(4);
  const secret = Buffer.concat([
    check,
    check,
    string(KEY_TYPE),
    string(raw),
    string(Buffer.concat([seed, raw])),
    string(comment),
  ]);
  const padding = Buffer.from(
    Array.from({ length: (BLOCK - (secret.length % BLOCK)) % BLOCK }, (_, index) => index + 1),
  );
  return armored(
    LABEL,
    Buffer.concat([
      Buffer.from(MAGIC),
      string(UNENCRYPTED),
      string(UNENCRYPTED),
      string(''),
      uint32(1),
      string(publicKeyOf(raw).blob),
      string(Buffer.concat([secret, padding])),
    ]),
  );
}

function halvesOf(key: KeyObject): [seed: Buffer, raw: Buffer] {
  const { d = '', x = '' } = key.export({ format: 'jwk' });
  return [Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url')];
}
