import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Redis } from 'ioredis';
import type { DomainEventMap } from '../../events/domain-events.js';
import { isAtHand, REDIS } from '../../platform/bus/redis.js';
import { SETTINGS, type Settings } from '../../platform/config/settings.js';
import { OnDomainEvent } from '../../platform/outbox/on-domain-event.js';
import type { LogEntry } from './log-entry.js';

/** Entries kept of each room. */
const KEPT = 500;
const KEPT_SECONDS = 3600;
/** Entries are gathered this long: a cache may be late, and one command for many rooms costs little. */
const GATHER_MS = 50;

/** What is there already stays: it may be the mark of an entry that was redacted before another process came to remember it. */
const REMEMBER = `
for i = 2, #ARGV, 2 do
  if redis.call('ZCOUNT', KEYS[1], ARGV[i], ARGV[i]) == 0 then
    redis.call('ZADD', KEYS[1], ARGV[i], ARGV[i + 1])
  end
end
redis.call('ZREMRANGEBYRANK', KEYS[1], 0, -${KEPT + 1})
redis.call('EXPIRE', KEYS[1], ARGV[1])
`;
const REDACT = `
for i = 2, #ARGV do
  redis.call('ZREMRANGEBYSCORE', KEYS[1], ARGV[i], ARGV[i])
  redis.call('ZADD', KEYS[1], ARGV[i], 'redacted ' .. ARGV[i])
end
redis.call('EXPIRE', KEYS[1], ARGV[1])
`;
const REDACTED = /^redacted /;

/**
 * The newest entries of rooms' logs in Redis, one sorted set a room by `seq` (`room:<id>:messages` of the specification): what
 * a process that has just started, or was away, hands to a thousand returning clients without asking PostgreSQL for each. A
 * cache: it answers all or nothing, and losing it loses nothing.
 */
@Injectable()
export class HotHistory implements OnApplicationShutdown {
  private readonly logger = new Logger(HotHistory.name);
  private readonly gathered = new Map<string, string[]>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(REDIS) private readonly redis: Redis | null,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    clearTimeout(this.timer);
    await this.flush();
  }

  remember(roomId: string, epoch: string, entries: readonly LogEntry[]): void {
    if (!this.redis) {
      return;
    }
    const key = this.keyOf(roomId, epoch);
    const waiting = this.gathered.get(key) ?? [];
    this.gathered.set(key, waiting);
    for (const entry of entries) {
      waiting.push(String(entry.event.seq), JSON.stringify(entry));
    }
    this.timer ??= setTimeout(() => void this.flush(), GATHER_MS).unref();
  }

  /** Leaves nothing of these entries, for good: rejects if Redis could not be told. Whoever needs them asks the log. */
  @OnDomainEvent('rooms.entries_redacted')
  async redact({ roomId, epoch, seqs }: DomainEventMap['rooms.entries_redacted']): Promise<void> {
    await this.redis?.eval(REDACT, 1, this.keyOf(roomId, epoch), KEPT_SECONDS, ...seqs);
  }

  /** What came after `seq`, oldest first, at most `limit` entries; null unless all of it is known here. */
  async after(roomId: string, epoch: string, seq: number, limit: number): Promise<LogEntry[] | null> {
    if (!this.redis || !isAtHand(this.redis)) {
      return null;
    }
    const texts = await this.redis
      .zrangebyscore(this.keyOf(roomId, epoch), `(${seq}`, '+inf', 'LIMIT', 0, limit)
      .catch((error: unknown) => this.logger.warn((error as Error).message));
    if (!texts || texts.some((text) => REDACTED.test(text))) {
      return null;
    }
    const entries = texts.map((text) => JSON.parse(text) as LogEntry);
    const isWhole = entries.length > 0 && entries.every(({ event }, index) => event.seq === seq + 1 + index);
    return isWhole ? entries : null;
  }

  private async flush(): Promise<void> {
    this.timer = undefined;
    const rooms = [...this.gathered];
    this.gathered.clear();
    if (!this.redis || rooms.length === 0) {
      return;
    }
    const pipeline = this.redis.pipeline();
    for (const [key, placed] of rooms) {
      pipeline.eval(REMEMBER, 1, key, KEPT_SECONDS, ...placed);
    }
    await pipeline.exec().catch((error: unknown) => this.logger.warn((error as Error).message));
  }

  /** A log that was rebuilt has another epoch, and nothing to do with what was remembered of the old one. */
  private keyOf(roomId: string, epoch: string): string {
    return `${this.settings.redisPrefix}room:${roomId}:messages:${epoch}`;
  }
}
