import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { fromBase64 } from './armor.js';
import { readWire, string } from './wire.js';

export const KEY_TYPE = 'ssh-ed25519';
const RAW_LENGTH = 32;

/** The public half of an ed25519 key, as OpenSSH knows it. */
export interface PublicKey {
  /** `ssh-ed25519 AAAA…`, without a comment: two keys are the same if these are. */
  readonly line: string;
  /** `SHA256:…`, as `ssh-keygen -l` shows it. */
  readonly fingerprint: string;
  /** The key as it is inside of signatures. */
  readonly blob: Buffer;
  readonly keyObject: KeyObject;
}

/** Reads a line as in a `.pub` file; null if it is not an ed25519 key. What follows the key is a comment and means nothing. */
export function parsePublicKey(text: string): PublicKey | null {
  const [type, base64] = text.trim().split(/[ \t]+/, 2);
  const isOneLine = !/[\r\n]/.test(text.trim());
  const blob = isOneLine && type === KEY_TYPE && base64 ? fromBase64(base64) : null;
  return blob && readKeyBlob(blob);
}

/** Reads a key as it is inside of signatures and lines; null if it is not an ed25519 key. */
export function readKeyBlob(blob: Buffer): PublicKey | null {
  const raw = readWire(blob, (reader) => {
    reader.must(reader.text() === KEY_TYPE);
    const key = reader.string();
    reader.must(key.length === RAW_LENGTH);
    return key;
  });
  return raw && publicKeyOf(raw);
}

/** The key of these 32 bytes. */
export function publicKeyOf(raw: Buffer): PublicKey {
  const blob = keyBlob(raw);
  return {
    line: `${KEY_TYPE} ${blob.toString('base64')}`,
    fingerprint: fingerprintOf(blob),
    blob,
    keyObject: createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') },
      format: 'jwk',
    }),
  };
}

function keyBlob(raw: Buffer): Buffer {
  return Buffer.concat([string(KEY_TYPE), string(raw)]);
}

export function fingerprintOf(blob: Buffer): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}
