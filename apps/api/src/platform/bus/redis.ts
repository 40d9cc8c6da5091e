import { Logger } from '@nestjs/common';
import { type Command, Redis, type RedisOptions } from 'ioredis';

/** The shared Redis connection, or null in a single process. */
export const REDIS = Symbol('Redis');

const MAX_RECONNECT_DELAY_MS = 2000;
/** A Redis that is there but silent, or a proxy before one that is gone, is as good as away. */
const COMMAND_MS = 5000;

/**
 * A connection whose failed commands harm nobody who does not wait for them. Libraries send some without looking back
 * (Socket.IO's adapter all of its own), and each would end the process as an unhandled rejection while Redis is away.
 */
class LossyRedis extends Redis {
  override sendCommand(...sent: Parameters<Redis['sendCommand']>): unknown {
    const answer = super.sendCommand(...sent);
    (answer as Command['promise']).catch(() => undefined);
    return answer;
  }
}

/** A connection that comes back by itself and whose commands fail soon, instead of waiting, while Redis is away. */
export function connectRedis(url: string, options: RedisOptions = {}): Redis {
  const logger = new Logger('Redis');
  const redis = new LossyRedis(url, {
    maxRetriesPerRequest: 1,
    commandTimeout: COMMAND_MS,
    retryStrategy: (attempt) => Math.min(MAX_RECONNECT_DELAY_MS, 50 * 2 ** Math.min(attempt, 6)),
    ...options,
  });
  redis.on('error', (error: Error) => logger.warn(error.message));
  return redis;
}

/**
 * Whether Redis answers at once. What is only good to know is not asked for otherwise: it may be seconds until a command is given
 * up, and whoever comes into a room would wait for that.
 */
export const isAtHand = ({ status }: Redis): boolean => status === 'ready';

/** Ends a connection for good: once what was asked is answered, or at once if Redis is away. */
export async function disconnect(redis: Redis): Promise<void> {
  await redis.quit().catch(() => redis.disconnect());
}
