import { Inject, Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';
import { REDIS } from './bus/redis.js';
import { SETTINGS, type Settings } from './config/settings.js';
import { Refusal } from './errors/refusal.js';

export interface Limit {
  readonly points: number;
  readonly seconds: number;
}

/** One limit, counted per key: over all processes with Redis, in this one without. */
export class Limiter {
  constructor(private readonly limiter: RateLimiterAbstract) {}

  /** Uses up one point of `key`, or refuses with `rate_limited` and when to come back. */
  async consume(key: string): Promise<void> {
    try {
      await this.limiter.consume(key);
    } catch (outcome) {
      throw tooMany(outcome);
    }
  }

  /** Uses up one point of `key` and is true, or is false if it has none left; for what is dropped rather than refused. */
  async allows(key: string): Promise<boolean> {
    try {
      await this.limiter.consume(key);
      return true;
    } catch (outcome) {
      if (outcome instanceof RateLimiterRes) {
        return false;
      }
      throw outcome;
    }
  }

  /** Refuses if `key` has no points left, without using one up. */
  async check(key: string): Promise<void> {
    const state = await this.limiter.get(key);
    if (state && state.consumedPoints >= this.limiter.points) {
      throw tooMany(state);
    }
  }

  async forget(key: string): Promise<void> {
    await this.limiter.delete(key);
  }
}

function tooMany(outcome: unknown): unknown {
  return outcome instanceof RateLimiterRes
    ? new Refusal('rate_limited', 'Too many requests; wait a moment', { retryAfter: Math.max(1, outcome.msBeforeNext) })
    : outcome;
}

/** Makes limiters. If Redis is away, each process counts for itself meanwhile. */
@Injectable()
export class RateLimits {
  constructor(
    @Inject(REDIS) private readonly redis: Redis | null,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  named(name: string, { points, seconds }: Limit): Limiter {
    const own = new RateLimiterMemory({ keyPrefix: name, points, duration: seconds });
    return new Limiter(
      this.redis
        ? new RateLimiterRedis({
            storeClient: this.redis,
            keyPrefix: `${this.settings.redisPrefix}limit:${name}`,
            points,
            duration: seconds,
            insuranceLimiter: own,
            rejectIfRedisNotReady: true, // every command is counted: none may wait until Redis is given up
          })
        : own,
    );
  }
}
