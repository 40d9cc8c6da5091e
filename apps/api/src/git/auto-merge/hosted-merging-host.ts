import type { DataSource } from 'typeorm';
import { mergeMessage, type MergeAnswer, type MergeAttempt, refused } from '../domain/auto-merge.js';
import { HostedPullRequestEntity } from '../hosted/hosted-pull-request.entity.js';
import { DEFAULT_BRANCH } from '../hosted/hosting.js';
import { mergeIdentity } from '../hosted/merge-identity.js';
import { CLAWTANK } from '../hosting/domain/identity.js';
import type { Repository } from '../hosting/repository.js';
import type { HostedMerging } from '../pull-requests/hosted-merging.js';
import type { MergingHost } from './merging-host.js';

/** The built-in host. Its merge commits name who approved as author, and ClawTank as the committer. */
export class HostedMergingHost implements MergingHost {
  constructor(
    private readonly dataSource: DataSource,
    private readonly merging: HostedMerging,
    private readonly repository: Repository,
  ) {}

  async merge(attempt: MergeAttempt): Promise<MergeAnswer> {
    const { roomId, number, headSha, approvedBy } = attempt;
    const pull = await this.dataSource.manager.findOneByOrFail(HostedPullRequestEntity, { roomId, number });
    if (pull.state === 'merged') {
      return { outcome: 'merged' };
    }
    if (pull.state === 'closed') {
      return refused('rules', 'The pull request is closed');
    }
    const { trailers } = mergeMessage(attempt);
    const merger = { author: mergeIdentity(approvedBy), committer: CLAWTANK, trailers };
    const outcome = await this.merging.merge(pull, headSha, merger);
    switch (outcome.outcome) {
      case 'merged':
      case 'up_to_date':
        return { outcome: 'merged' };
      case 'head_moved':
      case 'head_missing':
        return refused('head_moved', '');
      case 'conflict':
        return refused('conflicts', '');
      case 'unrelated':
        return refused('rules', `It has no history in common with ${DEFAULT_BRANCH}`);
      case 'base_moved':
        return refused('unavailable', `${DEFAULT_BRANCH} is very busy`);
    }
  }

  async messageOf(sha: string): Promise<string> {
    const { stdout } = await this.repository.run(['log', '-1', '--format=%B', '--end-of-options', sha]);
    return stdout.toString();
  }
}
