import { commitMessage, type Trailer } from './domain/commit-message.js';
import { gitIdentity, type GitIdentity } from './domain/identity.js';
import { isObjectId } from './domain/ref-name.js';
import { GitFailed } from './git-command.js';
import { resolveCommit } from './refs.js';
import { mustBeObjectId, mustBeRevision, type Repository } from './repository.js';

/** Whether a branch could be merged, as git itself finds by merging, without touching any ref. */
export type MergeCheck =
  | { readonly outcome: 'clean'; readonly tree: string }
  | { readonly outcome: 'conflict'; readonly paths: string[] }
  /** The base has all of it already. */
  | { readonly outcome: 'up_to_date' }
  /** The two have no commit in common: there is nothing to compare. */
  | { readonly outcome: 'unrelated' };

export interface MergeRequest {
  /** A full ref name, such as `refs/heads/main`. */
  readonly baseRef: string;
  /** If given, merge onto exactly this commit or not at all. */
  readonly expectedBase?: string;
  readonly headSha: string;
  readonly message: string;
  readonly author: GitIdentity;
  readonly committer: GitIdentity;
  readonly trailers: readonly Trailer[];
}

export type MergeOutcome =
  | { readonly outcome: 'merged'; readonly sha: string; readonly base: string }
  | { readonly outcome: 'conflict'; readonly paths: string[] }
  /** Nothing was left to do: `sha` is the merge commit that brought the head in, where there is one. */
  | { readonly outcome: 'up_to_date'; readonly sha: string | null }
  | { readonly outcome: 'unrelated' }
  /** The base is not the expected one, or moved each time; null if it does not exist. */
  | { readonly outcome: 'base_moved'; readonly base: string | null }
  /** The head is not, or no longer, a commit of this repository. */
  | { readonly outcome: 'head_missing' };

/** Each failed attempt means that somebody else's merge landed; this many in a row end in `base_moved`. */
const MAX_ATTEMPTS = 50;

/** Finds out whether `headSha` merges into `base` (a full ref name or an object id). */
export async function checkMerge(repository: Repository, base: string, headSha: string): Promise<MergeCheck> {
  const revisions = [mustBeRevision(base), mustBeObjectId(headSha)];
  const [common, merged] = await Promise.all([
    repository.run(['merge-base', ...revisions], { answers: [0, 1] }),
    repository.run(
      ['merge-tree', '--write-tree', '-z', '--name-only', '--no-messages', '--allow-unrelated-histories', ...revisions],
      {
        answers: [0, 1],
      },
    ),
  ]);
  if (common.exitCode === 1) {
    return { outcome: 'unrelated' };
  }
  if (common.stdout.toString().trim() === headSha) {
    return { outcome: 'up_to_date' };
  }
  const [tree = '', ...paths] = merged.stdout
    .toString()
    .split('\0')
    .filter((token) => token !== '');
  return merged.exitCode === 0 ? { outcome: 'clean', tree } : { outcome: 'conflict', paths };
}

/**
 * Merges a commit into a ref, always with a merge commit. The ref is only ever moved from the very commit that was
 * merged onto, so that merges and pushes at the same moment lose nothing; if it moved meanwhile, the merge is made anew.
 */
export async function merge(repository: Repository, request: MergeRequest): Promise<MergeOutcome> {
  const { baseRef, expectedBase, headSha } = request;
  if (!isObjectId(headSha) || (await resolveCommit(repository, headSha)) === null) {
    return { outcome: 'head_missing' };
  }
  await repository.releaseStaleLocks();

  let base: string | null = null;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    base = await resolveCommit(repository, baseRef);
    if (base === null || (expectedBase !== undefined && base !== expectedBase)) {
      break;
    }
    const check = await checkMerge(repository, base, headSha);
    if (check.outcome === 'up_to_date') {
      return { outcome: 'up_to_date', sha: await mergeThatBrought(repository, headSha, base) };
    }
    if (check.outcome !== 'clean') {
      return check;
    }
    const sha = await commitMerge(repository, request, base, check.tree);
    if (await moveRef(repository, request, base, sha)) {
      return { outcome: 'merged', sha, base };
    }
  }
  return { outcome: 'base_moved', base };
}

async function commitMerge(
  repository: Repository,
  { headSha, message, trailers, author, committer }: MergeRequest,
  base: string,
  tree: string,
): Promise<string> {
  const { stdout } = await repository.run(['commit-tree', '-p', base, '-p', headSha, '-F', '-', tree], {
    input: commitMessage(message, trailers),
    environment: { ...authorEnvironment(author), ...committerEnvironment(committer) },
  });
  return stdout.toString().trim();
}

/** Moves the base ref from `base` to `sha`; false if it is no longer at `base`. */
async function moveRef(
  repository: Repository,
  { baseRef, headSha, committer }: MergeRequest,
  base: string,
  sha: string,
): Promise<boolean> {
  try {
    await repository.run(['update-ref', '-m', `merge ${headSha}`, baseRef, sha, base], {
      environment: committerEnvironment(committer),
    });
    return true;
  } catch (error) {
    if (error instanceof GitFailed && (await resolveCommit(repository, baseRef)) !== base) {
      return false;
    }
    throw error;
  }
}

/** The merge commit in the base's own line by which `headSha` first became part of it. */
async function mergeThatBrought(repository: Repository, headSha: string, base: string): Promise<string | null> {
  const range = [base, '--not', headSha];
  const [ownLine, descendants] = await Promise.all([
    repository.run(['rev-list', '--first-parent', '--reverse', '--parents', ...range]),
    repository.run(['rev-list', `--ancestry-path=${headSha}`, ...range]),
  ]);
  const containing = new Set([headSha, ...lines(descendants.stdout)]);
  const entry = lines(ownLine.stdout)
    .map((line) => line.split(' '))
    .find(([sha = '']) => containing.has(sha));
  const [sha = null, firstParent = ''] = entry ?? [];
  // A head that stands in the base's own line was not brought in by a merge.
  return containing.has(firstParent) ? null : sha;
}

function lines(output: Buffer): string[] {
  return output
    .toString()
    .split('\n')
    .filter((line) => line !== '');
}

function authorEnvironment(person: GitIdentity): Record<string, string> {
  const { name, email } = gitIdentity(person);
  return { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email };
}

/** Signs what git writes down: the committer of a commit, and who moved a ref in its reflog. */
function committerEnvironment(person: GitIdentity): Record<string, string> {
  const { name, email } = gitIdentity(person);
  return { GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email };
}
