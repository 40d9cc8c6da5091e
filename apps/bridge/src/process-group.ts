import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** A process that may have gone since it was written down; its number may be another's by now, its beginning cannot. */
export interface KnownProcess {
  readonly pid: number;
  readonly startedAt: string;
}

/** Writes down which process this is; null if it is gone already. */
export function identify(pid: number): KnownProcess | null {
  const startedAt = startOf(pid);
  return startedAt === null ? null : { pid, startedAt };
}

export function isAlive({ pid, startedAt }: KnownProcess): boolean {
  return startOf(pid) === startedAt;
}

/** Sends a signal to a process and all that it started. False if there is nobody left to hear it. */
export function signalGroup(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** Ends what an earlier run of the bridge left behind, unless the number belongs to another process by now. */
export function killStaleGroup(known: KnownProcess): boolean {
  return isAlive(known) && signalGroup(known.pid, 'SIGKILL');
}

/** When a process began, in the system's own words; null if there is none, or only what its parent has not yet buried. */
function startOf(pid: number): string | null {
  if (existsSync('/proc/self/stat')) {
    return startInProc(pid);
  }
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null;
  } catch {
    return null;
  }
}

function startInProc(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program, in brackets, may hold anything; state and start time follow at fixed places.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}
