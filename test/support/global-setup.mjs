import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { ensureBuilt } from '../../scripts/setup/build.mjs';
import './typescript-imports.mjs';

const LOCAL_REDIS = 'redis://127.0.0.1:6379';

/** Jest runs this once before the integration and end-to-end tests: what it puts into the environment reaches every worker. */
export default async function setUp() {
  await provideRedis();
  await providePostgres();
  await ensureBuilt(['api', 'bridge', 'conformance', 'openclaw-channel']); // some tests kill what they test, or run it as its user does: as a process of its own
}

async function providePostgres() {
  if (process.env.TEST_DATABASE_URL) return;

  const { startEmbeddedPostgres } = await import('../../apps/api/src/platform/embedded/embedded-postgres.ts');
  const dataDir = mkdtempSync(join(tmpdir(), 'clawtank-test-'));
  chmodSync(dataDir, 0o755); // started by root, PostgreSQL runs as another user, who has to get in
  const postgres = await startEmbeddedPostgres(dataDir);
  process.env.TEST_DATABASE_URL = postgres.url;
  globalThis.clawtankTestPostgres = { postgres, dataDir };
}

async function provideRedis() {
  const { TEST_REDIS_URL, REDIS_URL, CI } = process.env;
  const url = TEST_REDIS_URL ?? REDIS_URL ?? LOCAL_REDIS;
  if (await answersPing(url)) {
    process.env.TEST_REDIS_URL = url;
    return;
  }
  const missing = `No Redis answers at ${url.replace(/\/\/.*@/, '//…@')}`;
  if (TEST_REDIS_URL || CI === 'true') throw new Error(`${missing}.`);
  process.stderr.write(`${missing}: its tests are skipped. Start one, or set TEST_REDIS_URL.\n`);
}

async function answersPing(url) {
  const redis = new Redis(url, { lazyConnect: true, connectTimeout: 2000, retryStrategy: null });
  redis.on('error', () => undefined); // the failing command reports it
  try {
    await redis.connect();
    return (await redis.ping()) === 'PONG';
  } catch {
    return false;
  } finally {
    redis.disconnect();
  }
}
