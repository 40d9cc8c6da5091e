import { createHash, sign, verify } from 'node:crypto';
import { armored, unarmored } from './armor.js';
import type { PrivateKey } from './private-key.js';
import { fingerprintOf, KEY_TYPE, type PublicKey, readKeyBlob } from './public-key.js';
import { readWire, string, uint32, type WireReader } from './wire.js';

const LABEL = 'SSH SIGNATURE';
const MAGIC = 'SSHSIG';
const VERSION = 1;
const HASHES = ['sha512', 'sha256'] as const;
type Hash = (typeof HASHES)[number];

/** The namespace in which git signs commits and tags. */
export const GIT_NAMESPACE = 'git';

/** What is known of a signature. Every word is proved: a signature is only `other_key`'s or of a `wrong_namespace` if it is whole. */
export type SignatureVerdict =
  | { readonly verdict: 'good'; readonly key: PublicKey }
  /** There is none. */
  | { readonly verdict: 'unsigned' }
  /** Made by a key that was not asked for. For a key that is not ed25519, this is what the signature says of itself. */
  | { readonly verdict: 'other_key'; readonly fingerprint: string }
  /** The key it names did not sign these bytes. */
  | { readonly verdict: 'tampered'; readonly fingerprint: string }
  /** Made for another purpose. */
  | { readonly verdict: 'wrong_namespace'; readonly namespace: string }
  /** Not an SSH signature, or not a whole one. */
  | { readonly verdict: 'unreadable' };

interface SshSignature {
  readonly keyBlob: Buffer;
  readonly namespace: string;
  readonly reserved: Buffer;
  readonly hash: Hash;
  readonly signature: Buffer;
}

/** Signs as `ssh-keygen -Y sign -n namespace` does. */
export function signPayload(payload: string | Buffer, key: PrivateKey, namespace: string): string {
  const hash = HASHES[0];
  const signed = sign(null, signedData({ namespace, reserved: Buffer.alloc(0), hash }, payload), key.keyObject);
  return armored(
    LABEL,
    Buffer.concat([
      Buffer.from(MAGIC),
      uint32(VERSION),
      string(key.publicKey.blob),
      string(namespace),
      string(''),
      string(hash),
      string(Buffer.concat([string(KEY_TYPE), string(signed)])),
    ]),
  );
}

/** Judges an armored signature over a payload. It is good if one of `keys` made it in this namespace. */
export function verifySignature(
  signature: string | null,
  payload: string | Buffer,
  { keys, namespace }: { readonly keys: readonly PublicKey[]; readonly namespace: string },
): SignatureVerdict {
  if (signature === null) {
    return { verdict: 'unsigned' };
  }
  const bytes = unarmored(LABEL, signature);
  const parts = bytes && readWire(bytes, readSignature);
  if (!parts) {
    return { verdict: 'unreadable' };
  }
  const fingerprint = fingerprintOf(parts.keyBlob);
  const signer = readKeyBlob(parts.keyBlob);
  if (!signer) {
    return { verdict: 'other_key', fingerprint };
  }
  const raw = readWire(parts.signature, readEd25519);
  if (!raw) {
    return { verdict: 'unreadable' };
  }
  if (!verify(null, signedData(parts, payload), signer.keyObject, raw)) {
    return { verdict: 'tampered', fingerprint };
  }
  if (parts.namespace !== namespace) {
    return { verdict: 'wrong_namespace', namespace: parts.namespace };
  }
  const key = keys.find(({ line }) => line === signer.line);
  return key ? { verdict: 'good', key } : { verdict: 'other_key', fingerprint };
}

function readSignature(reader: WireReader): SshSignature {
  reader.must(reader.take(MAGIC.length).toString() === MAGIC && reader.uint32() === VERSION);
  const [keyBlob, namespace, reserved] = [reader.string(), reader.text(), reader.string()];
  reader.must(namespace !== '');
  const hash = reader.oneOf(HASHES);
  return { keyBlob, namespace, reserved, hash, signature: reader.string() };
}

function readEd25519(reader: WireReader): Buffer {
  reader.must(reader.text() === KEY_TYPE);
  return reader.string();
}

/** What the key really signs: the payload's hash, bound to the purpose it was signed for. */
function signedData(
  { namespace, reserved, hash }: Pick<SshSignature, 'namespace' | 'reserved' | 'hash'>,
  payload: string | Buffer,
): Buffer {
  return Buffer.concat([
    Buffer.from(MAGIC),
    string(namespace),
    string(reserved),
    string(hash),
    string(createHash(hash).update(payload).digest()),
  ]);
}
