import type { AccessToken, CreateAccessToken, NewAccessToken } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { HumanCaller } from '../../platform/caller.js';
import { Clock } from '../../platform/clock.js';
import { notFound } from '../../platform/errors/refusal.js';
import { hashOfToken, newSecretToken } from '../../platform/secret-token.js';
import { AccessTokenEntity } from './access-token.entity.js';

interface OwnerRow {
  token_id: string;
  last_used_at: Date | null;
  user_id: string;
  username: string;
  role: 'user' | 'admin';
}

/** `last_used_at` is kept to the minute, so that a busy token does not write with every request. */
const USED_EVERY_MS = 60_000;

/** People's tokens for git over HTTP. */
@Injectable()
export class PersonalTokens {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  async create(caller: HumanCaller, { name }: CreateAccessToken): Promise<NewAccessToken> {
    const { manager } = this.dataSource;
    const { token, hash, prefix } = newSecretToken('ctp');
    const entity = manager.create(AccessTokenEntity, {
      userId: caller.userId,
      name,
      tokenHash: hash,
      prefix,
      createdAt: this.clock.now(),
      lastUsedAt: null,
    });
    await manager.insert(AccessTokenEntity, entity);
    return { accessToken: present(entity), token };
  }

  async list(caller: HumanCaller): Promise<AccessToken[]> {
    const tokens = await this.dataSource.manager.find(AccessTokenEntity, {
      where: { userId: caller.userId },
      order: { createdAt: 'ASC', id: 'ASC' },
    });
    return tokens.map(present);
  }

  async revoke(caller: HumanCaller, id: string): Promise<void> {
    const { affected } = await this.dataSource.manager.delete(AccessTokenEntity, { id, userId: caller.userId });
    if (affected !== 1) {
      throw notFound('token');
    }
  }

  /** The person that this token names, unless it was revoked or they may not act. */
  async identify(token: string): Promise<HumanCaller | null> {
    const [row] = await this.dataSource.query<OwnerRow[]>(
      `SELECT t.id AS token_id, t.last_used_at, u.id AS user_id, u.username, u.role
         FROM access_tokens t JOIN users u ON u.id = t.user_id
        WHERE t.token_hash = $1 AND u.banned_at IS NULL AND u.deleted_at IS NULL`,
      [hashOfToken(token)],
    );
    if (!row) {
      return null;
    }
    const now = this.clock.now();
    if (!row.last_used_at || now.getTime() - row.last_used_at.getTime() >= USED_EVERY_MS) {
      await this.dataSource.manager.update(AccessTokenEntity, { id: row.token_id }, { lastUsedAt: now });
    }
    return { type: 'human', id: row.user_id, userId: row.user_id, name: row.username, isAdmin: row.role === 'admin' };
  }
}

const present = ({ id, name, prefix, createdAt, lastUsedAt }: AccessTokenEntity): AccessToken => ({
  id,
  name,
  prefix,
  createdAt: createdAt.toISOString(),
  lastUsedAt: lastUsedAt?.toISOString() ?? null,
});
