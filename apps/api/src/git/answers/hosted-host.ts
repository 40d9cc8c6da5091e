import {
  type BranchChanges,
  MAX_OWN_COMMITS,
  type OwnChanges,
  type OwnCommits,
  type Departure,
} from '../../rooms/index.js';
import { cut } from '../domain/cut.js';
import { DEFAULT_REF } from '../hosted/hosting.js';
import { changedPaths } from '../hosting/changes.js';
import { checkMerge } from '../hosting/merging.js';
import { rawCommits } from '../hosting/raw-commits.js';
import { resolveCommit } from '../hosting/refs.js';
import type { Repository } from '../hosting/repository.js';
import type { RepositoryHost } from './repository-host.js';

const MAX_PATH = 1000;

/** A repository of ours: git itself is asked. */
export class HostedHost implements RepositoryHost {
  constructor(private readonly repository: Repository) {}

  tipOf(branch: string): Promise<string | null> {
    return resolveCommit(this.repository, `refs/heads/${branch}`);
  }

  async commitsOf(tip: string): Promise<OwnCommits> {
    if ((await resolveCommit(this.repository, tip)) === null) {
      return 'unknown';
    }
    return (await rawCommits(this.repository, DEFAULT_REF, tip, MAX_OWN_COMMITS)) ?? 'too_many';
  }

  async changesOf(tip: string): Promise<OwnChanges> {
    return (await resolveCommit(this.repository, tip)) === null
      ? 'unknown'
      : changedPaths(this.repository, DEFAULT_REF, tip);
  }

  async touchedBetween({ base, head }: Departure): Promise<BranchChanges> {
    const paths = (await changedPaths(this.repository, base, head)).map(({ path }) => cut(path, MAX_PATH));
    return { paths, total: paths.length };
  }

  async clashOf(one: string, other: string): Promise<readonly string[] | null> {
    const check = await checkMerge(this.repository, one, other);
    switch (check.outcome) {
      case 'conflict':
        return check.paths.map((path) => cut(path, MAX_PATH));
      case 'unrelated':
        return [];
      case 'clean':
      case 'up_to_date':
        return null;
    }
  }
}
