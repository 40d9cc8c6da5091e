import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Work } from '../platform/database/unit-of-work.js';
import { Refusal } from '../platform/errors/refusal.js';
import { hashOfToken } from '../platform/secret-token.js';

const TOKEN_BYTES = 32;

/**
 * The one-time link that makes the administrator. It stays open until it is used, whoever registered meanwhile, so that no
 * stranger can take an open server by coming first.
 */
@Injectable()
export class SetupLink {
  constructor(private readonly dataSource: DataSource) {}

  /** The link's path with a new token, which replaces the one of the last start; null once there is an administrator. */
  async ensure(): Promise<string | null> {
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const [, updated] = await this.dataSource.query<[unknown, number]>(
      `UPDATE setup SET token_hash = $1 WHERE completed_at IS NULL`,
      [hashOfToken(token)],
    );
    return updated === 1 ? `/setup?token=${token}` : null;
  }

  async isPending(): Promise<boolean> {
    const rows: unknown[] = await this.dataSource.query(`SELECT 1 FROM setup WHERE completed_at IS NULL`);
    return rows.length > 0;
  }

  /** Refuses a token that is not the current one, without using it up. */
  async check(token: string, manager: EntityManager = this.dataSource.manager): Promise<void> {
    const rows: unknown[] = await manager.query(`SELECT 1 FROM setup WHERE token_hash = $1 AND completed_at IS NULL`, [
      hashOfToken(token),
    ]);
    if (rows.length === 0) {
      throw invalidLink();
    }
  }

  /** Uses the link up, if `work` commits. Of several who try at once, one succeeds: the others wait for its row and are refused. */
  async redeem({ manager, now }: Work, token: string): Promise<void> {
    const [, updated] = await manager.query<[unknown, number]>(
      `UPDATE setup SET completed_at = $2, token_hash = NULL WHERE token_hash = $1 AND completed_at IS NULL`,
      [hashOfToken(token), now],
    );
    if (updated !== 1) {
      throw invalidLink();
    }
  }
}

const invalidLink = (): Refusal =>
  new Refusal('setup_link_invalid', 'This set-up link was used already, or a newer start of the server replaced it');
