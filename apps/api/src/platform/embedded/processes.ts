import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const isLinux = process.platform === 'linux';

/**
 * When a process started, as an opaque value: together with its id it names one process for ever, although ids are used
 * again. Undefined when no such process runs; a zombie does not, although `kill(pid, 0)` finds it.
 */
export function startOf(pid: number): string | undefined {
  return isLinux ? startFromProc(pid) : startFromPs(pid);
}

/** The command line of a running process, its arguments separated by spaces; empty when there is no such process. */
export function commandLineOf(pid: number): string {
  return isLinux ? (readProc(pid, 'cmdline') ?? '').replaceAll('\0', ' ') : ps(pid, 'command=');
}

function startFromProc(pid: number): string | undefined {
  const stat = readProc(pid, 'stat');
  if (stat === undefined) return undefined;
  // The second field is the command in brackets and may itself hold spaces and brackets.
  const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const startTime = rest[18];
  return state === 'Z' || state === 'X' ? undefined : startTime;
}

function startFromPs(pid: number): string | undefined {
  const start = ps(pid, 'lstart=');
  return start === '' || ps(pid, 'stat=').startsWith('Z') ? undefined : start;
}

function readProc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return undefined; // it ended
  }
}

function ps(pid: number, column: string): string {
  return spawnSync('ps', ['-o', column, '-p', String(pid)], { encoding: 'utf8' }).stdout.trim();
}
