import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { PostgresBinaries } from './postgres-binaries.js';
import { commandLineOf, startOf } from './processes.js';
import { removeSocketFolder } from './socket-folder.js';
import { giveTo, type Account } from './unprivileged-account.js';

const runFile = promisify(execFile);

/** How long a server that outlived its owner may take to end. */
const SHUTDOWN_MS = 10_000;

/** Creates the database cluster unless it exists. It appears whole or not at all, whenever the power fails. */
export async function ensureCluster(
  cluster: string,
  superuser: string,
  binaries: PostgresBinaries,
  account: Account,
): Promise<void> {
  if (existsSync(join(cluster, 'PG_VERSION'))) return;

  const unfinished = `${cluster}.init`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  giveTo(account, unfinished);

  const [program = '', ...args] = [
    ...account.prefix,
    binaries.initdb,
    ...['--pgdata', unfinished],
    ...['--username', superuser],
    '--auth=trust', // the mode of the socket's folder decides who may connect
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    '--no-instructions',
  ];
  const { uid, gid } = account;
  await runFile(program, args, { uid, gid, cwd: '/', env: { PATH: process.env['PATH'], LC_ALL: 'C' } });
  renameSync(unfinished, cluster);
}

/**
 * Ends a PostgreSQL server that outlived its owner, and removes a pid file that names no server of this cluster: PostgreSQL
 * itself refuses to start as long as the number in that file belongs to any living process.
 */
export async function removeRemains(cluster: string): Promise<void> {
  const pidFile = join(cluster, 'postmaster.pid');
  if (!existsSync(pidFile)) return;

  const [pid, , , , socketFolder] = readFileSync(pidFile, 'utf8').split('\n');
  await endServer(Number(pid), cluster);
  rmSync(pidFile, { force: true });
  if (socketFolder) removeSocketFolder(socketFolder);
}

async function endServer(pid: number, cluster: string): Promise<void> {
  const start = startOf(pid);
  if (start === undefined || !commandLineOf(pid).includes(cluster)) return;

  process.kill(pid, 'SIGINT'); // fast shutdown: disconnects everybody and writes a checkpoint
  if (await hasEnded(pid, start)) return;
  process.kill(pid, 'SIGQUIT'); // immediate shutdown: the next start recovers from the write-ahead log
  if (await hasEnded(pid, start)) return;
  throw new Error(`PostgreSQL, process ${pid}, was left behind in ${cluster} and does not end.`);
}

async function hasEnded(pid: number, start: string): Promise<boolean> {
  for (const deadline = Date.now() + SHUTDOWN_MS; Date.now() < deadline; await sleep(20)) {
    if (startOf(pid) !== start) return true;
  }
  return false;
}
