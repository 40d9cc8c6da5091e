import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '../../platform/config/settings.js';

const BYTES = 32;

/**
 * Refresh tokens: the first of a session is random, each further one is derived from the one before it with a key of the server.
 * So a token has exactly one successor: two tabs that refresh at once get the same, and a thief who is quick gets no branch of
 * his own, whose use would go unnoticed.
 */
@Injectable()
export class RefreshTokens {
  private readonly key: Buffer;

  constructor(@Inject(SETTINGS) { jwtSecret }: Settings) {
    this.key = Buffer.from(hkdfSync('sha256', jwtSecret, '', 'clawtank refresh successor', BYTES));
  }

  first(): string {
    return randomBytes(BYTES).toString('base64url');
  }

  successorOf(token: string): string {
    return createHmac('sha256', this.key).update(token).digest('base64url');
  }
}
