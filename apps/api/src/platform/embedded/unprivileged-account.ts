import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';

/** Whom PostgreSQL runs as; it refuses to run as root. */
export interface Account {
  /** Arguments that go before the program to run. */
  readonly prefix: readonly string[];
  readonly uid?: number;
  readonly gid?: number;
}

const OURSELVES: Account = { prefix: [] };

/** In this user namespace root looks like `nobody` to PostgreSQL and has access to what is root's, but to nothing else. */
const ROOT_AS_NOBODY: Account = { prefix: ['unshare', '--user', '--map-user=65534', '--map-group=65534', '--'] };

/**
 * Chooses an account that may run PostgreSQL on `data` and enter the folders of all `paths`: ourselves, unless we are root. Then
 * it is the owner of the data; while there is none, an unprivileged account, the owner of a folder that keeps those out, or
 * root in a user namespace.
 */
export function chooseAccount(data: string, paths: readonly string[]): Account {
  if (userInfo().uid !== 0) return OURSELVES;

  const candidates = existsSync(data) ? [ownerOf(data)] : unprivilegedAccounts(paths);
  const usable = candidates.find((account) => paths.every((path) => findClosedFolder(account, path) === undefined));
  if (usable !== undefined && isPermitted(usable)) return usable;

  const closed = candidates.flatMap((account) => paths.map((path) => findClosedFolder(account, path)));
  throw new Error(
    'PostgreSQL does not run as root, and no other account can enter ' +
      `${closed.find((folder) => folder !== undefined) ?? data}: ` +
      'open that folder (chmod o+x), start ClawTank as another user, or set DATABASE_URL.',
  );
}

/** Gives a file or folder to the account. */
export function giveTo({ uid, gid }: Account, path: string): void {
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
}

function unprivilegedAccounts(paths: readonly string[]): Account[] {
  const system = ['postgres', 'nobody'].map(systemAccount).filter((account) => account !== undefined);
  const closed = system.flatMap((account) => paths.map((path) => findClosedFolder(account, path)));
  return [...system, ...closed.filter((folder) => folder !== undefined).map(ownerOf), ROOT_AS_NOBODY];
}

function systemAccount(name: string): Account | undefined {
  const [uid, gid] = ['-u', '-g'].map((flag) => spawnSync('id', [flag, name], { encoding: 'utf8' }));
  return uid?.status === 0 && gid?.status === 0
    ? { prefix: [], uid: Number(uid.stdout), gid: Number(gid.stdout) }
    : undefined;
}

function ownerOf(path: string): Account {
  const { uid, gid } = statSync(path);
  return uid === 0 ? ROOT_AS_NOBODY : { prefix: [], uid, gid };
}

function isPermitted(account: Account): boolean {
  const [program, ...options] = account.prefix;
  return program === undefined || spawnSync(program, [...options, 'true']).status === 0;
}

/** The first folder on the way up from `path` that the account cannot enter, as a home folder often is for others. */
function findClosedFolder(account: Account, path: string): string | undefined {
  if (existsSync(path) && statSync(path).isDirectory() && !canEnter(account, path)) return path;
  return dirname(path) === path ? undefined : findClosedFolder(account, dirname(path));
}

function canEnter({ uid = 0, gid = 0 }: Account, folder: string): boolean {
  const { uid: owner, gid: group, mode } = statSync(folder);
  const entrance = owner === uid ? 0o100 : group === gid ? 0o010 : 0o001;
  return (mode & entrance) !== 0;
}
