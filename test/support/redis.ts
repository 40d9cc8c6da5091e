import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';

/** The Redis of a test: shared with others, so every key of the test starts with its own prefix. */
export interface TestRedis {
  readonly url: string;
  readonly prefix: string;
}

/**
 * A `describe` whose tests need Redis. Where there is none they are reported as skipped. Keys that start with the prefix are
 * removed afterwards.
 */
export function describeWithRedis(name: string, tests: (redis: TestRedis) => void): void {
  const url = process.env['TEST_REDIS_URL'];
  if (!url) {
    describe.skip(`${name} (no Redis)`, () => tests({ url: '', prefix: '' }));
    return;
  }

  const prefix = `clawtank-test-${randomBytes(8).toString('hex')}:`;
  describe(name, () => {
    afterAll(() => removeKeys(url, prefix));
    tests({ url, prefix });
  });
}

/** Removes every key that starts with the prefix. */
export async function removeKeys(url: string, prefix: string): Promise<void> {
  const redis = new Redis(url);
  try {
    for await (const keys of redis.scanStream({ match: `${prefix}*` }) as AsyncIterable<string[]>) {
      if (keys.length > 0) await redis.del(keys);
    }
  } finally {
    await redis.quit();
  }
}
