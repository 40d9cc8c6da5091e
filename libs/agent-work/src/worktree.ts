import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Git } from '@clawtank/agent-sdk';

export interface WorktreePlace {
  readonly folder: string;
  readonly branch: string;
  /** The commit on which the work is built. */
  readonly start: string;
}

/** The commit object of a tree on top of a parent, signed. */
export type CommitObject = (tree: string, parent: string) => Buffer;

/** The files of one task, and the way from them to a commit. */
export class Worktree {
  constructor(
    readonly place: WorktreePlace,
    private readonly git: Git,
  ) {}

  async isIntact(): Promise<boolean> {
    return (await this.git.ask(['rev-parse', '--verify', '--quiet', `${this.place.start}^{commit}`])) !== null;
  }

  /** Puts the worktree on its branch, whichever kept worktree may be on that, too. */
  async takeBranch(): Promise<void> {
    const reference = `refs/heads/${this.place.branch}`;
    await this.git.run(['update-ref', reference, this.place.start]);
    await this.git.run(['symbolic-ref', 'HEAD', reference]);
  }

  /**
   * Commits all files as they are now, in one commit on top of where the work began, whatever the agent did with git meanwhile.
   * Answers the start itself if nothing was changed.
   */
  async commitAll(commitObject: CommitObject): Promise<string> {
    const { start, branch } = this.place;
    const tree = await this.tree();
    if (tree === (await this.treeOf(start))) {
      return start;
    }
    const input = commitObject(tree, start);
    const commit = await this.git.run(['hash-object', '-t', 'commit', '-w', '--stdin'], { input });
    await this.git.run(['update-ref', `refs/heads/${branch}`, commit]);
    return commit;
  }

  /** The files that a commit changed and that hold one of these texts now. */
  async changedFilesWith(texts: readonly string[], commit: string): Promise<string[]> {
    const { start } = this.place;
    const changed = await this.git.run(['diff', '--name-only', '--no-renames', '--diff-filter=d', '-z', start, commit]);
    const paths = changed.split('\0').filter(Boolean);
    if (texts.length === 0 || paths.length === 0) {
      return [];
    }
    // By standard input: arguments can be read by everybody on the machine.
    const found = await this.git.ask(['grep', '-l', '-F', '--text', '-f', '-', commit, '--', ...paths.map(literally)], {
      input: texts.join('\n'),
    });
    return (found ?? '')
      .split('\n')
      .filter(Boolean)
      .map((line) => line.slice(commit.length + 1));
  }

  /** Leaves the branch to others; the files stay. */
  async detach(): Promise<void> {
    await this.git.ask(['checkout', '--quiet', '--detach']);
  }

  async hasChanges(): Promise<boolean> {
    return (await this.tree()) !== (await this.treeOf(this.place.start));
  }

  /** The tree of all files. In an index of its own: the agent's stays as it is, and what it told git to overlook is seen here. */
  private async tree(): Promise<string> {
    const folder = await this.git.run(['rev-parse', '--absolute-git-dir']);
    const index = join(folder, 'clawtank-index');
    const environment = { GIT_INDEX_FILE: index };
    try {
      await this.git.run(['read-tree', this.place.start], { environment });
      await this.git.run(['add', '--all'], { environment });
      return await this.git.run(['write-tree'], { environment });
    } finally {
      await rm(index, { force: true });
    }
  }

  private treeOf(commit: string): Promise<string> {
    return this.git.run(['rev-parse', `${commit}^{tree}`]);
  }
}

/** A path that git is not to take for a pattern. */
const literally = (path: string): string => `:(literal,top)${path}`;
