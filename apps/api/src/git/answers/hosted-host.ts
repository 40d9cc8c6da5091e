import { MAX_OWN_COMMITS, type OwnChanges, type OwnCommits } from '../../rooms/index.js';
import { DEFAULT_REF } from '../hosted/hosting.js';
import { changedPaths } from '../hosting/changes.js';
import { rawCommits } from '../hosting/raw-commits.js';
import { resolveCommit } from '../hosting/refs.js';
import type { Repository } from '../hosting/repository.js';
import type { RepositoryHost } from './repository-host.js';

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
}
