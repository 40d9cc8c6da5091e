import { randomUUID } from 'node:crypto';
import { access, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { CLAWTANK } from './domain/identity.js';
import { isBranchName } from './domain/ref-name.js';
import { Git, mustBeRecentGit, type GitConfig } from './git-command.js';
import { PushGuard } from './push-guard.js';
import { Repository } from './repository.js';

const ROOM_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** What is being made or removed takes seconds; older than this, its process has died. */
const LEFTOVER_AGE_MS = 3_600_000;

export interface HostingOptions {
  /** The folder of all repositories; made if it is missing. */
  readonly root: string;
  /** The largest pack that git takes in one push. */
  readonly maxPushBytes: number;
}

export interface NewRepository {
  readonly defaultBranch: string;
  /** The text of README.md in the first commit. */
  readonly readme: string;
}

/** The bare repositories of all rooms, `<root>/<roomId>.git`. */
export class HostedRepositories {
  private constructor(
    private readonly root: string,
    private readonly workshop: string,
    private readonly git: Git,
    readonly guard: PushGuard,
  ) {}

  /** Makes the folders, installs the guard of pushes and clears what a crash left half made. */
  static async open({ root, maxPushBytes }: HostingOptions): Promise<HostedRepositories> {
    const own = join(root, '.clawtank');
    const [home, workshop, hooks] = [join(own, 'home'), join(own, 'workshop'), join(own, 'hooks')];
    await Promise.all([mkdir(home, { recursive: true }), mkdir(workshop, { recursive: true })]);
    const guard = await PushGuard.install(hooks);
    const git = new Git(home, policy(guard, maxPushBytes));
    await mustBeRecentGit(git);

    const repositories = new HostedRepositories(root, workshop, git, guard);
    await repositories.clearLeftovers();
    return repositories;
  }

  /** The room's repository, made with its first commit if there is none; all of it or nothing. */
  async create(roomId: string, { defaultBranch, readme }: NewRepository): Promise<Repository> {
    const repository = this.at(roomId);
    if (await this.exists(roomId)) {
      return repository;
    }
    if (!isBranchName(defaultBranch)) {
      throw new TypeError(`Not a branch name: ${JSON.stringify(defaultBranch)}`);
    }
    const draft = new Repository(roomId, this.draftPath(roomId), this.git);
    try {
      await this.git.run(['init', '--quiet', '--bare', '--template=', `--initial-branch=${defaultBranch}`, draft.path]);
      await draft.run(['fast-import', '--quiet', '--done', '--date-format=now'], {
        input: firstCommit(defaultBranch, readme),
      });
      await moveUnlessThere(draft.path, repository.path);
    } finally {
      await rm(draft.path, { recursive: true, force: true });
    }
    return repository;
  }

  /** Takes the repository away: at once for everybody who asks, from the disk as it can. */
  async remove(roomId: string): Promise<void> {
    const grave = this.draftPath(roomId);
    try {
      await rename(this.at(roomId).path, grave);
    } catch (error) {
      if (isCode(error, 'ENOENT')) {
        return;
      }
      throw error;
    }
    await rm(grave, { recursive: true, force: true, maxRetries: 3 });
  }

  /** A handle on the room's repository, which may not exist. */
  at(roomId: string): Repository {
    if (!ROOM_ID.test(roomId)) {
      throw new TypeError(`Not a room's id: ${JSON.stringify(roomId)}`);
    }
    return new Repository(roomId, join(this.root, `${roomId}.git`), this.git);
  }

  async exists(roomId: string): Promise<boolean> {
    return access(join(this.at(roomId).path, 'HEAD')).then(
      () => true,
      () => false,
    );
  }

  private draftPath(roomId: string): string {
    return join(this.workshop, `${roomId}-${randomUUID()}.git`);
  }

  private async clearLeftovers(): Promise<void> {
    for (const name of await readdir(this.workshop)) {
      const path = join(this.workshop, name);
      const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() })); // Another process took it.
      if (Date.now() - mtimeMs > LEFTOVER_AGE_MS) {
        await rm(path, { recursive: true, force: true });
      }
    }
  }
}

/** What holds in every repository. Given to each git process, so that a new rule reaches old repositories too. */
function policy(guard: PushGuard, maxPushBytes: number): GitConfig {
  return [
    ['safe.directory', '*'], // Git is pointed at our own repositories only, whoever's account owns the disk.
    ['core.hooksPath', guard.hooksPath],
    ['core.fsync', 'committed,reference'], // A push that was acknowledged survives a power cut.
    ['core.logAllRefUpdates', 'always'], // Bare repositories keep no reflog otherwise; it says who pushed.
    ['core.useReplaceRefs', 'false'], // An object is what its id says; what is signed must not be read as something else.
    ['core.filesRefLockTimeout', '5000'], // Merges and pushes that meet wait for one another.
    ['core.packedRefsTimeout', '5000'],
    ['core.bigFileThreshold', '16m'], // Beyond it git neither compares nor searches a file, which costs memory.
    ['receive.fsckObjects', 'true'],
    ['receive.maxInputSize', String(maxPushBytes)],
    // Branches may be rewritten and deleted by members. The guard keeps every push from the default branch; were it
    // to let one pass, git itself still would not delete the branch that HEAD names.
    ['receive.denyNonFastForwards', 'false'],
    ['receive.denyDeletes', 'false'],
    ['receive.denyDeleteCurrent', 'refuse'],
    ['transfer.hideRefs', 'refs/clawtank'],
    ['gc.auto', '2000'],
    ['core.quotePath', 'false'],
  ];
}

function firstCommit(branch: string, readme: string): string {
  const signature = `${CLAWTANK.name} <${CLAWTANK.email}> now`;
  return [
    `commit refs/heads/${branch}`,
    `author ${signature}`,
    `committer ${signature}`,
    fastImportData('Start the repository\n'),
    'M 100644 inline README.md',
    fastImportData(readme),
    'done\n',
  ].join('\n');
}

function fastImportData(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}`;
}

/** A directory can be renamed onto nothing, but not onto one with something in it: of two makers, the first wins. */
async function moveUnlessThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!isCode(error, 'ENOTEMPTY') && !isCode(error, 'EEXIST')) {
      throw error;
    }
  }
}

function isCode(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException).code === code;
}
