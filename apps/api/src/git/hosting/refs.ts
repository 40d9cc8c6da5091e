import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { findPusher, type Pusher } from './domain/pusher.js';
import type { Refs } from './domain/ref-changes.js';
import { isRefName } from './domain/ref-name.js';
import { mustBeRevision, type Repository } from './repository.js';

export { diffRefs, type RefChange, type Refs } from './domain/ref-changes.js';

/** Every branch and tag with the object it points to. */
export async function listRefs(repository: Repository): Promise<Refs> {
  const { stdout } = await repository.run([
    'for-each-ref',
    '--format=%(objectname) %(refname)',
    'refs/heads/',
    'refs/tags/',
  ]);
  return new Map(
    stdout
      .toString()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const space = line.indexOf(' ');
        return [line.slice(space + 1), line.slice(0, space)] as const;
      }),
  );
}

/** The commit that a ref or an object id stands for; null if there is none (any more). */
export async function resolveCommit(repository: Repository, revision: string): Promise<string | null> {
  const { exitCode, stdout } = await repository.run(
    ['rev-parse', '--quiet', '--verify', '--end-of-options', `${mustBeRevision(revision)}^{commit}`],
    { answers: [0, 1, 128] },
  );
  return exitCode === 0 ? stdout.toString().trim() : null;
}

/**
 * Who pushed `newSha` to `ref`, even if the server was interrupted before it could write that down. Null for what no
 * push did, and for a deleted ref, whose log git deletes with it.
 */
export async function pusherOf(repository: Repository, ref: string, newSha: string): Promise<Pusher | null> {
  if (!isRefName(ref)) {
    return null;
  }
  try {
    return findPusher(await readFile(join(repository.path, 'logs', ref), 'utf8'), newSha);
  } catch {
    return null; // No log under this name: never pushed, deleted, or now a folder of longer names.
  }
}
