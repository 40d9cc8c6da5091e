import { Injectable } from '@nestjs/common';
import type { GitEvents } from '../events/git.events.js';
import { SYSTEM } from '../platform/caller.js';
import { UnitOfWork, type Work } from '../platform/database/unit-of-work.js';
import { RoomAccess, type RoomEntity, RoomLog } from '../rooms/index.js';
import { Users } from '../users/index.js';
import { afterMergedPullRequest, earnsXp, MERGED_PR_XP } from './domain/award.js';
import { skillAreasOf } from './domain/skill-areas.js';
import { UserReputationEntity } from './user-reputation.entity.js';
import { XpEntryEntity } from './xp-entry.entity.js';

type Merge = GitEvents['git.pull_request_merged'];
type Earned = Merge & { readonly beneficiaryId: string };

/** Awards XP: for each cause once, with evidence, and said in the room where it was earned. */
@Injectable()
export class ReputationService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly rooms: RoomAccess,
    private readonly log: RoomLog,
    private readonly users: Users,
  ) {}

  /** Awards whoever answers for the merged work, unless they merged it themselves. A repeat changes nothing. */
  async awardMerge(merge: Merge): Promise<void> {
    if (!earnsXp(merge)) {
      return;
    }
    await this.unitOfWork.run(async (work) => {
      const [room = null] = await this.rooms.holdAll(work, [merge.roomId]);
      const person = await this.users.find(merge.beneficiaryId, work.manager);
      if (!person || !(await this.enter(work, room, merge))) {
        return;
      }
      const reputation = await this.hold(work, person.id);
      const levelBefore = reputation.level;
      reputation.become(afterMergedPullRequest(reputation, skillAreasOf(merge.paths)));
      await work.manager.save(reputation);
      if (room) {
        await this.tell(work, room, { name: person.username, merge, reputation, levelBefore });
      }
    });
  }

  /** Writes the award into the ledger; false if it stands there already. */
  private async enter({ manager, now }: Work, room: RoomEntity | null, merge: Earned): Promise<boolean> {
    const inserted = await manager
      .createQueryBuilder()
      .insert()
      .into(XpEntryEntity)
      .values({
        userId: merge.beneficiaryId,
        cause: `merged_pr:${merge.roomId}:${merge.pullRequestId}`,
        type: 'merged_pr',
        amount: MERGED_PR_XP,
        roomId: room?.id ?? null,
        roomName: room?.name ?? null,
        evidence: {
          pullRequest: merge.number,
          title: merge.title,
          mergedBy: merge.mergedBy.name,
          ...(merge.mergeSha !== null && { mergeSha: merge.mergeSha }),
          ...(merge.author.type === 'agent' && { agent: merge.author.name }),
        },
        createdAt: now,
      })
      .orIgnore()
      .returning('id')
      .execute();
    return (inserted.raw as unknown[]).length > 0;
  }

  private async hold({ manager }: Work, userId: string): Promise<UserReputationEntity> {
    await manager.createQueryBuilder().insert().into(UserReputationEntity).values({ userId }).orIgnore().execute();
    return manager.findOneOrFail(UserReputationEntity, { where: { userId }, lock: { mode: 'pessimistic_write' } });
  }

  private async tell(
    work: Work,
    room: RoomEntity,
    award: { name: string; merge: Earned; reputation: UserReputationEntity; levelBefore: number },
  ): Promise<void> {
    const { name, merge, reputation, levelBefore } = award;
    const { userId, totalXp, level } = reputation;
    await this.log.append(work, room, {
      type: 'xp.awarded',
      actor: SYSTEM,
      data: {
        userId,
        name,
        amount: MERGED_PR_XP,
        reason: `Pull request #${merge.number} was merged`,
        totalXP: totalXp,
        level,
      },
    });
    if (level > levelBefore) {
      await this.log.append(work, room, { type: 'xp.level_up', actor: SYSTEM, data: { userId, name, level } });
    }
  }
}
