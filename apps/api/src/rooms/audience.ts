import { Inject, Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { isAtHand, REDIS } from '../platform/bus/redis.js';
import { SETTINGS, type Settings } from '../platform/config/settings.js';

export interface AudienceCount {
  readonly anonymous: number;
  readonly registered: number;
}

interface Reported extends AudienceCount {
  readonly at: number;
}

const REPORT_TTL_MS = 45_000;
/** Everybody who asks within this time is answered from one reading. */
const RANKING_MS = 1000;
const NOBODY: AudienceCount = { anonymous: 0, registered: 0 };

/**
 * How many watch each room, over all processes. Each process reports its own count, which expires by itself, so that a killed
 * process leaves no ghosts.
 */
@Injectable()
export class Audience {
  private readonly process = Math.random().toString(36).slice(2);
  private readonly here = new Map<string, AudienceCount>();
  private ranking: { readonly at: number; readonly viewers: Promise<ReadonlyMap<string, number>> } | undefined;

  constructor(
    @Inject(REDIS) private readonly redis: Redis | null,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** Says how many watch the room in this process; said again regularly, and whenever it changes. */
  async report(roomId: string, count: AudienceCount): Promise<void> {
    if (count.anonymous + count.registered === 0) {
      this.here.delete(roomId);
    } else {
      this.here.set(roomId, count);
    }
    if (this.redis) {
      const reported: Reported = { ...count, at: Date.now() };
      await this.redis
        .pipeline()
        .hset(this.key(roomId), this.process, JSON.stringify(reported))
        .pexpire(this.key(roomId), REPORT_TTL_MS)
        .zadd(this.watchedKey, reported.at, roomId)
        .zremrangebyscore(this.watchedKey, 0, reported.at - REPORT_TTL_MS)
        .exec()
        .catch(() => undefined); // a count is not worth failing for
    }
  }

  async count(roomId: string): Promise<AudienceCount> {
    return (await this.counts([roomId])).get(roomId) ?? NOBODY;
  }

  /** The rooms that anybody watches right now, with how many do; a second old at most. */
  async watched(): Promise<ReadonlyMap<string, number>> {
    const now = Date.now();
    if (!this.ranking || now - this.ranking.at >= RANKING_MS) {
      this.ranking = { at: now, viewers: this.readWatched(now) };
    }
    return this.ranking.viewers;
  }

  async counts(roomIds: readonly string[]): Promise<ReadonlyMap<string, AudienceCount>> {
    if (!this.redis || roomIds.length === 0) {
      return new Map(roomIds.map((id) => [id, this.here.get(id) ?? NOBODY]));
    }
    const pipeline = this.redis.pipeline();
    roomIds.forEach((id) => pipeline.hgetall(this.key(id)));
    const answers = (isAtHand(this.redis) && (await pipeline.exec().catch(() => null))) || [];
    const since = Date.now() - REPORT_TTL_MS;
    return new Map(
      roomIds.map((id, index) => {
        const reports = Object.values((answers[index]?.[1] ?? {}) as Record<string, string>).map(
          (text) => JSON.parse(text) as Reported,
        );
        const live = reports.filter(({ at }) => at > since);
        return [id, { anonymous: sum(live.map((r) => r.anonymous)), registered: sum(live.map((r) => r.registered)) }];
      }),
    );
  }

  private async readWatched(now: number): Promise<ReadonlyMap<string, number>> {
    const roomIds = this.redis
      ? await this.redis.zrangebyscore(this.watchedKey, now - REPORT_TTL_MS, '+inf').catch(() => [])
      : [...this.here.keys()];
    const counts = [...(await this.counts(roomIds))].map(
      ([id, { anonymous, registered }]) => [id, anonymous + registered] as const,
    );
    return new Map(counts.filter(([, viewers]) => viewers > 0));
  }

  /** The rooms of which any process has reported lately, by when. */
  private get watchedKey(): string {
    return `${this.settings.redisPrefix}rooms:watched`;
  }

  private key(roomId: string): string {
    return `${this.settings.redisPrefix}room:${roomId}:audience`;
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
