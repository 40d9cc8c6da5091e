import { Inject, Injectable, Logger } from '@nestjs/common';
import { In } from 'typeorm';
import type { Work } from '../../platform/database/unit-of-work.js';
import { MergeAuthorship } from '../auto-merge/merge-authorship.js';
import type { RepositoryConnectionEntity } from '../connections/repository-connection.entity.js';
import type { GitFact } from '../domain/git-fact.js';
import { PULL_REQUEST_DETAILS, type PullRequestDetail, type PullRequestDetails } from './pull-request-details.js';
import { PullRequestEntity } from './pull-request.entity.js';

const MAX_FILES = 300;

/** What git says of the pull requests that some facts are about, and of the open ones they may affect, by number. */
export interface Survey {
  readonly concerned: ReadonlyMap<number, PullRequestDetail>;
  readonly affected: ReadonlyMap<number, PullRequestDetail>;
  /** Those that the server itself merged, for whoever approved them. */
  readonly mergedByUs: ReadonlySet<number>;
}

/** Asks git about pull requests of hosted repositories, and any host who merged. What else others have is not here to be asked about. */
@Injectable()
export class PullRequestSurvey {
  private readonly logger = new Logger(PullRequestSurvey.name);

  constructor(
    @Inject(PULL_REQUEST_DETAILS) private readonly details: PullRequestDetails,
    private readonly authorship: MergeAuthorship,
  ) {}

  async of(work: Work, connection: RepositoryConnectionEntity, facts: readonly GitFact[]): Promise<Survey> {
    const concerned = new Map<number, PullRequestDetail>();
    const mergedByUs = new Set<number>();
    for (const fact of facts) {
      if (fact.kind === 'pull_request' && (await this.authorship.isOurs(work, connection, fact))) {
        mergedByUs.add(fact.number);
      }
    }
    if (connection.provider !== 'clawtank') {
      return { concerned, affected: new Map(), mergedByUs };
    }
    for (const fact of facts) {
      if (fact.kind === 'pull_request') {
        const { number, base, headSha, mergeSha } = fact;
        concerned.set(number, bounded(await this.details.of(connection.roomId, base, headSha, mergeSha)));
      }
    }
    return { concerned, affected: await this.affectedBy(work, connection, facts), mergedByUs };
  }

  /** Whatever moves a branch may change whether the others still merge into it. */
  private async affectedBy(
    { manager }: Work,
    { roomId, provider, repoId }: RepositoryConnectionEntity,
    facts: readonly GitFact[],
  ): Promise<Map<number, PullRequestDetail>> {
    const pushed = facts.flatMap((fact) => (fact.kind === 'push' ? [fact.branch] : []));
    const mergedInto = facts.flatMap((fact) =>
      fact.kind === 'pull_request' && fact.what === 'merged' ? [fact.base] : [],
    );
    const affected = new Map<number, PullRequestDetail>();
    if (pushed.length + mergedInto.length === 0) {
      return affected;
    }
    const open = await manager.findBy(PullRequestEntity, {
      roomId,
      provider,
      repoId,
      state: 'open',
      base: In([...pushed, ...mergedInto]),
    });
    for (const pull of open) {
      const detail = await this.detailIfAny(pull);
      // What a push has just brought in is being merged. The delivery that says so is on its way and tells it better.
      const isBeingMerged = detail?.mergeability.state === 'up_to_date' && !mergedInto.includes(pull.base);
      if (detail && !isBeingMerged) {
        affected.set(pull.number, detail);
      }
    }
    return affected;
  }

  /** Without it a pull request keeps what was last known; the fact that brought us to it must not fail for it. */
  private async detailIfAny({ roomId, number, base, headSha }: PullRequestEntity): Promise<PullRequestDetail | null> {
    try {
      return bounded(await this.details.of(roomId, base, headSha, null));
    } catch (error) {
      this.logger.warn(`Git cannot say anything of pull request #${number} of room ${roomId}: ${String(error)}`);
      return null;
    }
  }
}

/** As much of it as the log can carry; the counts stay those of the whole. */
const bounded = ({ files, mergeability, ...counts }: PullRequestDetail): PullRequestDetail => ({
  ...counts,
  files: files.slice(0, MAX_FILES),
  mergeability: { ...mergeability, conflicts: mergeability.conflicts.slice(0, MAX_FILES) },
});
