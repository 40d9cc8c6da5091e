import { execFileSync } from 'node:child_process';
import { cpus, loadavg, release, totalmem } from 'node:os';

export interface MachineFacts {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGigabytes: number;
  readonly system: string;
  readonly node: string;
  readonly revision: string;
}

export function machineFacts(): MachineFacts {
  const processors = cpus();
  return {
    processor: processors[0]?.model ?? 'unknown',
    cores: processors.length,
    memoryGigabytes: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${release()} ${process.arch}`,
    node: process.version,
    revision: revision(),
  };
}

export const machineCores = (): number => cpus().length;

/**
 * On two cores the server that is measured gets the first and everything else shares the second: what the load costs is then not
 * taken from the server, and the server cannot use more than the one core that it is compared on. False where it cannot be done.
 */
export function separateCores(): boolean {
  return machineCores() === 2 && pin(process.pid, 1);
}

/** Must come after `separateCores`, whose core a child inherits. */
export function giveFirstCore(pid: number): void {
  if (isSeparated) {
    pin(pid, 0);
  }
}

let isSeparated = false;

function pin(pid: number, core: number): boolean {
  try {
    execFileSync('taskset', ['-a', '-p', '-c', String(core), String(pid)], { stdio: 'ignore' });
    isSeparated = true;
  } catch {
    isSeparated = false; // not Linux, or not allowed: then they share
  }
  return isSeparated;
}

/** Processor time of the whole machine since it started, in milliseconds. */
export function machineBusyMs(): number {
  return cpus().reduce((total, { times: { user, nice, sys, irq } }) => total + user + nice + sys + irq, 0);
}

/** How many processes wanted to run, over the last minute. */
export const loadAverage = (): number => loadavg()[0] ?? 0;

function revision(): string {
  try {
    const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8', stdio: 'pipe' }).trim();
    const changed = git('status', '--porcelain', '--untracked-files=no', '--', 'apps', 'libs', 'migrations') !== '';
    return git('rev-parse', '--short', 'HEAD') + (changed ? ' with uncommitted changes' : '');
  } catch {
    return 'unknown';
  }
}
