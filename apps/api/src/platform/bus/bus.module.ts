import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Redis } from 'ioredis';
import { SETTINGS, type Settings } from '../config/settings.js';
import { BUS, type Bus } from './bus.js';
import { MemoryBus } from './memory-bus.js';
import { RedisBus } from './redis-bus.js';
import { connectRedis, REDIS } from './redis.js';

/** Redis if there is one, and the bus on it or in memory. */
@Global()
@Module({
  providers: [
    {
      provide: REDIS,
      inject: [SETTINGS],
      useFactory: ({ redisUrl }: Settings) => (redisUrl ? connectRedis(redisUrl) : null),
    },
    {
      provide: BUS,
      inject: [SETTINGS, REDIS],
      useFactory: (settings: Settings, redis: Redis | null): Bus =>
        redis && settings.redisUrl
          ? new RedisBus(redis, connectRedis(settings.redisUrl, { autoResubscribe: false }), settings.redisPrefix)
          : new MemoryBus(),
    },
  ],
  exports: [BUS, REDIS],
})
export class BusModule implements OnApplicationShutdown {
  constructor(@Inject(BUS) private readonly bus: Bus) {}

  async onApplicationShutdown(): Promise<void> {
    await this.bus.close();
  }
}
