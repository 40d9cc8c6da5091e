import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PostgresBinaries } from './postgres-binaries.js';
import { giveTo, type Account } from './unprivileged-account.js';

/** A running server process. */
export interface PostgresServer {
  readonly hasExited: boolean;
  stop(): Promise<void>;
}

export interface ServerOptions {
  readonly cluster: string;
  readonly socketFolder: string;
  readonly logFile: string;
  readonly binaries: PostgresBinaries;
  readonly account: Account;
}

/** Connections that our own pools have just closed end by themselves in this time. */
const SMART_SHUTDOWN_MS = 2_000;

const LOG_BYTES = 10_000_000;
const LOG_TAIL_LINES = 8;

/**
 * Runs PostgreSQL and tells its process id on descriptor 3. Descriptor 0 is a pipe whose other end only our process holds: when
 * we die in any way, `kill -9` included, `cat` sees its end and PostgreSQL gets a fast shutdown. Arguments: the folder of the
 * socket, which goes with the server, and the server's command.
 */
const WATCHDOG = `
  socket_folder=$1
  shift
  exec 4<&0
  "$@" </dev/null 3>&- 4<&- & server=$!
  echo $server >&3
  exec 3>&-
  ( cat <&4 >/dev/null; kill -INT $server ) 2>/dev/null &
  wait $server
  rmdir "$socket_folder" 2>/dev/null
`;

/** Starts the server on a Unix socket, without any network port. It accepts connections a moment later. */
export async function startServer(options: ServerOptions): Promise<PostgresServer> {
  const { account, binaries, cluster, socketFolder } = options;
  const log = openLog(options.logFile);
  giveTo(account, options.logFile);
  const server = [
    ...account.prefix,
    binaries.postgres,
    ...['-D', cluster],
    ...['-k', socketFolder],
    ...['-c', 'listen_addresses='],
    ...['-c', 'unix_socket_permissions=0700'],
    ...['-c', 'max_connections=100'],
    ...['-c', 'timezone=UTC'],
    ...['-c', 'log_timezone=UTC'],
  ];
  const watchdog = spawn('/bin/sh', ['-c', WATCHDOG, 'sh', socketFolder, ...server], {
    uid: account.uid,
    gid: account.gid,
    cwd: '/',
    detached: true, // Ctrl-C in the terminal is for us; we stop PostgreSQL when we are done with it
    stdio: ['pipe', log, log, 'pipe'],
    env: { PATH: process.env['PATH'], LC_ALL: 'C' },
  });
  closeSync(log);

  let hasExited = false;
  const exited = once(watchdog, 'exit').then(() => {
    hasExited = true;
  });
  const [pidLine] = (await Promise.race([
    once(watchdog.stdio[3] as Readable, 'data'),
    exited.then(() => Promise.reject(new Error('PostgreSQL could not be run.'))),
  ])) as [Buffer];
  const pid = Number(pidLine.toString());
  const lifeline = watchdog.stdin as Writable;
  lifeline.on('error', () => undefined); // the watchdog was killed: there is nobody left to tell

  return {
    get hasExited() {
      return hasExited;
    },
    async stop() {
      // A smart shutdown waits for the last connections; a fast one at once would log each of them as an error.
      if (!hasExited) terminate(pid);
      await Promise.race([exited, sleep(SMART_SHUTDOWN_MS, undefined, { ref: false })]);
      lifeline.end();
      await exited;
    },
  };
}

function terminate(pid: number): void {
  try {
    process.kill(pid, 'SIGTERM');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // it ended by itself just now
  }
}

/** The last lines of the log, for an error message. */
export function readLogTail(logFile: string): string {
  return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-LOG_TAIL_LINES).join('\n');
}

function openLog(file: string): number {
  if (existsSync(file) && statSync(file).size > LOG_BYTES) renameSync(file, `${file}.1`);
  return openSync(file, 'a', 0o600);
}
