import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../apps/api/src/platform/embedded/embedded-postgres.js';

/** What of the database decides its figures. */
export interface DatabaseFacts {
  readonly version: string;
  readonly kind: 'embedded' | 'DATABASE_URL';
  readonly fsync: string;
  readonly synchronousCommit: string;
  /** One row inserted and committed over one idle connection, the median of many. */
  readonly commitMs: number;
}

export interface BenchDatabase {
  readonly url: string;
  readonly facts: DatabaseFacts;
}

type Keep = (release: () => void | Promise<void>) => void;

const COMMITS = 200;
/** Segments of the write-ahead log, of 16 MB each. */
const SEGMENTS = 60;

/** A data directory on the disk where the product keeps its own: a temporary one may be in memory, where nothing is durable. */
export function makeDataDirectory(keep: Keep): string {
  mkdirSync('.data', { recursive: true });
  const path = mkdtempSync(resolve('.data/bench-'));
  chmodSync(path, 0o755); // started by root, PostgreSQL runs as another user, who has to get in
  keep(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** An empty database that is gone afterwards. Refuses one that forgets what it has acknowledged. */
export async function makeDatabase(dataDirectory: string, keep: Keep): Promise<BenchDatabase> {
  const server = process.env['DATABASE_URL'];
  const url = server ? await createDatabase(server, keep) : await startServer(dataDirectory, keep);
  const facts = await withClient(url, (client) => readFacts(client, server ? 'DATABASE_URL' : 'embedded'));
  if (facts.fsync !== 'on' || facts.synchronousCommit === 'off') {
    throw new Error(
      `fsync is ${facts.fsync}, synchronous_commit ${facts.synchronousCommit}: nothing here would be durable`,
    );
  }
  return { url, facts };
}

/** Runs `work` with a connection of its own. */
export async function withClient<Result>(url: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function startServer(dataDirectory: string, keep: Keep): Promise<string> {
  const server = await startEmbeddedPostgres(dataDirectory);
  keep(() => server.stop());
  await withClient(server.url, makeUsed);
  return server.url;
}

/**
 * A server in use writes its log into segments of long ago; a new one has to make each first, and everybody waits for that. So
 * enough are made and left behind. The sizes are those of docker-compose.prod.yml.
 */
async function makeUsed(client: pg.Client): Promise<void> {
  for (const setting of [`min_wal_size = '1GB'`, `max_wal_size = '4GB'`]) {
    await client.query(`ALTER SYSTEM SET ${setting}`);
  }
  await client.query('SELECT pg_reload_conf()');
  for (let segment = 0; segment < SEGMENTS; segment++) {
    await client.query('SELECT txid_current()'); // a segment in which nothing was written is not left
    await client.query('SELECT pg_switch_wal()');
  }
  await client.query('CHECKPOINT');
}

async function createDatabase(server: string, keep: Keep): Promise<string> {
  const name = `clawtank_bench_${randomBytes(6).toString('hex')}`;
  await withClient(server, (client) => client.query(`CREATE DATABASE ${name}`));
  keep(() => withClient(server, async (client) => void (await client.query(`DROP DATABASE ${name} WITH (FORCE)`))));
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

async function readFacts(client: pg.Client, kind: DatabaseFacts['kind']): Promise<DatabaseFacts> {
  const show = async (name: string) => {
    const { rows } = await client.query<Record<string, string>>(`SHOW ${name}`);
    return rows[0]?.[name] ?? '';
  };
  return {
    kind,
    version: await show('server_version'),
    fsync: await show('fsync'),
    synchronousCommit: await show('synchronous_commit'),
    commitMs: await timeCommits(client),
  };
}

async function timeCommits(client: pg.Client): Promise<number> {
  await client.query('CREATE TABLE bench_commits (number integer)');
  const times: number[] = [];
  for (let number = 0; number < COMMITS; number++) {
    const started = performance.now();
    await client.query('INSERT INTO bench_commits VALUES ($1)', [number]);
    times.push(performance.now() - started);
  }
  await client.query('DROP TABLE bench_commits');
  return times.sort((left, right) => left - right)[COMMITS / 2] ?? 0;
}
