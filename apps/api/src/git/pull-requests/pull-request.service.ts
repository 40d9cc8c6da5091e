import { randomUUID } from 'node:crypto';
import type { OpenPullRequest, PullRequest, PullRequestDiff } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { actorOf, type Caller, type HumanCaller } from '../../platform/caller.js';
import { UnitOfWork, type Work } from '../../platform/database/unit-of-work.js';
import { notFound, Refusal } from '../../platform/errors/refusal.js';
import { RoomAccess, type RoomEntity } from '../../rooms/index.js';
import { PullRequestEntity } from '../activity/pull-request.entity.js';
import { presentAutoMerge } from '../domain/auto-merge.js';
import { HostedChanges } from '../hosted/hosted-changes.service.js';
import { HostedPullRequestEntity } from '../hosted/hosted-pull-request.entity.js';
import { DEFAULT_BRANCH, DEFAULT_REF } from '../hosted/hosting.js';
import { mergeIdentity } from '../hosted/merge-identity.js';
import { pullRequestPayload } from '../hosted/payloads.js';
import { diff } from '../hosting/changes.js';
import { isBranchName } from '../hosting/domain/ref-name.js';
import { isAncestor } from '../hosting/history.js';
import type { MergeOutcome } from '../hosting/merging.js';
import { resolveCommit } from '../hosting/refs.js';
import { HostedRepositories } from '../hosting/repository-store.js';
import { pullRequestForm, type RepositoryElsewhere, TITLES } from './domain/pull-request-form.js';
import { DIFF_LIMITS } from './diff-limits.js';
import { HostedMerging } from './hosted-merging.js';
import { firstParent, HostedPullRequestDetails } from './hosted-pull-request-details.js';

/** Pull requests on the built-in host: proposing a branch, looking at it, merging it. */
@Injectable()
export class PullRequestService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly dataSource: DataSource,
    private readonly rooms: RoomAccess,
    private readonly repositories: HostedRepositories,
    private readonly changes: HostedChanges,
    private readonly details: HostedPullRequestDetails,
    private readonly merging: HostedMerging,
  ) {}

  /** Proposes a pushed branch. The room hears of it by webhook, as of any provider's. */
  async open(caller: Caller, request: OpenPullRequest): Promise<PullRequest> {
    const key = { actorId: caller.id, commandId: request.commandId, name: 'open_pull_request', request };
    const { number, deliveries } = await this.unitOfWork.runOnce(key, async (work) => {
      const { room } = await this.rooms.enter(work, caller, request.roomId, 'open_pull_request');
      const pullRequest = await this.insert(work, room, caller, request);
      const owed = [pullRequestPayload('opened', pullRequest, pullRequest.author)];
      return { number: pullRequest.number, deliveries: await this.changes.store(work, room.id, owed) };
    });
    await this.changes.send(deliveries);
    return this.view(await this.find(request.roomId, number));
  }

  /**
   * Merges the pull request if its head is still what the caller looked at. Only people merge. A repeat after success is
   * answered with the merged pull request.
   */
  async merge(caller: HumanCaller, roomId: string, number: number, headSha: string): Promise<PullRequest> {
    const { room } = await this.rooms.look(caller, roomId, 'merge');
    requireHosted(room, () => 'pull requests are merged there');
    const pullRequest = await this.find(roomId, number);
    if (pullRequest.state === 'merged' && pullRequest.headSha === headSha) {
      return this.view(pullRequest);
    }
    if (pullRequest.state !== 'open') {
      throw new Refusal('pull_request_closed', `Pull request #${number} is ${pullRequest.state}`);
    }
    const identity = mergeIdentity(caller);
    const merger = { author: identity, committer: identity, trailers: [] };
    const outcome = await this.merging.merge(pullRequest, headSha, merger);
    if (outcome.outcome === 'head_moved') {
      throw new Refusal('head_moved', `${pullRequest.head} has newer commits than the one you looked at; look again`);
    }
    refuseUnlessMerged(outcome);
    return this.view(await this.find(roomId, number));
  }

  /** Closes it without merging: its author may, and whoever may merge. */
  async close(caller: Caller, roomId: string, number: number): Promise<PullRequest> {
    const deliveries = await this.unitOfWork.run(async (work) => {
      const { abilities } = await this.rooms.enter(work, caller, roomId, 'open_pull_request');
      const pullRequest = await this.find(roomId, number, work);
      if (pullRequest.author.id !== caller.id && !abilities.includes('merge')) {
        throw new Refusal('forbidden', 'Only its author or somebody who may merge can close a pull request');
      }
      if (pullRequest.state !== 'open') {
        throw new Refusal('pull_request_closed', `Pull request #${number} is ${pullRequest.state} already`);
      }
      Object.assign(pullRequest, { state: 'closed', updatedAt: work.now });
      await work.manager.save(pullRequest);
      return this.changes.store(work, roomId, [pullRequestPayload('closed', pullRequest, actorOf(caller))]);
    });
    await this.changes.send(deliveries);
    return this.view(await this.find(roomId, number));
  }

  /** What the pull request changes, or changed. */
  async diff(caller: Caller, roomId: string, number: number): Promise<PullRequestDiff> {
    await this.rooms.look(caller, roomId, 'read');
    const { headSha, mergeSha } = await this.find(roomId, number);
    const repository = this.repositories.at(roomId);
    const base = mergeSha ? await firstParent(repository, mergeSha) : DEFAULT_REF;
    const files = await diff(repository, base, headSha, DIFF_LIMITS);
    return {
      headSha,
      files: files.map((file) => ({ ...file, previousPath: file.previousPath ?? null })),
      truncated: files.some(({ truncated }) => truncated),
    };
  }

  private async insert(
    work: Work,
    room: RoomEntity,
    caller: Caller,
    { title, head, body, taskId }: OpenPullRequest,
  ): Promise<HostedPullRequestEntity> {
    requireHosted(
      room,
      (elsewhere) => `whoever opens the pull request there is its author: ${pullRequestForm(elsewhere, head)}`,
    );
    const repository = this.repositories.at(room.id);
    const headSha = isBranchName(head) ? await resolveCommit(repository, `refs/heads/${head}`) : null;
    if (headSha === null || head === DEFAULT_BRANCH) {
      throw new Refusal('branch_missing', `There is no branch ${head} to propose; push it first`, {
        errors: [{ path: 'head', message: 'No such branch' }],
      });
    }
    if (await isAncestor(repository, headSha, DEFAULT_REF)) {
      throw new Refusal('nothing_to_merge', `${DEFAULT_BRANCH} has everything that ${head} has`);
    }
    const open = await work.manager.findOneBy(HostedPullRequestEntity, { roomId: room.id, head, state: 'open' });
    if (open) {
      throw new Refusal('pull_request_exists', `Pull request #${open.number} proposes ${head} already`);
    }
    const pullRequest = work.manager.create(HostedPullRequestEntity, {
      id: randomUUID(),
      roomId: room.id,
      number: await nextNumber(work, room.id),
      title,
      body,
      state: 'open',
      head,
      base: DEFAULT_BRANCH,
      headSha,
      mergeSha: null,
      author: actorOf(caller),
      taskId: taskId === undefined ? null : await this.ownTask(work, caller, room.id, taskId),
      mergedBy: null,
      createdAt: work.now,
      updatedAt: work.now,
      mergedAt: null,
    });
    await work.manager.insert(HostedPullRequestEntity, pullRequest);
    return pullRequest;
  }

  /** An agent proposes work for its own tasks only. */
  private async ownTask({ manager }: Work, caller: Caller, roomId: string, taskId: string): Promise<string> {
    const [task] = await manager.query<{ id: string }[]>(
      `SELECT id FROM tasks WHERE id = $1 AND room_id = $2 AND ($3 = 'human' OR assigned_to_id = $4)`,
      [taskId, roomId, caller.type, caller.id],
    );
    if (!task) {
      throw notFound('task of yours');
    }
    return task.id;
  }

  private async find(roomId: string, number: number, work?: Work): Promise<HostedPullRequestEntity> {
    const pullRequest = await (work?.manager ?? this.dataSource.manager).findOneBy(HostedPullRequestEntity, {
      roomId,
      number,
    });
    if (!pullRequest) {
      throw notFound('pull request');
    }
    return pullRequest;
  }

  private async view(pullRequest: HostedPullRequestEntity): Promise<PullRequest> {
    const { id, roomId, number, title, body, state, head, base, headSha, mergeSha, author, taskId, mergedBy } =
      pullRequest;
    const seen = await this.dataSource.manager.findOneBy(PullRequestEntity, { id });
    return {
      id,
      roomId,
      number,
      provider: 'clawtank',
      title,
      body,
      state,
      head,
      base,
      headSha,
      mergeSha,
      author,
      taskId,
      url: null,
      ...(await this.details.of(roomId, base, headSha, mergeSha)),
      mergedBy,
      autoMerge: presentAutoMerge(seen?.autoMerge ?? null, headSha),
      createdAt: pullRequest.createdAt.toISOString(),
      updatedAt: pullRequest.updatedAt.toISOString(),
      mergedAt: pullRequest.mergedAt?.toISOString() ?? null,
    };
  }
}

function requireHosted({ repository }: RoomEntity, advice: (elsewhere: RepositoryElsewhere) => string): void {
  if (repository && repository.provider !== 'clawtank') {
    const { provider } = repository;
    const elsewhere = { ...repository, provider };
    throw new Refusal('not_mergeable', `This room works on a repository at ${TITLES[provider]}; ${advice(elsewhere)}`);
  }
}

function refuseUnlessMerged(outcome: MergeOutcome): void {
  switch (outcome.outcome) {
    case 'merged':
    case 'up_to_date':
      return;
    case 'conflict':
      throw new Refusal(
        'not_mergeable',
        `It conflicts with ${DEFAULT_BRANCH} in ${outcome.paths.slice(0, 5).join(', ')}`,
      );
    case 'unrelated':
      throw new Refusal('not_mergeable', `It has no history in common with ${DEFAULT_BRANCH}`);
    case 'head_missing':
      throw new Refusal('head_moved', 'The commit you looked at is gone; look again');
    case 'base_moved':
      throw new Refusal('unavailable', `${DEFAULT_BRANCH} is very busy; try again`, { retryAfter: 1000 });
  }
}

async function nextNumber({ manager }: Work, roomId: string): Promise<number> {
  const [rows] = await manager.query<[{ last_pull_number: number }[], number]>(
    `UPDATE rooms SET last_pull_number = last_pull_number + 1 WHERE id = $1 RETURNING last_pull_number`,
    [roomId],
  );
  return rows[0]?.last_pull_number ?? 1;
}
