import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from './config/settings.js';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Keeps secrets in the database unreadable without the server's key: AES-256-GCM, bound to the row they belong to, so that a
 * ciphertext copied to another row does not open.
 */
@Injectable()
export class SecretBox {
  private readonly key: Buffer;

  constructor(@Inject(SETTINGS) settings: Settings) {
    this.key = settings.encryptionKey;
  }

  /** `row` names where the secret is kept, e.g. `room_git_repos:<id>:webhook_secret`. */
  seal(secret: string, row: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.key, nonce).setAAD(Buffer.from(row));
    const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64');
  }

  /** The secret that was sealed for `row`; throws if it was sealed for another, with another key, or changed since. */
  open(sealed: string, row: string): string {
    const bytes = Buffer.from(sealed, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', this.key, bytes.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    })
      .setAAD(Buffer.from(row))
      .setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8');
  }
}
