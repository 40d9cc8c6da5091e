import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

const PREFIX = 'clawtank-';

/**
 * A new folder that only its owner may enter, for PostgreSQL's socket. It lies in the temporary folder and not beside the data,
 * because the path of a socket must be short (about a hundred bytes).
 */
export function createSocketFolder(): string {
  return mkdtempSync(join(tmpdir(), PREFIX));
}

/** Removes what `createSocketFolder` made, and nothing else. */
export function removeSocketFolder(folder: string): void {
  if (dirname(folder) !== tmpdir() || !basename(folder).startsWith(PREFIX)) return;
  rmSync(folder, { recursive: true, force: true });
}
