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

/** Inside this user namespace root looks like `nobody` to PostgreSQL and keeps its own access to files. */
const ROOT_AS_NOBODY: Account = { prefix: ['unshare', '--user', '--map-user=65534', '--map-group=65534', '--'] };

/**
 * Chooses an account that may run PostgreSQL and enter all `folders`: ourselves or, when we are root, the owner of existing
 * `data`, else an unprivileged account of this machine, else root in a user namespace.
 */
export function chooseAccount(data: string, folders: readonly string[]): Account {
  if (userInfo().uid !== 0) return OURSELVES;

  const existing = existsSync(data) ? statSync(data) : undefined;
  const account = existing ? { prefix: [], uid: existing.uid, gid: existing.gid } : systemAccount();
  const closed = folders.map(closedFolderAbove).find((folder) => folder !== undefined);
  if (account && account.uid !== 0 && closed === undefined) return account;
  if ((existing === undefined || existing.uid === 0) && namespacesWork()) return ROOT_AS_NOBODY;
  throw new Error(
    closed === undefined
      ? 'PostgreSQL does not run as root, and there is no account postgres or nobody: use another account, or set DATABASE_URL.'
      : `PostgreSQL does not run as root, and other accounts cannot enter ${closed}: open it (chmod o+x), move the checkout, or set DATABASE_URL.`,
  );
}

/** Gives a file or folder to the account. */
export function giveTo({ uid, gid }: Account, path: string): void {
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
}

function systemAccount(): Account | undefined {
  for (const name of ['postgres', 'nobody']) {
    const uid = numberFromId('-u', name);
    const gid = numberFromId('-g', name);
    if (uid !== undefined && gid !== undefined) return { prefix: [], uid, gid };
  }
  return undefined;
}

function numberFromId(flag: '-u' | '-g', name: string): number | undefined {
  const { status, stdout } = spawnSync('id', [flag, name], { encoding: 'utf8' });
  return status === 0 ? Number(stdout) : undefined;
}

/** The first folder on the way up from `path` that other accounts cannot enter, as a home folder often is. */
function closedFolderAbove(path: string): string | undefined {
  if (existsSync(path) && statSync(path).isDirectory() && !(statSync(path).mode & 0o001)) return path;
  return dirname(path) === path ? undefined : closedFolderAbove(dirname(path));
}

function namespacesWork(): boolean {
  const [unshare = '', ...options] = ROOT_AS_NOBODY.prefix;
  return spawnSync(unshare, [...options, 'true']).status === 0;
}
