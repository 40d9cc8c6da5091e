import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import pg from 'pg';

const DEFAULT_DATABASE = 'postgresql://postgres@127.0.0.1:5432/postgres';
const DEFAULT_REDIS = 'redis://127.0.0.1:6379';
const PATIENCE_MS = 3000;

/** Something that the suite cannot do without. It refuses to run then: what was not tried has not been shown. */
export class Missing extends Error {}

/** The servers of this machine that the suite borrows: databases and Redis keys under names of its own. */
export class Surroundings {
  private constructor(
    private readonly databaseServer: string,
    readonly redisUrl: string,
  ) {}

  /** Throws `Missing` unless everything is there. */
  static async find(): Promise<Surroundings> {
    const database = process.env['DATABASE_URL'] ?? DEFAULT_DATABASE;
    const redis = process.env['REDIS_URL'] ?? DEFAULT_REDIS;
    await query(database, 'SELECT 1').catch((error: Error) => {
      throw new Missing(`No PostgreSQL at ${withoutPassword(database)} (DATABASE_URL): ${error.message}`);
    });
    await withRedis(redis, (client) => client.ping()).catch((error: Error) => {
      throw new Missing(`No Redis at ${withoutPassword(redis)} (REDIS_URL): ${error.message}`);
    });
    await promisify(execFile)('redis-server', ['--version']).catch((error: Error) => {
      throw new Missing(
        `The program redis-server, of which the suite starts one of its own, is missing: ${error.message}`,
      );
    });
    return new Surroundings(database, redis);
  }

  /** An empty database, or a copy of `template`. */
  async createDatabase(): Promise<{ url: string; drop: () => Promise<void> }> {
    const name = `clawtank_stress_${randomBytes(6).toString('hex')}`;
    await query(this.databaseServer, `CREATE DATABASE ${name}`);
    const url = new URL(this.databaseServer);
    url.pathname = `/${name}`;
    return { url: url.href, drop: () => query(this.databaseServer, `DROP DATABASE ${name} WITH (FORCE)`) };
  }

  /** A prefix that nobody else uses, and how to remove what is under it. */
  redisPrefix(): { prefix: string; empty: () => Promise<void> } {
    const prefix = `clawtank-stress-${randomBytes(6).toString('hex')}:`;
    return { prefix, empty: () => withRedis(this.redisUrl, (client) => removeKeys(client, prefix)) };
  }
}

async function removeKeys(client: Redis, prefix: string): Promise<void> {
  for await (const keys of client.scanStream({ match: `${prefix}*`, count: 1000 }) as AsyncIterable<string[]>) {
    if (keys.length > 0) {
      await client.unlink(keys);
    }
  }
}

async function query(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: PATIENCE_MS });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

async function withRedis<Answer>(url: string, ask: (client: Redis) => Promise<Answer>): Promise<Answer> {
  const client = new Redis(url, { lazyConnect: true, connectTimeout: PATIENCE_MS, retryStrategy: null });
  client.on('error', () => undefined); // the failing command reports it
  try {
    await client.connect();
    return await ask(client);
  } finally {
    client.disconnect();
  }
}

function withoutPassword(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//…@');
}
