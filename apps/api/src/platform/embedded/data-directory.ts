import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startOf } from './processes.js';

/** Another running ClawTank uses this data directory; nothing was touched. */
export class DataDirectoryInUse extends Error {
  override readonly name = 'DataDirectoryInUse';
  readonly dataDir: string;
  readonly pid: number;

  constructor(dataDir: string, pid: number) {
    super(
      `The data directory ${dataDir} is in use by process ${pid}. ` +
        'Stop that ClawTank first, or give this one a DATA_DIR of its own.',
    );
    this.dataDir = dataDir;
    this.pid = pid;
  }
}

/**
 * Makes this process the only owner of the data directory until it calls the returned function or dies, however it dies.
 * Throws `DataDirectoryInUse` when another process is.
 */
export function claimDataDirectory(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true, mode: 0o711 }); // secrets lie here; PostgreSQL's account passes through
  const lock = join(dataDir, 'owner.pid');
  const claim = `${lock}.${process.pid}`;
  const discarded = `${claim}.stale`;
  writeFileSync(claim, describeThisProcess());
  try {
    while (!tryLink(claim, lock)) {
      const owner = readIfExists(lock);
      if (owner === undefined) continue; // released since
      refuseIfRunning(dataDir, owner);

      // The owner is dead. Moving its file away is atomic, but somebody may have been faster and claimed the directory
      // since we read: then what we moved is their claim, and it goes back.
      if (!tryRename(lock, discarded)) continue;
      if (readIfExists(discarded) !== owner) tryLink(discarded, lock);
    }
  } finally {
    rmSync(claim, { force: true });
    rmSync(discarded, { force: true });
  }
  return () => rmSync(lock, { force: true });
}

function describeThisProcess(): string {
  return `${process.pid} ${startOf(process.pid)}`;
}

function refuseIfRunning(dataDir: string, owner: string): void {
  const [, pid = '0', start] = /^(\d+) (.*)$/s.exec(owner) ?? [];
  if (start !== undefined && startOf(Number(pid)) === start) {
    throw new DataDirectoryInUse(dataDir, Number(pid));
  }
}

function tryLink(from: string, to: string): boolean {
  return succeedsUnless('EEXIST', () => linkSync(from, to));
}

function tryRename(from: string, to: string): boolean {
  return succeedsUnless('ENOENT', () => renameSync(from, to));
}

function succeedsUnless(code: string, action: () => void): boolean {
  try {
    action();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === code) return false;
    throw error;
  }
}

function readIfExists(file: string): string | undefined {
  let text: string | undefined;
  succeedsUnless('ENOENT', () => (text = readFileSync(file, 'utf8')));
  return text;
}
