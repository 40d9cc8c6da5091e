import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** What a token is for, readable from its first letters: an agent's identity, or a person's access to git. */
export type TokenKind = 'cta' | 'ctp';

export interface SecretToken {
  /** Shown to its owner once and kept nowhere. */
  readonly token: string;
  readonly hash: Buffer;
  /** Its beginning, by which its owner can tell it from others. */
  readonly prefix: string;
}

const SECRET_BYTES = 32;
const CHECKSUM_LENGTH = 7; // of 32 bits in base 36
const PREFIX_LENGTH = 10;
const FORMAT = /^(cta|ctp)_([A-Za-z0-9_-]{43})([0-9a-z]{7})$/;

/** A new random token. Its checksum lets scanners recognise it, and lets a mistyped one be refused without a look-up. */
export function newSecretToken(kind: TokenKind): SecretToken {
  const body = `${kind}_${randomBytes(SECRET_BYTES).toString('base64url')}`;
  const token = body + checksum(body);
  return { token, hash: hashOfToken(token), prefix: token.slice(0, PREFIX_LENGTH) };
}

/** The kind of a well-formed token, or null for anything else. */
export function tokenKind(token: string): TokenKind | null {
  const [, kind, secret, sum] = FORMAT.exec(token) ?? [];
  return kind && checksum(`${kind}_${secret}`) === sum ? (kind as TokenKind) : null;
}

/** Under which a token is kept. A plain hash is enough: nobody can guess 256 random bits. */
export const hashOfToken = (token: string): Buffer => createHash('sha256').update(token).digest();

const checksum = (body: string): string => crc32(body).toString(36).padStart(CHECKSUM_LENGTH, '0');
