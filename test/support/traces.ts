import { Redis } from 'ioredis';
import pg from 'pg';
import type { TestRedis } from './redis.js';

/** The tables of the database that hold the text anywhere: in whatever column, in bytes, or as a word that can be searched. */
export async function tablesWith(databaseUrl: string, text: string): Promise<string[]> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
       WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`,
    );
    const found: string[] = [];
    for (const { name } of tables) {
      // A row as text shows every column, and bytes as hexadecimal digits.
      const { rowCount } = await client.query(
        `SELECT 1 FROM ${name} AS entry WHERE position($1 in lower(entry::text)) > 0 OR position($2 in entry::text) > 0 LIMIT 1`,
        [text.toLowerCase(), Buffer.from(text).toString('hex')],
      );
      if (rowCount) {
        found.push(name.replace(/^public\./, ''));
      }
    }
    return found;
  } finally {
    await client.end();
  }
}

/** The keys of a test's Redis that hold the text. */
export async function keysWith({ url, prefix }: TestRedis, text: string): Promise<string[]> {
  const redis = new Redis(url);
  const read: Readonly<Record<string, (key: string) => Promise<unknown>>> = {
    string: (key) => redis.get(key),
    hash: (key) => redis.hgetall(key),
    list: (key) => redis.lrange(key, 0, -1),
    set: (key) => redis.smembers(key),
    zset: (key) => redis.zrange(key, 0, -1),
    stream: (key) => redis.xrange(key, '-', '+'),
  };
  try {
    const found: string[] = [];
    for await (const keys of redis.scanStream({ match: `${prefix}*`, count: 1000 }) as AsyncIterable<string[]>) {
      for (const key of keys) {
        const content = await read[await redis.type(key)]?.(key);
        if (JSON.stringify([key, content ?? null]).includes(text)) {
          found.push(key.slice(prefix.length));
        }
      }
    }
    return found;
  } finally {
    await redis.quit();
  }
}
