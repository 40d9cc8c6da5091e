import type { AddressInfo } from 'node:net';
import {
  type DynamicModule,
  Module,
  StandardSchemaSerializerInterceptor,
  StandardSchemaValidationPipe,
} from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE, DiscoveryModule } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import cookieParser from 'cookie-parser';
import { DataSource } from 'typeorm';
import { AgentsModule } from '../../apps/api/src/agents/index.js';
import { AuthModule } from '../../apps/api/src/auth/index.js';
import { BusModule } from '../../apps/api/src/platform/bus/bus.module.js';
import { Clock } from '../../apps/api/src/platform/clock.js';
import { readEnvironment, type Settings, toSettings } from '../../apps/api/src/platform/config/settings.js';
import { SettingsModule } from '../../apps/api/src/platform/config/settings.module.js';
import { DatabaseModule } from '../../apps/api/src/platform/database/database.module.js';
import { migrate } from '../../apps/api/src/platform/database/migrate.js';
import { DiscoveredMethods } from '../../apps/api/src/platform/discovered-methods.js';
import { invalidInput } from '../../apps/api/src/platform/errors/parse.js';
import { ProblemFilter } from '../../apps/api/src/platform/errors/problem.filter.js';
import { CallerGuard } from '../../apps/api/src/platform/http/caller.guard.js';
import { createPino, NestLogger } from '../../apps/api/src/platform/logging/logger.js';
import { MemoryPresence } from '../../apps/api/src/platform/presence/memory-presence.js';
import { PRESENCE } from '../../apps/api/src/platform/presence/presence.js';
import { RateLimits } from '../../apps/api/src/platform/rate-limits.js';
import { SecretBox } from '../../apps/api/src/platform/secret-box.js';
import { CommandDispatcher } from '../../apps/api/src/platform/sockets/command-dispatcher.js';
import { SocketAdapter } from '../../apps/api/src/platform/sockets/socket.adapter.js';
import { SocketsModule } from '../../apps/api/src/platform/sockets/sockets.module.js';
import { Telemetry } from '../../apps/api/src/platform/telemetry.js';
import { UsersModule } from '../../apps/api/src/users/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import type { TestRedis } from '../support/redis.js';

const SECRETS = { jwtSecret: 'a-test-signing-key-of-no-value-0123456789', encryptionKey: '0123456789abcdef'.repeat(4) };

/** A clock that a test can move. */
export class TestClock extends Clock {
  private offset = 0;

  override now(): Date {
    return new Date(super.now().getTime() + this.offset);
  }

  advance(milliseconds: number): void {
    this.offset += milliseconds;
  }
}

export interface AccountsServer {
  readonly app: NestExpressApplication;
  readonly url: string;
  readonly settings: Settings;
  readonly clock: TestClock;
  readonly database: DataSource;
  /** What was announced so far, oldest first: nothing takes it out of the outbox here. */
  announced(): Promise<{ name: string; data: unknown }[]>;
  close(): Promise<void>;
}

interface Options {
  readonly env?: Readonly<Record<string, string>>;
  /** Share a database with another server; it stays when this one closes. */
  readonly database?: TestDatabase;
  readonly redis?: TestRedis;
}

/** People, agents and signing in, over HTTP and sockets, without rooms and what stands on them. */
export async function startAccountsServer({
  env = {},
  database: shared,
  redis,
}: Options = {}): Promise<AccountsServer> {
  const database = shared ?? (await createTestDatabase());
  await migrate(database.url);
  const environment = readEnvironment({
    NODE_ENV: 'test',
    PORT: '0',
    LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'error',
    DATABASE_POOL_SIZE: '8',
    REGISTRATIONS_PER_HOUR: '1000',
    SIGN_IN_ATTEMPTS: '1000',
    ...(redis && { REDIS_URL: redis.url, REDIS_PREFIX: redis.prefix }),
    ...env,
  });
  const settings = toSettings(environment, { ...SECRETS, databaseUrl: database.url });
  const clock = new TestClock();
  const testing = await Test.createTestingModule({ imports: [AccountsOnly.with(settings)] })
    .overrideProvider(Clock)
    .useValue(clock)
    .overrideProvider(CommandDispatcher) // it insists on the commands of rooms
    .useValue({})
    .compile();
  const app = testing.createNestApplication<NestExpressApplication>();
  app.useLogger(new NestLogger(createPino(settings)));
  app.set('trust proxy', settings.trustProxy);
  app.setGlobalPrefix('api');
  app.use(cookieParser());
  app.useWebSocketAdapter(new SocketAdapter(app, settings));
  await app.listen(0, '127.0.0.1');
  const { port } = (app.getHttpServer() as { address(): AddressInfo }).address();
  return {
    app,
    url: `http://127.0.0.1:${port}`,
    settings,
    clock,
    database: app.get(DataSource),
    announced: () => app.get(DataSource).query(`SELECT name, data FROM outbox ORDER BY id`),
    close: async () => {
      await app.close();
      if (!shared) {
        await database.drop();
      }
    },
  };
}

const SHARED = [Telemetry, RateLimits, DiscoveredMethods, SecretBox];

@Module({})
class AccountsOnly {
  static with(settings: Settings): DynamicModule {
    return {
      module: AccountsOnly,
      global: true,
      imports: [
        SettingsModule.with(settings),
        DiscoveryModule,
        DatabaseModule,
        BusModule,
        SocketsModule,
        UsersModule,
        AgentsModule,
        AuthModule,
      ],
      providers: [
        ...SHARED,
        { provide: PRESENCE, inject: [Clock], useFactory: (clock: Clock) => new MemoryPresence(clock) },
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_GUARD, useClass: CallerGuard },
        { provide: APP_PIPE, useValue: new StandardSchemaValidationPipe({ exceptionFactory: invalidInput }) },
        { provide: APP_INTERCEPTOR, useClass: StandardSchemaSerializerInterceptor },
      ],
      exports: [...SHARED, PRESENCE],
    };
  }
}
