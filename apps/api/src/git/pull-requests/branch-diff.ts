import { BranchDiff, BranchName } from '@clawtank/contracts';
import { Controller, Get, Injectable, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { Caller } from '../../platform/caller.js';
import { Refusal } from '../../platform/errors/refusal.js';
import { Answers } from '../../platform/http/answers.js';
import { CurrentCaller } from '../../platform/http/caller.guard.js';
import { IdParam } from '../../platform/http/parameters.js';
import { RoomAccess } from '../../rooms/index.js';
import { DEFAULT_REF } from '../hosted/hosting.js';
import { diff } from '../hosting/changes.js';
import { isBranchName } from '../hosting/domain/ref-name.js';
import { commitsBetween } from '../hosting/history.js';
import { resolveCommit } from '../hosting/refs.js';
import { HostedRepositories } from '../hosting/repository-store.js';
import { DIFF_LIMITS } from './diff-limits.js';

const MAX_COMMITS = 50;

/** What a branch of the hosted repository has that the default branch has not: work that nobody has proposed yet, too. */
@Injectable()
export class BranchDiffs {
  constructor(
    private readonly rooms: RoomAccess,
    private readonly repositories: HostedRepositories,
  ) {}

  async of(caller: Caller, roomId: string, branch: string): Promise<BranchDiff> {
    await this.rooms.look(caller, roomId, 'read');
    const repository = this.repositories.at(roomId);
    const headSha =
      isBranchName(branch) && (await this.repositories.exists(roomId))
        ? await resolveCommit(repository, `refs/heads/${branch}`)
        : null;
    if (headSha === null) {
      throw new Refusal('branch_missing', `There is no branch ${branch} here`);
    }
    const [files, { commits, total }] = await Promise.all([
      diff(repository, DEFAULT_REF, headSha, DIFF_LIMITS),
      commitsBetween(repository, DEFAULT_REF, headSha, MAX_COMMITS),
    ]);
    return {
      headSha,
      commits: commits.map(({ sha, message, authorName, committedAt }) => ({
        sha,
        message,
        authorClaim: authorName,
        timestamp: committedAt.toISOString(),
      })),
      totalCommits: total,
      files: files.map((file) => ({ ...file, previousPath: file.previousPath ?? null })),
      truncated: files.some(({ truncated }) => truncated),
    };
  }
}

@ApiTags('git')
@ApiBearerAuth()
@Controller('rooms/:id/branches')
export class BranchDiffController {
  constructor(private readonly diffs: BranchDiffs) {}

  @Get(':branch/diff')
  @Answers(BranchDiff)
  diff(
    @CurrentCaller() caller: Caller,
    @IdParam('id') roomId: string,
    @Param('branch', { schema: BranchName }) branch: string,
  ): Promise<BranchDiff> {
    return this.diffs.of(caller, roomId, branch);
  }
}
