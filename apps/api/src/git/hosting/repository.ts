import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { isObjectId, isRefName } from './domain/ref-name.js';
import type { CollectedGitCall, Git, GitAnswer, GitCall, GitProcess } from './git-command.js';

/** Git holds a ref's lock for milliseconds; one this old was left behind by a process that was killed. */
const STALE_LOCK_AGE_MS = 60_000;

/** One hosted repository: its place on disk, and git at work in it. */
export class Repository {
  constructor(
    readonly roomId: string,
    readonly path: string,
    private readonly git: Git,
  ) {}

  run(args: readonly string[], call: Omit<CollectedGitCall, 'repository'> = {}): Promise<GitAnswer> {
    return this.git.run(args, { ...call, repository: this.path });
  }

  start(args: readonly string[], call: Omit<GitCall, 'repository'> = {}): GitProcess {
    return this.git.start(args, { ...call, repository: this.path });
  }

  /** Frees the refs that a killed process (or a power cut) left locked; otherwise nobody could move them again. */
  async releaseStaleLocks(): Promise<void> {
    const entries = await readdir(join(this.path, 'refs'), { recursive: true, withFileTypes: true });
    const locks = entries
      .filter((entry) => entry.isFile() && entry.name.endsWith('.lock'))
      .map((entry) => join(entry.parentPath, entry.name));
    const paths = [...locks, join(this.path, 'packed-refs.lock'), join(this.path, 'HEAD.lock')];
    await Promise.all(paths.map(removeIfStale));
  }
}

/** Throws unless git can read the value in one way only, and never as an option: an object id or a full ref name. */
export function mustBeRevision(revision: string): string {
  if (!isObjectId(revision) && !isRefName(revision)) {
    throw new TypeError(`Not an object id or a full ref name: ${JSON.stringify(revision)}`);
  }
  return revision;
}

/** Throws unless the value is a full object id. */
export function mustBeObjectId(sha: string): string {
  if (!isObjectId(sha)) {
    throw new TypeError(`Not an object id: ${JSON.stringify(sha)}`);
  }
  return sha;
}

async function removeIfStale(path: string): Promise<void> {
  const age = await stat(path).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => 0, // Gone already, as locks go.
  );
  if (age > STALE_LOCK_AGE_MS) {
    await rm(path, { force: true });
  }
}
