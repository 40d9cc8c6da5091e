import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { createTestDatabase, type TestDatabase } from './database.js';
import type { TestRedis } from './redis.js';
import { ServerProcess } from './server-process.js';

/** One ClawTank in two processes, which share a database of their own, Redis, and the folder of the repositories. */
export class TwoProcesses {
  private constructor(
    readonly left: ServerProcess,
    readonly right: ServerProcess,
    readonly dataSource: DataSource,
    private readonly database: TestDatabase,
  ) {}

  static async start(redis: TestRedis): Promise<TwoProcesses> {
    const database = await createTestDatabase();
    const env = {
      DATABASE_URL: database.url,
      REDIS_URL: redis.url,
      REDIS_PREFIX: redis.prefix,
      JWT_SECRET: 'a-test-signing-key-of-no-value-0123456789',
      ENCRYPTION_KEY: '0123456789abcdef'.repeat(4),
      DATA_DIR: mkdtempSync(join(tmpdir(), 'clawtank-two-processes-')),
    };
    const [left, right] = await Promise.all([ServerProcess.start(env), ServerProcess.start(env)]);
    const dataSource = await new DataSource({ type: 'postgres', url: database.url }).initialize();
    return new TwoProcesses(left, right, dataSource, database);
  }

  async stop(): Promise<void> {
    await this.dataSource.destroy();
    await Promise.all([this.left.stop(), this.right.stop()]);
    this.left.removeData();
    await this.database.drop();
  }
}
