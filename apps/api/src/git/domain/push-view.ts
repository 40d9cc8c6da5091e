import type { Push } from '@clawtank/contracts';
import { cut } from './cut.js';
import type { PushFact } from './git-fact.js';

const MAX_COMMITS = 50;
const MAX_FILES = 200;
const MAX_MESSAGE = 500;
const MAX_NAME = 200;
const MAX_PATH = 1000;

/** A push as the room's log keeps it: the newest commits and the first files, however large it was. */
export function presentPush({ branch, before, after, forced, totalCommits, commits, filesChanged }: PushFact): Push {
  return {
    branch: cut(branch, MAX_NAME),
    before,
    after,
    forced,
    totalCommits,
    commits: commits.slice(-MAX_COMMITS).map(({ sha, message, authorClaim, timestamp }) => ({
      sha,
      message: cut(message, MAX_MESSAGE),
      authorClaim: cut(authorClaim, MAX_NAME),
      timestamp,
    })),
    filesChanged: filesChanged.slice(0, MAX_FILES).map((path) => cut(path, MAX_PATH)),
  };
}
