import type { ReputationEvent, UserReputation } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Caller } from '../platform/caller.js';
import { notFound } from '../platform/errors/refusal.js';
import { publicText } from '../rooms/index.js';
import { Users } from '../users/index.js';
import { NO_CONTRIBUTIONS } from './domain/award.js';
import { UserReputationEntity } from './user-reputation.entity.js';

interface EntryRow {
  id: string;
  type: ReputationEvent['type'];
  amount: number;
  created_at: Date;
  room_id: string | null;
  room_name: string | null;
  evidence: ReputationEvent['details'];
  is_member: boolean;
  is_public: boolean;
}

const RECENT_ENTRIES = 50;

/** Reads what people earned. */
@Injectable()
export class ReputationReader {
  constructor(
    private readonly dataSource: DataSource,
    private readonly users: Users,
  ) {}

  /** A person's reputation. Totals are for everyone; where and for what, only for those who may see that room. */
  async of(userId: string, reader: Caller | null): Promise<UserReputation> {
    const { manager } = this.dataSource;
    if (!(await this.users.find(userId))) {
      throw notFound('person');
    }
    const reputation = await manager.findOneBy(UserReputationEntity, { userId });
    return {
      userId,
      totalXP: reputation?.totalXp ?? 0,
      level: reputation?.level ?? 1,
      contributions: { ...(reputation?.contributions ?? NO_CONTRIBUTIONS) },
      recentActivity: await this.recent(userId, reader),
      skillAreas: reputation?.skillAreas ?? [],
    };
  }

  /** A stranger may see an award of a room that is public now and whose merge the public was told of when it happened. */
  private async recent(userId: string, reader: Caller | null): Promise<ReputationEvent[]> {
    const rows = await this.dataSource.query<EntryRow[]>(
      `SELECT l.id, l.type, l.amount, l.created_at, l.evidence, r.id AS room_id, r.name AS room_name,
              EXISTS (SELECT 1 FROM room_members m WHERE m.room_id = l.room_id AND m.member_id = $2) AS is_member,
              coalesce(r.visibility = 'public', false) AND EXISTS (
                SELECT 1 FROM room_events e
                WHERE e.room_id = l.room_id AND e.type = 'git.pr_merged' AND e.public_seq IS NOT NULL
                  AND e.public_payload -> 'number' = l.evidence -> 'pullRequest') AS is_public
       FROM xp_ledger l LEFT JOIN rooms r ON r.id = l.room_id
       WHERE l.user_id = $1 ORDER BY l.created_at DESC, l.id LIMIT $3`,
      [userId, reader?.id ?? null, RECENT_ENTRIES],
    );
    return rows.map(present);
  }
}

function present(row: EntryRow): ReputationEvent {
  const { is_member: isMember, is_public: isPublic, evidence } = row;
  const maySee = isMember || isPublic;
  const masked = { ...evidence, ...(evidence.title !== undefined && { title: publicText(evidence.title) }) };
  return {
    id: row.id,
    type: row.type,
    xpAwarded: row.amount,
    timestamp: row.created_at.toISOString(),
    roomId: maySee ? row.room_id : null,
    roomName: maySee ? row.room_name : null,
    details: isMember ? evidence : isPublic ? masked : {},
  };
}
