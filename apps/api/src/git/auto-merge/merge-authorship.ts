import { Injectable } from '@nestjs/common';
import type { Work } from '../../platform/database/unit-of-work.js';
import { PullRequestEntity } from '../activity/pull-request.entity.js';
import type { RepositoryConnectionEntity } from '../connections/repository-connection.entity.js';
import { isMadeBy } from '../domain/auto-merge.js';
import type { PullRequestFact } from '../domain/git-fact.js';
import { MergingHosts } from './merging-hosts.js';

/** Tells merges that the server made from those that somebody made by hand, by what the merge commit says. */
@Injectable()
export class MergeAuthorship {
  constructor(private readonly hosts: MergingHosts) {}

  /** Whether the server made this merge. Asked only about merges of a head that it tried to merge. */
  async isOurs({ manager }: Work, connection: RepositoryConnectionEntity, fact: PullRequestFact): Promise<boolean> {
    const { roomId, provider, repoId } = connection;
    const pull = await manager.findOneBy(PullRequestEntity, { roomId, provider, repoId, number: fact.number });
    const tried = pull?.autoMerge?.sha === fact.headSha ? pull.autoMerge : null;
    if (!tried || fact.what !== 'merged') {
      return false;
    }
    if (fact.mergeSha === null) {
      return tried.isDone || tried.claimedUntil !== null; // merged without a commit that could say so
    }
    const message = await this.hosts.of(connection).messageOf(fact.mergeSha);
    if (message === 'unknown') {
      throw new Error('The repository’s host does not say how the pull request was merged');
    }
    return message === null ? tried.isDone : isMadeBy(tried.id, message);
  }
}
