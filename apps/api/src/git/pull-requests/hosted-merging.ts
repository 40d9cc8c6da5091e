import { Injectable } from '@nestjs/common';
import { HostedChanges } from '../hosted/hosted-changes.service.js';
import type { HostedPullRequestEntity } from '../hosted/hosted-pull-request.entity.js';
import { DEFAULT_REF } from '../hosted/hosting.js';
import { merge, type MergeOutcome, type MergeRequest } from '../hosting/merging.js';
import { resolveCommit } from '../hosting/refs.js';
import { HostedRepositories } from '../hosting/repository-store.js';

/** Who merges, and what the merge says beside the pull request's own title. */
export type Merger = Pick<MergeRequest, 'author' | 'committer' | 'trailers'>;

/** Merges pull requests of hosted repositories, and sees to it that the room hears of it whatever happens meanwhile. */
@Injectable()
export class HostedMerging {
  constructor(
    private readonly repositories: HostedRepositories,
    private readonly changes: HostedChanges,
  ) {}

  /** Merges exactly `headSha`, if that is still what the branch holds. */
  async merge(
    { roomId, number, title, head, author, ...pull }: HostedPullRequestEntity,
    headSha: string,
    { trailers, ...people }: Merger,
  ): Promise<MergeOutcome | { readonly outcome: 'head_moved' }> {
    const repository = this.repositories.at(roomId);
    const tip = await resolveCommit(repository, `refs/heads/${head}`);
    if (pull.headSha !== headSha || tip !== headSha) {
      return { outcome: 'head_moved' };
    }
    const change = await this.changes.begin(roomId);
    try {
      return await merge(repository, {
        baseRef: DEFAULT_REF,
        headSha,
        message: `Merge pull request #${number} from ${head}\n\n${title}`,
        ...people,
        trailers: [{ key: 'ClawTank-Pull-Request', value: `#${number} by ${author.name}` }, ...trailers],
      });
    } finally {
      await this.changes.settle(roomId, [change]);
    }
  }
}
