import { GitFailed } from './git-command.js';
import { resolveCommit } from './refs.js';
import { mustBeRevision, type Repository } from './repository.js';

export interface CommitFiles {
  readonly added: string[];
  readonly modified: string[];
  readonly removed: string[];
}

export interface Commit {
  readonly sha: string;
  readonly message: string;
  readonly authorName: string;
  readonly authorEmail: string;
  readonly committedAt: Date;
  /** Against the first parent; a rename is one file removed and one added. */
  readonly files: CommitFiles;
}

export interface CommitRange {
  /** The newest commits up to the limit, oldest first. */
  readonly commits: Commit[];
  /** How many there are without the limit. */
  readonly total: number;
  /** False if the commits touch more files, or say more, than fits: then some lists (or commits) are cut short. */
  readonly isComplete: boolean;
}

const LOG_FORMAT = '%H%x00%an%x00%ae%x00%cI%x00%B';
const LOG_FIELDS = 5;

/**
 * The commits that a change of a ref from `before` to `after` brought. For a new branch (`before` is null), and after
 * a rewrite of commits that are gone from the disk, those that the default branch does not have.
 */
export async function commitsBetween(
  repository: Repository,
  before: string | null,
  after: string,
  limit: number,
): Promise<CommitRange> {
  try {
    return await commitsOf(
      repository,
      [mustBeRevision(after), '--not', before ? mustBeRevision(before) : 'HEAD'],
      limit,
    );
  } catch (error) {
    if (before && error instanceof GitFailed && (await resolveCommit(repository, before)) === null) {
      return commitsBetween(repository, null, after, limit);
    }
    throw error;
  }
}

/** True if every commit of `ancestor` is also one of `descendant`: the step from one to the other is no rewrite. */
export async function isAncestor(repository: Repository, ancestor: string, descendant: string): Promise<boolean> {
  const { exitCode } = await repository.run(
    ['merge-base', '--is-ancestor', mustBeRevision(ancestor), mustBeRevision(descendant)],
    { answers: [0, 1] },
  );
  return exitCode === 0;
}

async function commitsOf(repository: Repository, range: readonly string[], limit: number): Promise<CommitRange> {
  const [log, count] = await Promise.all([
    repository.run(
      ['log', '-z', '--topo-order', '--reverse', `--max-count=${limit}`, `--format=${LOG_FORMAT}`, ...range],
      { excess: 'is_cut' },
    ),
    repository.run(['rev-list', '--count', ...range]),
  ]);
  const fields = completeTokens(log.stdout);
  const commits: Omit<Commit, 'files'>[] = [];
  for (let at = 0; at + LOG_FIELDS <= fields.length; at += LOG_FIELDS) {
    const [sha = '', authorName = '', authorEmail = '', committedAt = '', message = ''] = fields.slice(at);
    commits.push({ sha, authorName, authorEmail, committedAt: new Date(committedAt), message: message.trimEnd() });
  }
  const { files, isCut } = await filesOf(repository, commits);
  return {
    commits: commits.map((commit) => ({ ...commit, files: files.get(commit.sha) ?? noFiles() })),
    total: Number(count.stdout.toString()),
    isComplete: !log.isCut && !isCut,
  };
}

async function filesOf(
  repository: Repository,
  commits: readonly { readonly sha: string }[],
): Promise<{ files: ReadonlyMap<string, CommitFiles>; isCut: boolean }> {
  if (commits.length === 0) {
    return { files: new Map(), isCut: false };
  }
  const { stdout, isCut } = await repository.run(
    [
      'diff-tree',
      '--stdin',
      '-r',
      '-z',
      '--root',
      '--always',
      '--no-renames',
      '--name-status',
      '--diff-merges=first-parent',
    ],
    { input: commits.map(({ sha }) => `${sha}\n`).join(''), excess: 'is_cut' },
  );
  return { files: parseNameStatus(completeTokens(stdout)), isCut };
}

/** The tokens that their NUL ends; of output that was cut, the last one is not whole. */
function completeTokens(output: Buffer): string[] {
  return output.toString().split('\0').slice(0, -1);
}

/** Reads `diff-tree --stdin -z --name-status`: an object id opens a commit, then come pairs of a letter and a path. */
function parseNameStatus(tokens: readonly string[]): ReadonlyMap<string, CommitFiles> {
  const files = new Map<string, CommitFiles>();
  let current = noFiles();
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at] ?? '';
    if (token.length > 1) {
      current = noFiles();
      files.set(token, current);
    } else {
      at += 1;
      listFor(token, current).push(...tokens.slice(at, at + 1));
    }
  }
  return files;
}

function listFor(status: string, files: CommitFiles): string[] {
  return status === 'A' ? files.added : status === 'D' ? files.removed : files.modified;
}

function noFiles(): CommitFiles {
  return { added: [], modified: [], removed: [] };
}
