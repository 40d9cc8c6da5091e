import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE, DiscoveryModule } from '@nestjs/core';
import { StandardSchemaSerializerInterceptor, StandardSchemaValidationPipe } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { BusModule } from './bus/bus.module.js';
import { REDIS } from './bus/redis.js';
import { Clock } from './clock.js';
import { SETTINGS, type Settings } from './config/settings.js';
import { SettingsModule } from './config/settings.module.js';
import { DatabaseModule } from './database/database.module.js';
import { DiscoveredMethods } from './discovered-methods.js';
import { invalidInput } from './errors/parse.js';
import { ProblemFilter } from './errors/problem.filter.js';
import { HealthController } from './health/health.controller.js';
import { CallerGuard } from './http/caller.guard.js';
import { OutboxRelay } from './outbox/outbox-relay.js';
import { MemoryPresence } from './presence/memory-presence.js';
import { PRESENCE } from './presence/presence.js';
import { RedisPresence } from './presence/redis-presence.js';
import { JobQueue } from './queues/job-queue.js';
import { OwnAddress } from './own-address.js';
import { RateLimits } from './rate-limits.js';
import { SecretBox } from './secret-box.js';
import { SocketsModule } from './sockets/sockets.module.js';
import { Telemetry } from './telemetry.js';

const SHARED = [OwnAddress, Telemetry, RateLimits, DiscoveredMethods, JobQueue, SecretBox];

/** Everything that features stand on and that knows none of them. */
@Module({})
export class PlatformModule {
  static with(settings: Settings): DynamicModule {
    return {
      module: PlatformModule,
      global: true,
      imports: [SettingsModule.with(settings), DiscoveryModule, DatabaseModule, BusModule, SocketsModule],
      controllers: [HealthController],
      providers: [
        ...SHARED,
        OutboxRelay,
        {
          provide: PRESENCE,
          inject: [REDIS, SETTINGS, Clock],
          useFactory: (redis: Redis | null, { redisPrefix }: Settings, clock: Clock) =>
            redis ? new RedisPresence(redis, redisPrefix, clock) : new MemoryPresence(clock),
        },
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_GUARD, useClass: CallerGuard },
        { provide: APP_PIPE, useValue: new StandardSchemaValidationPipe({ exceptionFactory: invalidInput }) },
        { provide: APP_INTERCEPTOR, useClass: StandardSchemaSerializerInterceptor },
      ],
      exports: [...SHARED, PRESENCE],
    };
  }
}
