import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Git, type GitCredentials, GitFailed } from '@clawtank/agent-sdk';
import type { Lease } from '@clawtank/contracts';
import { Worktree, type WorktreePlace } from './worktree.js';

/** Work that cannot be done on this repository; the message is for whoever asked for it. */
export class RepositoryUnfit extends Error {}

/** The repository does not let the owner's git in, or refuses what it pushed; the message says what to do about it. */
export class RepositoryClosed extends GitFailed {}

export interface RepositoryAddress {
  /** Where to fetch from and push to. Holds no secret. */
  readonly url: string;
  readonly defaultBranch: string;
}

/**
 * A room's repository on this machine. The agent works in worktrees of the clone and may configure that as it likes; credentials
 * are given only to git in the mirror, to which no worktree belongs.
 */
export class RoomRepository {
  private readonly mirror: Git;
  private readonly mirrorAlone: Git;
  private readonly clone: Git;

  constructor(
    private readonly folder: string,
    private readonly address: RepositoryAddress,
    private readonly credentials: Exclude<GitCredentials, null>,
    /** Where worktrees are made. */
    private readonly worktrees = join(folder, 'worktrees'),
  ) {
    const mirror = join(folder, 'mirror.git');
    this.mirror = new Git(mirror, credentials);
    this.mirrorAlone = new Git(mirror);
    this.clone = new Git(join(folder, 'clone'));
  }

  /** Fetches what is new, if what comes of it could be pushed: otherwise an agent would work for nothing. */
  async refresh(signal: AbortSignal): Promise<void> {
    await this.requireAccess(signal);
    await this.reach(
      ['fetch', '--quiet', '--prune', '--no-tags', this.address.url, '+refs/heads/*:refs/heads/*'],
      signal,
    );
    if (!existsSync(join(this.clone.folder, '.git'))) {
      await rm(this.clone.folder, { recursive: true, force: true });
      await this.mirrorAlone.run(
        ['clone', '--quiet', '--shared', '--no-checkout', this.mirror.folder, this.clone.folder],
        { signal },
      );
      await this.clone.run(['checkout', '--quiet', '--detach'], { signal }).catch(() => undefined); // an empty repository has nothing to show
    }
    await this.clone.run(['fetch', '--quiet', '--prune', '--no-tags', 'origin'], { signal });
  }

  /** Pushes for show. The server's own repositories say by the agent's seat in the room who may push. */
  async requireAccess(signal: AbortSignal): Promise<void> {
    await mkdir(this.mirror.folder, { recursive: true });
    await this.mirrorAlone.run(['init', '--quiet', '--bare']);
    if (this.credentials === 'owners') {
      const write = (type: 'tree' | 'commit', input: string): Promise<string> =>
        this.mirrorAlone.run(['hash-object', '-t', type, '-w', '--stdin'], { input });
      const nobody = 'nobody <nobody@localhost> 0 +0000';
      const tree = await write('tree', '');
      const commit = await write('commit', `tree ${tree}\nauthor ${nobody}\ncommitter ${nobody}\n\nTrial\n`);
      await this.reach(
        ['push', '--quiet', '--dry-run', this.address.url, `+${commit}:refs/heads/clawtank/trial`],
        signal,
      );
    }
  }

  /** A fresh worktree: at the tip of the task's branch, if that was pushed before, or else at the tip of the default branch. */
  async checkOut(branch: string, name: string): Promise<Worktree> {
    const { defaultBranch } = this.address;
    const start = (await this.pushed(branch)) ?? (await this.pushed(defaultBranch));
    if (!start) {
      throw new RepositoryUnfit(`The repository has no branch ${defaultBranch} to start from`);
    }
    const folder = join(this.worktrees, name);
    await rm(folder, { recursive: true, force: true });
    await this.clone.run(['worktree', 'prune']);
    await this.clone.run(['worktree', 'add', '--quiet', '--force', '--detach', folder, start]);
    const worktree = this.open({ folder, branch, start });
    await worktree.takeBranch();
    return worktree;
  }

  /** A worktree that is there already, or null if it is not. */
  async reopen(place: WorktreePlace): Promise<Worktree | null> {
    const worktree = this.open(place);
    return (await worktree.isIntact()) ? worktree : null;
  }

  /** Pushes a commit of a worktree to the branch of the same name, as long as the task is leased to the agent. */
  async push({ branch }: WorktreePlace, commit: string, lease: Lease, signal: AbortSignal): Promise<void> {
    await this.mirrorAlone.run(['fetch', '--quiet', '--no-tags', this.clone.folder, `refs/heads/${branch}`], {
      signal,
    });
    const refspec = `${commit}:refs/heads/${branch}`;
    await this.reach(['push', '--quiet', this.address.url, refspec], signal, this.mirror.under(lease));
  }

  private async reach(args: readonly string[], signal: AbortSignal, git = this.mirror): Promise<void> {
    try {
      await git.run(args, { signal });
    } catch (error) {
      if (this.credentials === 'owners' && error instanceof GitFailed && isForOwner(error)) {
        throw new RepositoryClosed(whatToDo(error, this.address.url), error.failure);
      }
      throw error;
    }
  }

  /** Whether the work is where the pushed branch of the task is. */
  async isPushed({ branch, start }: WorktreePlace): Promise<boolean> {
    return (await this.pushed(branch)) === start;
  }

  async dispose({ folder }: WorktreePlace): Promise<void> {
    await rm(folder, { recursive: true, force: true });
    await this.clone.run(['worktree', 'prune']);
  }

  private open(place: WorktreePlace): Worktree {
    return new Worktree(place, new Git(place.folder));
  }

  private pushed(branch: string): Promise<string | null> {
    return this.clone.ask(['rev-parse', '--verify', '--quiet', `refs/remotes/origin/${branch}^{commit}`]);
  }
}

/** Only the owner can do something about it. */
const isForOwner = ({ failure }: GitFailed): boolean => failure === 'no_access' || failure === 'push_refused';

function whatToDo({ failure, message }: GitFailed, url: string): string {
  return failure === 'push_refused'
    ? `${url} refuses the push; whoever runs it has to let the agent’s owner push branches named clawtank/…: ${message}`
    : `Git on the machine of the agent’s owner has no credentials for ${url} that let it push. Its owner signs in there with git’s credential helper or an SSH key, until “git push” works without being asked anything: ${message}`;
}
