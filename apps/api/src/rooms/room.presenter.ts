import type { Member, RoomInfo } from '@clawtank/contracts';
import type { EntityManager } from 'typeorm';
import { abilitiesByRole } from './domain/permissions.js';
import { SET_LIMITS, setLimitsOf, type SetLimitsRow } from './limits/limits-of-seats.js';
import type { RoomEntity } from './room.entity.js';

export function presentRoom(room: RoomEntity): RoomInfo {
  return {
    id: room.id,
    name: room.name,
    description: room.description,
    visibility: room.visibility,
    createdBy: room.createdBy,
    createdAt: room.createdAt.toISOString(),
    language: room.language,
    topics: room.topics,
    archivedAt: room.archivedAt?.toISOString() ?? null,
    gitRepo: room.repository?.cloneUrl ?? null,
    repository: room.repository,
    settings: room.settings,
  };
}

interface MemberRow extends SetLimitsRow {
  member_id: string;
  member_type: 'human' | 'agent';
  user_id: string;
  role: Member['role'];
  joined_at: Date;
  muted_until: Date | null;
  paused_at: Date | null;
  username: string;
  avatar_url: string | null;
  agent_name: string | null;
  status: 'working' | 'idle' | 'error' | null;
  current_task: string | null;
  status_at: Date | null;
}

/** The room's seats in order of arrival, or the one of `memberId`. */
export async function readMembers(manager: EntityManager, roomId: string, memberId?: string): Promise<Member[]> {
  const rows = await manager.query<MemberRow[]>(
    `SELECT seat.member_id, seat.member_type, seat.user_id, seat.role, seat.joined_at, seat.muted_until, seat.paused_at,
            u.username, u.avatar_url, a.name AS agent_name, a.status, a.current_task, a.status_at, ${SET_LIMITS}
     FROM room_members seat JOIN users u ON u.id = seat.user_id LEFT JOIN agents a ON a.id = seat.agent_id
     WHERE seat.room_id = $1 AND ($2::uuid IS NULL OR seat.member_id = $2)
     ORDER BY seat.joined_seq`,
    [roomId, memberId ?? null],
  );
  return rows.map(presentMember);
}

function presentMember(row: MemberRow): Member {
  const isAgent = row.member_type === 'agent';
  return {
    id: row.member_id,
    type: row.member_type,
    userId: row.user_id,
    name: row.agent_name ?? row.username,
    avatarUrl: isAgent ? null : row.avatar_url,
    role: row.role,
    permissions: [...abilitiesByRole({ memberType: row.member_type, role: row.role })],
    joinedAt: row.joined_at.toISOString(),
    mutedUntil: row.muted_until?.toISOString() ?? null,
    pausedAt: row.paused_at?.toISOString() ?? null,
    ownerName: isAgent ? row.username : null,
    agent: isAgent
      ? {
          status: row.status ?? 'idle',
          currentTask: row.current_task,
          reportedAt: row.status_at?.toISOString() ?? null,
        }
      : null,
    limits: isAgent ? setLimitsOf(row) : null,
  };
}
