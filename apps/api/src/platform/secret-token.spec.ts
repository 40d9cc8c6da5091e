import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { hashOfToken, newSecretToken, tokenKind } from './secret-token.js';

const MANY = 400;
const SECRET = /^cta_([\w-]{43})[0-9a-z]{7}$/;
const bitsOf = (token: string): string =>
  [...Buffer.from(SECRET.exec(token)?.[1] ?? '', 'base64url')]
    .map((byte) => byte.toString(2).padStart(8, '0'))
    .join('');

describe('a secret token', () => {
  const tokens = Array.from({ length: MANY }, () => newSecretToken('cta'));

  it('says by its first letters what it is for', () => {
    expect(newSecretToken('cta').token).toMatch(/^cta_/);
    expect(newSecretToken('ctp').token).toMatch(/^ctp_/);
    expect(tokenKind(newSecretToken('ctp').token)).toBe('ctp');
  });

  it('has 256 bits, each of which is left to chance, and shows fewer of them than would help anybody', () => {
    const bits = tokens.map(({ token }) => bitsOf(token));
    expect(new Set(bits).size).toBe(MANY);
    expect(new Set(bits.map(({ length }) => length))).toEqual(new Set([256]));
    const fixed = Array.from({ length: 256 }, (_, at) => new Set(bits.map((of) => of[at]))).filter(
      ({ size }) => size < 2,
    );
    expect(fixed).toEqual([]);
    expect(256 - 6 * (tokens[0]!.prefix.length - 'cta_'.length)).toBeGreaterThanOrEqual(128);
  });

  it('is kept as its hash', () => {
    const { token, hash } = newSecretToken('cta');
    expect(hash).toEqual(createHash('sha256').update(token).digest());
    expect(hashOfToken(token)).toEqual(hash);
  });

  it('is known for one without a look-up, and a mistyped one for none', () => {
    const { token } = newSecretToken('cta');
    expect(tokenKind(token)).toBe('cta');
    const wrong = token.replace(/^cta_./, (start) => `cta_${start.endsWith('A') ? 'B' : 'A'}`);
    expect([wrong, token.slice(1), `${token}0`, ''].map(tokenKind)).toEqual([null, null, null, null]);
  });
});
