import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type AgentKey, type CommitWords, type Git, signedCommitObject } from '@clawtank/agent-sdk';
import type { Lease } from '@clawtank/contracts';

export interface RepositoryAddress {
  /** Where to fetch from and push to. Holds no secret. */
  readonly url: string;
  readonly defaultBranch: string;
}

/** Work that cannot be done on this repository; the message is for whoever asked for it. */
export class RepositoryUnfit extends Error {}

/** A local copy of a room's repository, and a worktree for each task. All that counts is in the commits: the rest can be made again. */
export class TaskRepository {
  private readonly mirror: string;
  private readonly git: Git;

  constructor(
    private readonly folder: string,
    private readonly address: RepositoryAddress,
    git: Git,
  ) {
    this.mirror = join(folder, 'mirror.git');
    this.git = git.in(this.mirror);
  }

  async refresh(signal: AbortSignal): Promise<void> {
    await mkdir(this.mirror, { recursive: true });
    await this.git.run(['init', '--quiet', '--bare']);
    await this.git.run(
      ['fetch', '--quiet', '--prune', '--no-tags', this.address.url, '+refs/heads/*:refs/remotes/origin/*'],
      { signal },
    );
  }

  /**
   * A fresh worktree in which to do a task, at the commit where its branch began, if it was pushed before, or else at the tip of the
   * default branch: doing the task again then leads to the same tree.
   */
  async checkOut(taskNumber: number, branch: string): Promise<Worktree> {
    const base = await this.git.ask([
      'rev-parse',
      '--verify',
      '--quiet',
      `refs/remotes/origin/${this.address.defaultBranch}^{commit}`,
    ]);
    if (!base) {
      throw new RepositoryUnfit(`The repository has no branch ${this.address.defaultBranch} to start from`);
    }
    const pushed = await this.git.ask(['rev-parse', '--verify', '--quiet', `refs/remotes/origin/${branch}^{commit}`]);
    const start = (pushed && (await this.git.ask(['merge-base', base, pushed]))) ?? base;
    const folder = join(this.folder, `task-${taskNumber}`);
    await rm(folder, { recursive: true, force: true });
    await this.git.run(['worktree', 'prune']);
    await this.git.run(['worktree', 'add', '--quiet', '--force', '--detach', folder, start]);
    return new Worktree(folder, this.git.in(folder), { branch, start, pushed }, this.address.url);
  }

  async dispose(worktree: Worktree): Promise<void> {
    await rm(worktree.folder, { recursive: true, force: true });
    await this.git.run(['worktree', 'prune']);
  }
}

/** The files of one task, and the way from them to a pushed commit. */
export class Worktree {
  constructor(
    readonly folder: string,
    private readonly git: Git,
    private readonly task: { readonly branch: string; readonly start: string; readonly pushed: string | null },
    private readonly url: string,
  ) {}

  /** Commits what was changed, signed by the agent, unless the very same was pushed before; resolves with the commit. */
  async commit(words: CommitWords, key: AgentKey): Promise<string> {
    const { branch, start, pushed } = this.task;
    await this.git.run(['add', '--all', '--force']);
    const tree = await this.git.run(['write-tree']);
    if (tree === (await this.treeOf(start))) {
      throw new RepositoryUnfit('There is nothing to change: the repository says so already');
    }
    if (pushed) {
      if (tree !== (await this.treeOf(pushed))) {
        throw new RepositoryUnfit(`The branch ${branch} holds other work already`);
      }
      return pushed;
    }
    const object = signedCommitObject({ ...words, tree, parents: [start], at: new Date() }, key);
    return this.git.run(['hash-object', '-t', 'commit', '-w', '--stdin'], { input: object });
  }

  async push(commit: string, lease: Lease, signal: AbortSignal): Promise<void> {
    if (commit !== this.task.pushed) {
      const refspec = `${commit}:refs/heads/${this.task.branch}`;
      await this.git.under(lease).run(['push', '--quiet', this.url, refspec], { signal });
    }
  }

  private treeOf(commit: string): Promise<string> {
    return this.git.run(['rev-parse', `${commit}^{tree}`]);
  }
}
