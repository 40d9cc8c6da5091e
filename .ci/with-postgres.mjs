// Runs a command with DATABASE_URL set, and exits with its code: `node .ci/with-postgres.mjs COMMAND [ARGUMENT...]`. The PostgreSQL
// is the machine's own if it answers; otherwise it is the one that npm installed, for as long as the command takes.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { ensureBuilt } from '../scripts/setup/build.mjs';
import { run } from '../scripts/setup/child-process.mjs';

const OF_THE_MACHINE = 'postgresql://postgres@127.0.0.1:5432/postgres';
const PATIENCE_MS = 3000;

async function answers(url) {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: PATIENCE_MS });
  client.on('error', () => undefined); // a connection that failed already
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end();
  }
}

/** A PostgreSQL of our own, and how to be rid of it. */
async function startOwn() {
  await ensureBuilt(['api']);
  const { startEmbeddedPostgres } = await import('../dist/api/apps/api/src/platform/embedded/embedded-postgres.js');
  const folder = mkdtempSync(join(tmpdir(), 'clawtank-postgres-'));
  chmodSync(folder, 0o755); // started by root, PostgreSQL runs as somebody else, who has to get in
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const { url, stop } = await startEmbeddedPostgres(join(folder, 'data'));
    return { url, stop: () => stop().finally(remove) };
  } catch (error) {
    remove();
    throw error;
  }
}

const { url, stop } = (await answers(OF_THE_MACHINE))
  ? { url: OF_THE_MACHINE, stop: () => undefined }
  : await startOwn();
const [command, ...args] = process.argv.slice(2);
try {
  process.exitCode = await run(command, args, { stdio: 'inherit', env: { ...process.env, DATABASE_URL: url } });
} finally {
  await stop();
}
