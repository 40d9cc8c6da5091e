import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Actor } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { SYSTEM } from '../../platform/caller.js';
import type { Work } from '../../platform/database/unit-of-work.js';
import { type RoomEntity, RoomLog } from '../../rooms/index.js';
import type { RepositoryConnectionEntity } from '../connections/repository-connection.entity.js';
import { cut } from '../domain/cut.js';
import type { AutoMergeRecord } from '../domain/auto-merge.js';
import type { PullRequestFact } from '../domain/git-fact.js';
import { type Transition, transitionOf } from '../domain/pull-request-transition.js';
import { AccountDirectory, type Identified } from './account-directory.service.js';
import type { PullRequestDetail } from './pull-request-details.js';
import { PullRequestEntity } from './pull-request.entity.js';
import { presentPullRequest } from './pull-request.presenter.js';

const MAX_TITLE = 300;
const MAX_BODY = 10_000;

/** What was found out about a pull request before the room was held. */
interface Surveyed {
  readonly detail: PullRequestDetail | undefined;
  /** The server merged it, for whoever approved it. */
  readonly isMergedByUs: boolean;
}

interface People {
  readonly author: Identified;
  readonly sender: Identified;
  readonly merger: Identified | null;
}

/** Keeps the room's view of its pull requests, and tells the room and other features what becomes of them. */
@Injectable()
export class PullRequestRecorder {
  constructor(
    private readonly accounts: AccountDirectory,
    private readonly log: RoomLog,
  ) {}

  /** Whether the fact changed anything. One that is known, or older than what is known, does not. */
  async record(
    work: Work,
    room: RoomEntity,
    connection: RepositoryConnectionEntity,
    fact: PullRequestFact,
    { detail, isMergedByUs }: Surveyed,
  ): Promise<boolean> {
    const { provider, repoId } = connection;
    const known = await work.manager.findOneBy(PullRequestEntity, {
      roomId: room.id,
      provider,
      repoId,
      number: fact.number,
    });
    const transition = transitionOf(known, fact);
    if (transition === 'stale') {
      return false;
    }
    const people = await this.peopleOf(work, connection, fact, known, isMergedByUs);
    const pull = work.manager.create(PullRequestEntity, {
      id: known?.id ?? fact.id ?? randomUUID(),
      roomId: room.id,
      provider,
      repoId,
      number: fact.number,
      title: cut(fact.title, MAX_TITLE),
      body: cut(fact.body, MAX_BODY),
      state: STATE_AFTER[fact.what],
      head: fact.head,
      base: fact.base,
      headSha: fact.headSha,
      mergeSha: fact.mergeSha,
      author: people.author.actor,
      beneficiaryId: people.author.userId,
      taskId: fact.taskId ?? known?.taskId ?? null,
      url: fact.url,
      ...(detail ?? counted(fact)),
      mergedBy: people.merger?.actor ?? null,
      mergedByUserId: people.merger?.userId ?? null,
      autoMerge: autoMergeAfter(fact, known?.autoMerge ?? null, isMergedByUs),
      createdAt: new Date(fact.createdAt),
      updatedAt: new Date(fact.updatedAt),
      mergedAt: fact.what === 'merged' ? (known?.mergedAt ?? new Date(fact.mergedAt ?? fact.updatedAt)) : null,
    });
    if (known && isDeepStrictEqual(presentPullRequest(pull), presentPullRequest(known))) {
      return false;
    }
    await work.manager.save(pull);
    await this.tell(work, room, transition, pull, people);
    return true;
  }

  /** Notes what git says by now of an open pull request that itself has not changed. Whether that is news. */
  async reconsider(
    work: Work,
    room: RoomEntity,
    { provider, repoId }: RepositoryConnectionEntity,
    number: number,
    detail: PullRequestDetail,
  ): Promise<boolean> {
    const pull = await work.manager.findOneBy(PullRequestEntity, {
      roomId: room.id,
      provider,
      repoId,
      number,
      state: 'open',
    });
    const before = pull && presentPullRequest(pull);
    if (!pull || isDeepStrictEqual(presentPullRequest(Object.assign(pull, detail)), before)) {
      return false;
    }
    await work.manager.save(pull);
    await this.tellRoom(work, room, 'updated', SYSTEM, pull);
    return true;
  }

  private async peopleOf(
    { manager }: Work,
    { provider }: RepositoryConnectionEntity,
    fact: PullRequestFact,
    known: PullRequestEntity | null,
    isMergedByUs: boolean,
  ): Promise<People> {
    const author = await this.accounts.identify(manager, provider, fact.author);
    const sender = await this.accounts.identify(manager, provider, fact.sender);
    return {
      // Once known here, always known: an account that was unlinked or closed since has still done the work.
      author: author.userId === null && known ? { actor: known.author, userId: known.beneficiaryId } : author,
      sender,
      merger:
        fact.what === 'merged'
          ? ((isMergedByUs ? onBehalfOf(known) : null) ?? (await this.mergerOf(manager, provider, fact, known, sender)))
          : null,
    };
  }

  private async mergerOf(
    manager: Work['manager'],
    provider: RepositoryConnectionEntity['provider'],
    { mergedBy }: PullRequestFact,
    known: PullRequestEntity | null,
    sender: Identified,
  ): Promise<Identified> {
    if (known?.mergedBy) {
      return { actor: known.mergedBy, userId: known.mergedByUserId };
    }
    return mergedBy ? this.accounts.identify(manager, provider, mergedBy) : sender;
  }

  private async tell(
    work: Work,
    room: RoomEntity,
    transition: Exclude<Transition, 'stale'>,
    pull: PullRequestEntity,
    { sender, merger }: People,
  ): Promise<void> {
    const actor = transition === 'merged' && merger ? merger.actor : sender.actor;
    await this.tellRoom(work, room, transition, actor, pull);
    const subject = { roomId: room.id, pullRequestId: pull.id, number: pull.number, taskId: pull.taskId };
    switch (transition) {
      case 'opened':
        work.announce({
          name: 'git.pull_request_opened',
          data: { ...subject, head: pull.head, headSha: pull.headSha },
        });
        break;
      case 'closed':
        work.announce({ name: 'git.pull_request_closed', data: subject });
        break;
      case 'merged':
        work.announce({
          name: 'git.pull_request_merged',
          data: {
            ...subject,
            headSha: pull.headSha,
            mergeSha: pull.mergeSha,
            mergedBy: actor,
            mergedByUserId: pull.mergedByUserId,
            beneficiaryId: pull.beneficiaryId,
            author: pull.author,
            title: pull.title,
            paths: pull.files.map(({ path }) => path),
          },
        });
        break;
      case 'updated':
        break;
    }
  }

  private async tellRoom(
    work: Work,
    room: RoomEntity,
    transition: Exclude<Transition, 'stale'>,
    actor: Actor,
    pull: PullRequestEntity,
  ): Promise<void> {
    await this.log.append(work, room, {
      type: `git.pr_${transition}`,
      actor,
      data: { pullRequest: presentPullRequest(pull) },
    });
  }
}

/** Whoever approved a pull request that the server merged, however its provider calls the account that did it. */
function onBehalfOf(known: PullRequestEntity | null): Identified | null {
  const approver = known?.autoMerge?.approvedBy;
  return approver ? { actor: approver, userId: approver.id } : null;
}

/** What is still true of the server's own attempt once this has happened. */
function autoMergeAfter(
  { what, updatedAt }: PullRequestFact,
  tried: AutoMergeRecord | null,
  isMergedByUs: boolean,
): AutoMergeRecord | null {
  if (what !== 'merged' || !tried) {
    return tried;
  }
  return isMergedByUs
    ? { ...tried, claimedUntil: null, refusal: null, isDone: true, toldAt: tried.toldAt ?? updatedAt }
    : null;
}

const STATE_AFTER = { opened: 'open', updated: 'open', merged: 'merged', closed: 'closed' } as const;

/** What is known of a pull request at a provider whose repository is not here. */
const counted = ({ additions, deletions, commits }: PullRequestFact): PullRequestDetail => ({
  files: [],
  additions,
  deletions,
  commits,
  mergeability: { state: 'unknown', conflicts: [] },
});
