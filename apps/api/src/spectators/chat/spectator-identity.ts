import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import * as z from 'zod';
import { SETTINGS, type Settings } from '../../platform/config/settings.js';

const Uuid = z.uuid();

/** Gives spectators who have no account an identity that only the server can give, and addresses a name that nobody can read. */
@Injectable()
export class SpectatorIdentity {
  private readonly key: Buffer;

  constructor(@Inject(SETTINGS) { jwtSecret }: Settings) {
    this.key = createHmac('sha256', jwtSecret).update('spectators').digest();
  }

  /** Somebody new. */
  create(): string {
    return randomUUID();
  }

  /** What proves to the server that it gave this identity. */
  tokenFor(spectatorId: string): string {
    return `${spectatorId}.${this.sign('identity', spectatorId)}`;
  }

  /** Whose token it is; null if the server did not make it. */
  identify(token: string): string | null {
    const [id = '', proof = ''] = token.split('.', 2);
    const [expected, given] = [Buffer.from(this.sign('identity', id)), Buffer.from(proof)];
    return Uuid.safeParse(id).success && given.length === expected.length && timingSafeEqual(given, expected)
      ? id
      : null;
  }

  /** Where somebody comes from, in a way that tells no address and cannot be compared between rooms. */
  originOf(address: string, roomId: string): string {
    return this.sign(`origin ${roomId}`, address);
  }

  private sign(purpose: string, text: string): string {
    return createHmac('sha256', this.key).update(`${purpose} ${text}`).digest('base64url').slice(0, 32);
  }
}
