import { type ParsedCommit, parseCommit } from '@clawtank/ssh-signature';
import { mustBeObjectId, mustBeRevision, type Repository } from './repository.js';

export interface RawCommit extends ParsedCommit {
  readonly sha: string;
}

/**
 * The commits up to `tip` that `base` does not have, oldest first, taken apart byte by byte; null if there are more than the limit,
 * or they say more than fits.
 */
export async function rawCommits(
  repository: Repository,
  base: string,
  tip: string,
  limit: number,
): Promise<RawCommit[] | null> {
  const range = [mustBeObjectId(tip), '--not', mustBeRevision(base)];
  const list = await repository.run(['rev-list', '--topo-order', '--reverse', `--max-count=${limit + 1}`, ...range]);
  const shas = list.stdout.toString().split('\n').filter(Boolean);
  if (shas.length > limit) {
    return null;
  }
  const input = shas.map((sha) => `${sha}\n`).join('');
  const { stdout, isCut } = await repository.run(['cat-file', '--batch'], { input, excess: 'is_cut' });
  return isCut ? null : readBatch(stdout);
}

/** Reads `cat-file --batch`: a line with id, type and size, the object, a line feed, and so on. */
function readBatch(output: Buffer): RawCommit[] {
  const commits: RawCommit[] = [];
  for (let at = 0; at < output.length;) {
    const start = output.indexOf('\n', at) + 1;
    const [sha = '', , size] = output.toString('utf8', at, start - 1).split(' ');
    const end = start + Number(size);
    commits.push({ sha, ...parseCommit(output.subarray(start, end)) });
    at = end + 1;
  }
  return commits;
}
