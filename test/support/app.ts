import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { createApp } from '../../apps/api/src/bootstrap.js';
import { readEnvironment, type Settings, toSettings } from '../../apps/api/src/platform/config/settings.js';
import { createTestDatabase, type TestDatabase } from './database.js';
import type { TestRedis } from './redis.js';

export interface TestServer {
  readonly app: NestExpressApplication;
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly settings: Settings;
  readonly database: TestDatabase;
  close(): Promise<void>;
}

export interface TestServerOptions {
  /** Environment variables over those that suit tests. */
  readonly env?: Readonly<Record<string, string>>;
  /** Share a database, and so rooms, with another server of the test; it stays when this one closes. */
  readonly database?: TestDatabase;
  /** Meet other processes on Redis. */
  readonly redis?: TestRedis;
}

const JWT_SECRET = 'a-test-signing-key-of-no-value-0123456789';
const ENCRYPTION_KEY = '0123456789abcdef'.repeat(4);

/** The whole product in this process: on a free port, with a database and a data directory of its own. */
export async function startTestServer({
  env = {},
  database: shared,
  redis,
}: TestServerOptions = {}): Promise<TestServer> {
  const database = shared ?? (await createTestDatabase());
  const dataDir = mkdtempSync(join(tmpdir(), 'clawtank-test-'));
  const environment = readEnvironment({
    NODE_ENV: 'test',
    PORT: '0',
    LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'error',
    DATA_DIR: dataDir,
    DATABASE_POOL_SIZE: '8',
    COMMANDS_PER_MINUTE: '1000000',
    REGISTRATIONS_PER_HOUR: '1000000',
    SIGN_IN_ATTEMPTS: '1000000',
    ...(redis && { REDIS_URL: redis.url, REDIS_PREFIX: redis.prefix }),
    ...env,
  });
  const settings = toSettings(environment, {
    databaseUrl: database.url,
    jwtSecret: JWT_SECRET,
    encryptionKey: ENCRYPTION_KEY,
  });
  const app = await createApp(settings);
  await app.listen(settings.port, '127.0.0.1');
  const { port } = (app.getHttpServer() as { address(): AddressInfo }).address();
  return {
    app,
    url: `http://127.0.0.1:${port}`,
    settings,
    database,
    close: async () => {
      await app.close();
      if (!shared) {
        await database.drop();
      }
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
