import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { autoMergeStanding, type Review, type Task, taskOfPullRequest } from '@clawtank/contracts';
import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { SYSTEM } from '../../platform/caller.js';
import { UnitOfWork, type Work } from '../../platform/database/unit-of-work.js';
import { presentRoom, RoomAccess, type RoomEntity, RoomLog, RoomWork } from '../../rooms/index.js';
import { PullRequestEntity } from '../activity/pull-request.entity.js';
import { presentPullRequest } from '../activity/pull-request.presenter.js';
import type { RepositoryConnectionEntity } from '../connections/repository-connection.entity.js';
import { RepositoryConnections } from '../connections/repository-connections.service.js';
import {
  type AutoMergeRecord,
  type AutoMergeRefusal,
  type MergeAnswer,
  type MergeAttempt,
  refused,
  type RefusedMerge,
} from '../domain/auto-merge.js';
import { MergingHosts } from './merging-hosts.js';

/** Longer than any host takes to answer; whoever has not said by then what came of it is gone. */
const CLAIM_MS = 60_000;
/** How long what stood in the way is left alone, unless something happens that may have changed it. */
const PATIENCE_MS = 60_000;

interface Candidate {
  readonly id: string;
  readonly roomId: string;
}

interface Claimed {
  readonly connection: RepositoryConnectionEntity;
  readonly attempt: MergeAttempt;
}

/** Whether what stood in the way may be over. */
type MayRetry = (refusal: AutoMergeRefusal, now: Date) => boolean;

/**
 * Merges what a person approved, in rooms that want that: exactly the approved commit, through the repository's host, on behalf of
 * whoever approved it. Who merges claims it first, with the room held, and merges after that; so two that are asked at once merge
 * once, and a claim that nobody ended is taken up again. The room hears of the merge from its provider, as of any other.
 */
@Injectable()
export class AutoMerges {
  private readonly logger = new Logger(AutoMerges.name);

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly dataSource: DataSource,
    private readonly rooms: RoomAccess,
    private readonly log: RoomLog,
    private readonly work: RoomWork,
    private readonly connections: RepositoryConnections,
    private readonly hosts: MergingHosts,
  ) {}

  /** Merges what is ready in a room where something happened, also what was refused a moment ago. */
  async mergeNow(roomId: string): Promise<void> {
    for (const candidate of await this.candidates(roomId)) {
      await this.merge(candidate, () => true);
    }
  }

  /** Merges what became ready in any room without anybody's telling: checks that ended, a host that answers again, a claim left over. */
  async mergeDue(): Promise<void> {
    for (const candidate of await this.candidates(null)) {
      await this.merge(candidate, ({ nextAt }, now) => new Date(nextAt) <= now);
    }
  }

  /** What is open in a room that has approved work merged, or in all such rooms. */
  private candidates(roomId: string | null): Promise<Candidate[]> {
    return this.dataSource.query<Candidate[]>(
      `SELECT pull.id, pull.room_id AS "roomId" FROM pull_requests pull JOIN rooms room ON room.id = pull.room_id
       WHERE pull.state = 'open' AND room.archived_at IS NULL AND (room.settings ->> 'autoMergeEnabled')::boolean
         AND ($1::uuid IS NULL OR room.id = $1)
       ORDER BY pull.room_id, pull.number`,
      [roomId],
    );
  }

  private async merge(candidate: Candidate, mayRetry: MayRetry): Promise<void> {
    const claimed = await this.unitOfWork.run((work) => this.claim(work, candidate, mayRetry));
    if (claimed) {
      const answer = await this.ask(claimed);
      await this.unitOfWork.run((work) => this.note(work, claimed.attempt, answer));
    }
  }

  /** Takes what is ready to be merged, and nobody is at, for the caller; null if it is not, or somebody is. */
  private async claim(work: Work, { id, roomId }: Candidate, mayRetry: MayRetry): Promise<Claimed | null> {
    const { manager, now } = work;
    const [room] = await this.rooms.holdAll(work, [roomId]);
    const connection = room ? await this.connections.ofRoom(roomId, manager) : null;
    if (!room || !connection) {
      return null;
    }
    const { provider, repoId } = connection;
    const pull = await manager.findOneBy(PullRequestEntity, { id, roomId, provider, repoId });
    const review = pull && approvalOf(room, pull, await this.work.approvedIn(roomId, manager));
    const former = pull?.autoMerge?.sha === pull?.headSha ? (pull?.autoMerge ?? null) : null;
    if (!review || (former && (former.isDone || isClaimed(former, now)))) {
      return null;
    }
    if (former?.refusal && !mayRetry(former.refusal, now)) {
      return null;
    }
    const record = begun(pull, review, former);
    if (!(await this.mayMerge(work, roomId, review))) {
      await this.tellRefusal(work, room, pull, record, refused('approver_may_not', ''));
      return null;
    }
    pull.autoMerge = { ...record, claimedUntil: new Date(now.getTime() + CLAIM_MS).toISOString() };
    await manager.save(pull);
    return { connection, attempt: attemptOf(pull, record.id, review) };
  }

  /** Whoever approved it must be somebody who could merge it now. */
  private async mayMerge({ manager }: Work, roomId: string, { by }: Review): Promise<boolean> {
    const standing = by.id === null ? undefined : (await this.rooms.standingOf(roomId, [by.id], manager)).get(by.id);
    return by.type === 'human' && (standing?.abilities.includes('merge') ?? false);
  }

  private async ask({ connection, attempt }: Claimed): Promise<MergeAnswer> {
    try {
      return await this.hosts.of(connection).merge(attempt);
    } catch (error) {
      this.logger.error(error);
      return refused('unavailable', 'The repository’s host failed');
    }
  }

  /** Ends the claim with what came of it. */
  private async note(work: Work, { id, roomId, pullRequestId }: MergeAttempt, answer: MergeAnswer): Promise<void> {
    const [room] = await this.rooms.holdAll(work, [roomId]);
    const pull = room && (await work.manager.findOneBy(PullRequestEntity, { id: pullRequestId, roomId }));
    if (!room || pull?.autoMerge?.id !== id) {
      return;
    }
    if (answer.outcome === 'merged') {
      pull.autoMerge = { ...pull.autoMerge, claimedUntil: null, refusal: null, isDone: true };
      await work.manager.save(pull);
    } else if (pull.state === 'open') {
      await this.tellRefusal(work, room, pull, pull.autoMerge, answer);
    }
  }

  /** Keeps what stands in the way, and tells the room unless that is what it knows. */
  private async tellRefusal(
    work: Work,
    room: RoomEntity,
    pull: PullRequestEntity,
    record: AutoMergeRecord,
    { obstacle, message }: RefusedMerge,
  ): Promise<void> {
    const before = presentPullRequest(pull);
    const { refusal } = record;
    const isKnown = refusal?.obstacle === obstacle && refusal.message === message;
    pull.autoMerge = {
      ...record,
      claimedUntil: null,
      refusal: {
        obstacle,
        message,
        at: isKnown ? refusal.at : work.now.toISOString(),
        nextAt: new Date(work.now.getTime() + PATIENCE_MS).toISOString(),
      },
    };
    await work.manager.save(pull);
    const pullRequest = presentPullRequest(pull);
    if (!isDeepStrictEqual(pullRequest, before)) {
      await this.log.append(work, room, { type: 'git.pr_updated', actor: SYSTEM, data: { pullRequest } });
    }
  }
}

/** The approval by which a pull request may be merged now, or would be if what stood in the way is over. */
function approvalOf(room: RoomEntity, pull: PullRequestEntity, approved: readonly Task[]): Review | null {
  const presented = presentPullRequest(pull);
  const task = taskOfPullRequest(presented, approved);
  const standing = autoMergeStanding(presentRoom(room), presented, task);
  return standing === 'ready' || standing === 'refused' ? (task?.review ?? null) : null;
}

const isClaimed = ({ claimedUntil }: AutoMergeRecord, now: Date): boolean =>
  claimedUntil !== null && new Date(claimedUntil) > now;

/** The record of an attempt: under the name of the one before it for the same head, whose merge may have gone through unseen. */
const begun = ({ headSha }: PullRequestEntity, { by }: Review, former: AutoMergeRecord | null): AutoMergeRecord => ({
  id: former?.id ?? randomUUID(),
  sha: headSha,
  approvedBy: by,
  claimedUntil: null,
  refusal: former?.refusal ?? null,
  isDone: false,
  toldAt: null,
});

const attemptOf = (
  { id: pullRequestId, roomId, number, title, head, headSha }: PullRequestEntity,
  id: string,
  { by }: Review,
): MergeAttempt => ({
  id,
  roomId,
  pullRequestId,
  number,
  title,
  head,
  headSha,
  approvedBy: { ...by, id: by.id ?? '' },
});
