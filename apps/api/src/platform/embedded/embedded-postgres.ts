import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { claimDataDirectory } from './data-directory.js';
import { ensureCluster, removeRemains } from './database-cluster.js';
import { findPostgresBinaries } from './postgres-binaries.js';
import { readLogTail, startServer, type PostgresServer } from './postgres-server.js';
import { createSocketFolder, removeSocketFolder } from './socket-folder.js';
import { chooseAccount, giveTo } from './unprivileged-account.js';

export { DataDirectoryInUse } from './data-directory.js';

/** A PostgreSQL server that belongs to this process. */
export interface EmbeddedPostgres {
  /** The address of its database, with all rights. */
  readonly url: string;
  /** Shuts the server down; call it when every connection is closed. */
  stop(): Promise<void>;
}

const SUPERUSER = 'clawtank';
const DATABASE = 'clawtank';

/** Recovery after a crash replays the write-ahead log first, which may take a while. */
const START_MS = 120_000;
const RETRY_MS = 20;

/**
 * Starts the PostgreSQL that npm installed, with its data in `dataDir`, and creates what is missing. It ends with this process,
 * whatever ends that, and a later start takes over whatever an earlier one left behind.
 * Throws `DataDirectoryInUse` while another process has it running.
 */
export async function startEmbeddedPostgres(dataDir: string): Promise<EmbeddedPostgres> {
  const root = resolve(dataDir);
  const cluster = join(root, 'pg');
  const logFile = join(root, 'postgres.log');
  const releases: (() => void | Promise<void>)[] = [claimDataDirectory(root)];
  const stop = async () => {
    for (let release = releases.pop(); release; release = releases.pop()) await release();
  };

  try {
    const binaries = await findPostgresBinaries();
    const account = chooseAccount(cluster, [binaries.postgres, root, tmpdir()]);
    await ensureCluster(cluster, SUPERUSER, binaries, account);
    await removeRemains(cluster);

    const socketFolder = createSocketFolder();
    releases.push(() => removeSocketFolder(socketFolder));
    giveTo(account, socketFolder);

    const server = await startServer({ cluster, socketFolder, logFile, binaries, account });
    releases.push(() => server.stop());
    const client = await connect(server, socketFolder, logFile);
    try {
      await ensureDatabase(client);
    } finally {
      await client.end();
    }
    return { url: `postgres://${SUPERUSER}@localhost/${DATABASE}?host=${encodeURIComponent(socketFolder)}`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Connects as soon as the server answers. */
async function connect(server: PostgresServer, socketFolder: string, logFile: string): Promise<pg.Client> {
  for (const deadline = Date.now() + START_MS; ; await sleep(RETRY_MS)) {
    const client = new pg.Client({ host: socketFolder, user: SUPERUSER, database: 'postgres' });
    try {
      await client.connect();
      return client;
    } catch (cause) {
      await client.end();
      if (server.hasExited || Date.now() > deadline) {
        const log = readLogTail(logFile);
        throw new Error(`The built-in PostgreSQL did not start. Its log, ${logFile}, ends:\n${log}`, { cause });
      }
    }
  }
}

async function ensureDatabase(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
  if (!rowCount) await client.query(`create database ${DATABASE}`);
}
