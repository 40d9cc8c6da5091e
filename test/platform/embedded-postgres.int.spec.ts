import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import {
  DataDirectoryInUse,
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '../../apps/api/src/platform/embedded/embedded-postgres.js';

const HOLDER = new URL('../support/hold-embedded-postgres.mjs', import.meta.url).pathname;

let dataDir: string;
let running: EmbeddedPostgres[];
let children: ChildProcess[];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'clawtank-test-'));
  chmodSync(dataDir, 0o755);
  running = [];
  children = [];
});

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  for (const postgres of running) await postgres.stop();
  if (existsSync(pidFile())) await ended(serverPid());
  rmSync(dataDir, { recursive: true, force: true });
});

describe('the built-in PostgreSQL', () => {
  it('keeps what was stored from one start to the next', async () => {
    const first = await start();
    await query(first.url, 'create table notes as select 1 as id');
    await first.stop();

    const second = await start();
    expect(await query(second.url, 'select id from notes')).toEqual([{ id: 1 }]);
  });

  it('writes to the disk before it answers, and listens on no network port', async () => {
    const { url } = await start();
    expect(await query(url, 'show fsync')).toEqual([{ fsync: 'on' }]);
    expect(await query(url, 'show synchronous_commit')).toEqual([{ synchronous_commit: 'on' }]);
    expect(await query(url, 'show listen_addresses')).toEqual([{ listen_addresses: '' }]);
  });

  it('runs inside a folder that no other account may enter', async () => {
    chmodSync(dataDir, 0o700);
    const { url } = await start();
    expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('starts again with the same data after that folder was opened or closed', async () => {
    for (const mode of [0o700, 0o755, 0o700]) {
      chmodSync(dataDir, mode);
      const postgres = await start();
      await query(postgres.url, 'create table if not exists notes ()');
      await postgres.stop();
    }
  });

  it('refuses a second owner of the same data, naming the first and the folder', async () => {
    const { child } = await hold();
    const refusal = await start().catch((error: unknown) => error);

    expect(refusal).toBeInstanceOf(DataDirectoryInUse);
    expect(refusal).toMatchObject({ pid: child.pid, dataDir });
    expect((refusal as Error).message).toContain(`${dataDir} is in use by process ${child.pid}`);
  });

  it('refuses a second start in the same process too', async () => {
    const { url } = await start();
    await expect(start()).rejects.toThrow(DataDirectoryInUse);
    expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('lets exactly one of several starts at once have the data', async () => {
    const outcomes = await Promise.all([tryToHold(), tryToHold(), tryToHold(), tryToHold()]);
    expect(outcomes.filter(({ url }) => url !== undefined)).toHaveLength(1);
    expect(outcomes.filter(({ error }) => error?.name === 'DataDirectoryInUse')).toHaveLength(3);
  });

  it('ends with its owner when that is killed, and starts again with everything acknowledged', async () => {
    const { child, url } = await hold();
    await query(url, 'create table notes as select 7 as id');
    const server = serverPid();

    child.kill('SIGKILL');
    await ended(server);
    const next = await start();
    expect(await query(next.url, 'select id from notes')).toEqual([{ id: 7 }]);
  });

  it('takes over from a server whose owner and watchdog were both killed', async () => {
    const { child, url } = await hold();
    await query(url, 'create table notes as select 7 as id');
    const orphan = serverPid();

    process.kill(parentOf(orphan), 'SIGKILL');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(isRunning(orphan)).toBe(true);

    const next = await start();
    expect(isRunning(orphan)).toBe(false);
    expect(await query(next.url, 'select id from notes')).toEqual([{ id: 7 }]);
  });

  it('recovers when owner, watchdog and server were all killed', async () => {
    const { child, url } = await hold();
    await query(url, 'create table notes as select 7 as id');
    const server = serverPid();

    process.kill(parentOf(server), 'SIGKILL');
    process.kill(server, 'SIGKILL');
    child.kill('SIGKILL');
    await once(child, 'exit');

    const next = await start();
    expect(await query(next.url, 'select id from notes')).toEqual([{ id: 7 }]);
  });

  it('is not misled by pid files that name a process of somebody else', async () => {
    const stranger = spawn('sleep', ['600']);
    children.push(stranger);
    await (await start()).stop();
    writeFileSync(pidFile(), `${stranger.pid}\n${join(dataDir, 'pg')}\n`);
    writeFileSync(join(dataDir, 'owner.pid'), `${stranger.pid} 1`);

    const { url } = await start();
    expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(isRunning(stranger.pid!)).toBe(true);
  });

  it('says what PostgreSQL said when it does not start, and lets go of the data', async () => {
    await (await start()).stop();
    const settings = join(dataDir, 'pg', 'postgresql.conf');
    const original = readFileSync(settings, 'utf8');
    writeFileSync(settings, `${original}\nno_such_setting = 1\n`);
    await expect(start()).rejects.toThrow('unrecognized configuration parameter "no_such_setting"');

    writeFileSync(settings, original);
    const { url } = await start();
    expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });
});

async function start(): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres(dataDir);
  running.push(postgres);
  return postgres;
}

interface Outcome {
  readonly child: ChildProcess;
  readonly url?: string;
  readonly error?: { readonly name: string; readonly message: string };
}

/** Another process that tries to run PostgreSQL on the same data. */
async function tryToHold(): Promise<Outcome> {
  const child = fork(HOLDER, [dataDir], { execArgv: [] });
  children.push(child);
  const [outcome] = (await once(child, 'message')) as [Omit<Outcome, 'child'>];
  return { child, ...outcome };
}

async function hold(): Promise<{ child: ChildProcess; url: string }> {
  const { child, url, error } = await tryToHold();
  if (url === undefined) throw new Error(error?.message);
  return { child, url };
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client(url);
  client.on('error', () => undefined); // the server is killed in some tests
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

function pidFile(): string {
  return join(dataDir, 'pg', 'postmaster.pid');
}

function serverPid(): number {
  return Number(readFileSync(pidFile(), 'utf8').split('\n')[0]);
}

function parentOf(pid: number): number {
  return Number(/^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

function isRunning(pid: number): boolean {
  return existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
}

async function ended(pid: number): Promise<void> {
  while (isRunning(pid)) await sleep(20);
}
