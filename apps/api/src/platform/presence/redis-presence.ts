import { Logger } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { isAtHand } from '../bus/redis.js';
import type { Clock } from '../clock.js';
import { combine, type Presence, PRESENCE_TTL_MS, type PresenceOf, type Sighting } from './presence.js';

const LAST_SEEN = 'lastSeenAt';
const REMEMBER_SECONDS = 30 * 86_400;

/**
 * Presence over several processes. One hash a member: each connection with its own expiry as a field, and when the member was
 * last seen. While Redis is away everybody looks offline; nothing else depends on it.
 */
export class RedisPresence implements Presence {
  private readonly logger = new Logger(RedisPresence.name);

  constructor(
    private readonly redis: Redis,
    private readonly prefix: string,
    private readonly clock: Clock,
  ) {}

  async seen(sightings: readonly Sighting[]): Promise<void> {
    const now = this.clock.now();
    const pipeline = this.redis.pipeline();
    for (const { memberId, connectionId, status } of sightings) {
      pipeline.hset(
        this.key(memberId),
        connectionId,
        `${status}:${now.getTime() + PRESENCE_TTL_MS}`,
        LAST_SEEN,
        now.toISOString(),
      );
      pipeline.expire(this.key(memberId), REMEMBER_SECONDS);
    }
    await this.quietly(() => pipeline.exec());
  }

  async gone(memberId: string, connectionId: string): Promise<void> {
    const key = this.key(memberId);
    await this.quietly(() =>
      this.redis
        .pipeline()
        .hdel(key, connectionId)
        .hset(key, LAST_SEEN, this.clock.now().toISOString())
        .expire(key, REMEMBER_SECONDS)
        .exec(),
    );
  }

  async of(memberIds: readonly string[]): Promise<ReadonlyMap<string, PresenceOf>> {
    const now = this.clock.now().getTime();
    const pipeline = this.redis.pipeline();
    memberIds.forEach((id) => pipeline.hgetall(this.key(id)));
    const answers = (isAtHand(this.redis) && (await this.quietly(() => pipeline.exec()))) || [];
    return new Map(
      memberIds.map((id, index) => {
        const { [LAST_SEEN]: lastSeenAt = null, ...connections } = (answers[index]?.[1] ?? {}) as Record<
          string,
          string
        >;
        return [id, combine(Object.values(connections).map(parseConnection), now, lastSeenAt)];
      }),
    );
  }

  private key(memberId: string): string {
    return `${this.prefix}presence:${memberId}`;
  }

  private async quietly<Answer>(ask: () => Promise<Answer>): Promise<Answer | undefined> {
    try {
      return await ask();
    } catch (error) {
      this.logger.warn((error as Error).message);
      return undefined;
    }
  }
}

function parseConnection(text: string): { status: 'active' | 'idle'; expiresAt: number } {
  const [status, expiresAt] = text.split(':');
  return { status: status === 'active' ? 'active' : 'idle', expiresAt: Number(expiresAt) };
}
