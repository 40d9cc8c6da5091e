import { randomUUID } from 'node:crypto';
import { type Actor } from '@clawtank/contracts';
import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { SYSTEM } from '../../platform/caller.js';
import { Clock } from '../../platform/clock.js';
import { UnitOfWork, type Work } from '../../platform/database/unit-of-work.js';
import { JobQueue } from '../../platform/queues/job-queue.js';
import { commitsBetween, isAncestor } from '../hosting/history.js';
import { diffRefs, listRefs, pusherOf, type RefChange } from '../hosting/refs.js';
import type { Repository } from '../hosting/repository.js';
import { HostedRepositories } from '../hosting/repository-store.js';
import { HostedPullRequestEntity } from './hosted-pull-request.entity.js';
import { DEFAULT_REF } from './hosting.js';
import { mergerOf } from './merge-identity.js';
import { type OwedDelivery, pullRequestPayload, pushPayload } from './payloads.js';

const MAX_COMMITS = 50;
/** A change that has not been settled by then was interrupted; longer than any transfer may take. */
const ABANDONED_MS = 15 * 60_000;

const branchOf = (ref: string): string => ref.slice('refs/heads/'.length);

/**
 * What changed in hosted repositories, and the webhook deliveries that follow from it. The refs are compared with what was
 * last told; the difference, the deliveries and the new state are stored in one transaction. Whatever interrupts a push or
 * a merge, the next settling finds it: nothing is told twice, and nothing is missed.
 */
@Injectable()
export class HostedChanges {
  private readonly logger = new Logger(HostedChanges.name);

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly dataSource: DataSource,
    private readonly repositories: HostedRepositories,
    private readonly jobs: JobQueue,
    private readonly clock: Clock,
  ) {}

  /** Notes that the repository is about to change, so that it is settled even if this process does not live to do it. */
  async begin(roomId: string): Promise<string> {
    const id = randomUUID();
    await this.dataSource.query(`INSERT INTO hosted_changes (id, room_id) VALUES ($1, $2)`, [id, roomId]);
    return id;
  }

  /** Stores what changed since the last settling, and sees to its deliveries. `by` is who deleted what is gone: of that git keeps no record. */
  async settle(roomId: string, changeIds: readonly string[], by: Actor = SYSTEM): Promise<void> {
    const deliveries = await this.unitOfWork.run(async (work) => {
      await this.takeTurn(work, roomId);
      const owed = await this.collect(work, this.repositories.at(roomId), by);
      await work.manager.query(`DELETE FROM hosted_changes WHERE id = ANY($1::uuid[])`, [changeIds]);
      return this.store(work, roomId, owed);
    });
    await this.send(deliveries);
  }

  /** Takes note of a new repository's first state, of which nobody needs to be told. */
  async adopt(work: Work, roomId: string): Promise<void> {
    for (const [ref, sha] of await listRefs(this.repositories.at(roomId))) {
      await work.manager.query(
        `INSERT INTO hosted_refs (room_id, ref, sha) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
        [roomId, ref, sha],
      );
    }
  }

  /** Stores deliveries beside the change that caused them; hand the result to `send` after the commit. */
  async store({ manager, now }: Work, roomId: string, owed: readonly OwedDelivery[]): Promise<string[]> {
    const ids = owed.map(() => randomUUID());
    await manager.query(
      `INSERT INTO hook_deliveries (id, room_id, event, payload, created_at) SELECT d.id, $1, d.event, d.payload, $5
       FROM unnest($2::uuid[], $3::text[], $4::jsonb[]) AS d (id, event, payload)`,
      [roomId, ids, owed.map(({ event }) => event), owed.map(({ payload }) => JSON.stringify(payload)), now],
    );
    return ids;
  }

  /** Never rejects: the deliveries are stored, so that a queue that is away delays them until the next look and cannot lose them. */
  async send(deliveryIds: readonly string[]): Promise<void> {
    for (const deliveryId of deliveryIds) {
      await this.jobs
        .add('send-hook', { deliveryId }, { id: deliveryId })
        .catch((error: unknown) => this.logger.warn(`A delivery waits for the next look: ${String(error)}`));
    }
  }

  /** Settles what was interrupted, and sends what was stored but never queued. */
  async reconcile(): Promise<void> {
    const before = new Date(this.clock.now().getTime() - ABANDONED_MS);
    const abandoned = await this.dataSource.query<{ room_id: string; ids: string[] }[]>(
      `SELECT room_id, array_agg(id) AS ids FROM hosted_changes WHERE begun_at < $1 GROUP BY room_id LIMIT 100`,
      [before],
    );
    for (const { room_id, ids } of abandoned) {
      await this.settle(room_id, ids);
    }
    const unsent = await this.dataSource.query<{ id: string }[]>(
      `SELECT d.id FROM hook_deliveries d JOIN room_git_repos g ON g.room_id = d.room_id AND g.provider = 'clawtank'
       WHERE d.delivered_at IS NULL AND d.created_at < now() - interval '30 seconds' ORDER BY d.created_at LIMIT 500`,
    );
    await this.send(unsent.map(({ id }) => id));
  }

  /** Everything that an earlier run of this installation left unsettled; asked once, at the start of a single process. */
  async settleLeftovers(): Promise<void> {
    const rows = await this.dataSource.query<{ room_id: string; ids: string[] }[]>(
      `SELECT room_id, array_agg(id) AS ids FROM hosted_changes GROUP BY room_id`,
    );
    for (const { room_id, ids } of rows) {
      await this.settle(room_id, ids);
    }
  }

  /** One settling of a room at a time; apart from the room's own lock, which git's work must not hold. */
  private async takeTurn({ manager }: Work, roomId: string): Promise<void> {
    await manager.query(`SELECT pg_advisory_xact_lock(hashtextextended('hosted:' || $1, 0))`, [roomId]);
  }

  private async collect(work: Work, repository: Repository, by: Actor): Promise<OwedDelivery[]> {
    const { manager } = work;
    const { roomId } = repository;
    const rows = await manager.query<{ ref: string; sha: string }[]>(
      `SELECT ref, sha FROM hosted_refs WHERE room_id = $1`,
      [roomId],
    );
    const changes = diffRefs(new Map(rows.map(({ ref, sha }) => [ref, sha])), await listRefs(repository));
    const owed: OwedDelivery[] = [];
    for (const change of changes) {
      if (change.after === null) {
        await manager.query(`DELETE FROM hosted_refs WHERE room_id = $1 AND ref = $2`, [roomId, change.ref]);
      } else {
        await manager.query(
          `INSERT INTO hosted_refs (room_id, ref, sha) VALUES ($1, $2, $3) ON CONFLICT (room_id, ref) DO UPDATE SET sha = excluded.sha`,
          [roomId, change.ref, change.after],
        );
      }
      if (change.ref.startsWith('refs/heads/')) {
        owed.push(...(await this.describe(work, repository, change, by)));
      }
    }
    return owed;
  }

  private async describe(work: Work, repository: Repository, change: RefChange, by: Actor): Promise<OwedDelivery[]> {
    const { before, after } = change;
    const isForced =
      before !== null && after !== null && !(await isAncestor(repository, before, after).catch(() => false));
    const commits = after === null ? null : await commitsBetween(repository, before, after, MAX_COMMITS);
    const sender = change.after === null ? by : await this.authorOf(repository, change.ref, change.after);
    const push = pushPayload(repository.roomId, change, isForced, commits, sender);
    const consequences =
      change.ref === DEFAULT_REF
        ? await this.mergedBy(work, repository, change)
        : await this.headMoved(work, repository.roomId, change, sender);
    return [push, ...consequences];
  }

  /** Pull requests that a change of the default branch brought in. Only merges change it, and they say who made them. */
  private async mergedBy(work: Work, repository: Repository, { before, after }: RefChange): Promise<OwedDelivery[]> {
    if (before === null || after === null) {
      return [];
    }
    const merges = await firstParentMerges(repository, before, after);
    const open = await work.manager.findBy(HostedPullRequestEntity, { roomId: repository.roomId, state: 'open' });
    const owed: OwedDelivery[] = [];
    for (const pullRequest of open) {
      const merge = merges.find(({ head }) => head === pullRequest.headSha);
      if (merge) {
        const merger = await mergerOf(repository, merge.sha);
        Object.assign(pullRequest, {
          state: 'merged',
          mergeSha: merge.sha,
          mergedBy: merger,
          mergedAt: work.now,
          updatedAt: work.now,
        });
        await work.manager.save(pullRequest);
        owed.push(pullRequestPayload('closed', pullRequest, merger));
      }
    }
    return owed;
  }

  private async headMoved(
    work: Work,
    roomId: string,
    { ref, after }: RefChange,
    sender: Actor,
  ): Promise<OwedDelivery[]> {
    const pullRequest = await work.manager.findOneBy(HostedPullRequestEntity, {
      roomId,
      state: 'open',
      head: branchOf(ref),
    });
    if (!pullRequest || pullRequest.headSha === after) {
      return [];
    }
    Object.assign(
      pullRequest,
      after === null ? { state: 'closed', updatedAt: work.now } : { headSha: after, updatedAt: work.now },
    );
    await work.manager.save(pullRequest);
    return [pullRequestPayload(after === null ? 'closed' : 'synchronize', pullRequest, sender)];
  }

  private async authorOf(repository: Repository, ref: string, after: string): Promise<Actor> {
    if (ref === DEFAULT_REF) {
      return mergerOf(repository, after);
    }
    const pusher = await pusherOf(repository, ref, after);
    return pusher
      ? { type: pusher.email.startsWith('agent+') ? 'agent' : 'human', id: pusher.id, name: pusher.name }
      : SYSTEM;
  }
}

/** The merge commits in the branch's own line between two of its states, with the head that each brought in. */
async function firstParentMerges(
  repository: Repository,
  before: string,
  after: string,
): Promise<{ sha: string; head: string }[]> {
  const { stdout } = await repository.run(['rev-list', '--first-parent', '--parents', after, '--not', before]);
  return stdout
    .toString()
    .split('\n')
    .flatMap((line) => {
      const [sha, , head] = line.split(' ');
      return sha && head ? [{ sha, head }] : [];
    });
}
