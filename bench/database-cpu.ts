import { readFileSync } from 'node:fs';
import pg from 'pg';

/** A clock tick of Linux, in which /proc counts. */
const TICK_MS = 10;
const USER_TICKS = 11;
const SYSTEM_TICKS = 12;

/** Processor time of each server process of PostgreSQL so far, in milliseconds. */
export type DatabaseCpu = ReadonlyMap<number, number>;

/** Reads what PostgreSQL's processes have used. Only for a server on this machine, and only on Linux. */
export class DatabaseClock {
  private readonly client: pg.Client;

  private constructor(client: pg.Client) {
    this.client = client;
  }

  static async open(url: string, keep: (release: () => Promise<void>) => void): Promise<DatabaseClock> {
    const client = new pg.Client(url);
    await client.connect();
    keep(() => client.end());
    return new DatabaseClock(client);
  }

  async read(): Promise<DatabaseCpu> {
    const { rows } = await this.client.query<{ pid: number }>(
      'SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()',
    );
    return new Map(rows.map(({ pid }) => [pid, cpuMsOf(pid)]));
  }
}

/** What was used between two looks. What a process used that ended in between is not known, and missing. */
export function usedBetween(before: DatabaseCpu, after: DatabaseCpu): number {
  return [...after].reduce((total, [pid, ms]) => total + ms - (before.get(pid) ?? 0), 0);
}

function cpuMsOf(pid: number): number {
  try {
    // The second field, the name in parentheses, may hold spaces.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return (Number(fields[USER_TICKS]) + Number(fields[SYSTEM_TICKS])) * TICK_MS;
  } catch {
    return 0; // it has ended
  }
}
