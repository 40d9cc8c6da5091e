import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull } from 'typeorm';
import type { HumanCaller } from '../../platform/caller.js';
import { Clock } from '../../platform/clock.js';
import { SETTINGS, type Settings } from '../../platform/config/settings.js';
import { GatheredReads } from '../../platform/database/gathered-reads.js';
import { UnitOfWork, type Work } from '../../platform/database/unit-of-work.js';
import { Refusal } from '../../platform/errors/refusal.js';
import { hashOfToken } from '../../platform/secret-token.js';
import { Connections } from '../../platform/sockets/connections.js';
import type { UserEntity } from '../../users/index.js';
import { decideRefresh, type PresentedRefreshToken } from '../domain/refresh-decision.js';
import { RefreshTokens } from './refresh-tokens.js';
import { RefreshTokenEntity, SessionEntity } from './session.entity.js';

interface PresentedRow {
  session_id: string;
  user_id: string;
  used_at: Date | null;
  expires_at: Date;
  revoked_at: Date | null;
}

interface LiveRow {
  id: string;
  user_id: string;
  username: string;
  role: 'user' | 'admin';
}

export interface OpenSession {
  readonly sessionId: string;
  readonly userId: string;
  readonly refreshToken: string;
}

const MAX_USER_AGENT = 300;

/** People's sessions: opened by signing in, kept alive by refreshing, and ended everywhere at once. */
@Injectable()
export class Sessions {
  private readonly live = new GatheredReads<string, LiveRow>(
    (sessionId) => sessionId,
    (sessionIds) => this.readLive(sessionIds),
  );

  constructor(
    private readonly dataSource: DataSource,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
    private readonly connections: Connections,
    private readonly refreshTokens: RefreshTokens,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async open({ manager, now }: Work, { id: userId }: Pick<UserEntity, 'id'>, userAgent = ''): Promise<OpenSession> {
    const session = manager.create(SessionEntity, {
      userId,
      createdAt: now,
      lastUsedAt: now,
      expiresAt: this.expiry(now),
      userAgent: userAgent.slice(0, MAX_USER_AGENT),
    });
    await manager.insert(SessionEntity, session);
    const refreshToken = this.refreshTokens.first();
    await manager.insert(RefreshTokenEntity, {
      tokenHash: hashOfToken(refreshToken),
      sessionId: session.id,
      createdAt: now,
    });
    return { sessionId: session.id, userId, refreshToken };
  }

  /** Exchanges a refresh token for its successor. One that was exchanged long ago ends its whole session. */
  async refresh(token: string): Promise<OpenSession> {
    const outcome = await this.unitOfWork.run<OpenSession | 'ended' | { reusedIn: string }>(
      async ({ manager, now }) => {
        // The lock makes refreshes of one session wait for one another, so that one exchanges and the others repeat its answer.
        const presented = await this.presented(manager, token, 'FOR UPDATE');
        if (!presented) {
          return 'ended';
        }
        const { session_id: sessionId, user_id: userId } = presented;
        const refreshToken = this.refreshTokens.successorOf(token);
        switch (decideRefresh(stateOf(presented), now)) {
          case 'rotate':
            await manager.update(RefreshTokenEntity, { tokenHash: hashOfToken(token) }, { usedAt: now });
            await manager.insert(RefreshTokenEntity, {
              tokenHash: hashOfToken(refreshToken),
              sessionId,
              createdAt: now,
            });
            await manager.update(SessionEntity, { id: sessionId }, { lastUsedAt: now, expiresAt: this.expiry(now) });
            return { sessionId, userId, refreshToken };
          case 'repeat':
            return { sessionId, userId, refreshToken };
          case 'reused':
            await manager.update(SessionEntity, { id: sessionId }, { revokedAt: now });
            return { reusedIn: sessionId };
          case 'ended':
            return 'ended';
        }
      },
    );
    if (outcome === 'ended') {
      throw sessionOver();
    }
    if ('reusedIn' in outcome) {
      await this.cutOff(outcome.reusedIn);
      throw sessionOver();
    }
    return outcome;
  }

  /** The person whose session a refresh token would still keep alive. Exchanges nothing. */
  async peek(token: string): Promise<HumanCaller | null> {
    const presented = await this.presented(this.dataSource.manager, token);
    const decision = presented ? decideRefresh(stateOf(presented), this.clock.now()) : 'ended';
    return presented && (decision === 'rotate' || decision === 'repeat')
      ? this.caller(presented.user_id, presented.session_id)
      : null;
  }

  /** The person behind a session, as they are now; null once it is over, or the person is banned or gone. */
  async caller(userId: string, sessionId: string): Promise<HumanCaller | null> {
    const row = await this.live.ask(sessionId);
    return row?.user_id === userId
      ? { type: 'human', id: userId, userId, name: row.username, isAdmin: row.role === 'admin', sessionId }
      : null;
  }

  /** Ends one session: its tokens are refused and its sockets are cut everywhere. */
  async end(sessionId: string): Promise<void> {
    await this.unitOfWork.run(({ manager, now }) =>
      manager.update(SessionEntity, { id: sessionId, revokedAt: IsNull() }, { revokedAt: now }),
    );
    await this.cutOff(sessionId);
  }

  /** Ends the session that a refresh token belongs to, however old the token is. */
  async endByRefreshToken(token: string): Promise<void> {
    const presented = await this.presented(this.dataSource.manager, token);
    if (presented) {
      await this.end(presented.session_id);
    }
  }

  /** Ends every session of a person. Their sockets are left to whoever closes the person's. */
  async endAllOf({ manager, now }: Work, userId: string): Promise<void> {
    await manager.update(SessionEntity, { userId, revokedAt: IsNull() }, { revokedAt: now });
  }

  private async readLive(sessionIds: readonly string[]): Promise<ReadonlyMap<string, LiveRow>> {
    const rows = await this.dataSource.query<LiveRow[]>(
      `SELECT s.id, s.user_id, u.username, u.role
         FROM sessions s JOIN users u ON u.id = s.user_id
        WHERE s.id = ANY ($1::uuid[]) AND s.revoked_at IS NULL AND s.expires_at > $2
          AND u.banned_at IS NULL AND u.deleted_at IS NULL`,
      [sessionIds, this.clock.now()],
    );
    return new Map(rows.map((row) => [row.id, row]));
  }

  private async presented(
    manager: EntityManager,
    token: string,
    lock: 'FOR UPDATE' | '' = '',
  ): Promise<PresentedRow | undefined> {
    const [row] = await manager.query<PresentedRow[]>(
      `SELECT t.session_id, t.used_at, s.user_id, s.expires_at, s.revoked_at
         FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id
        WHERE t.token_hash = $1 ${lock}`,
      [hashOfToken(token)],
    );
    return row;
  }

  private expiry(now: Date): Date {
    return new Date(now.getTime() + this.settings.refreshTokenSeconds * 1000);
  }

  private cutOff(sessionId: string): Promise<void> {
    return this.connections.closeAll(`session:${sessionId}`, 'You signed out');
  }
}

const stateOf = ({ used_at, expires_at, revoked_at }: PresentedRow): PresentedRefreshToken => ({
  usedAt: used_at,
  sessionExpiresAt: expires_at,
  sessionRevokedAt: revoked_at,
});

const sessionOver = (): Refusal => new Refusal('refresh_invalid', 'Your session is over; sign in again');
