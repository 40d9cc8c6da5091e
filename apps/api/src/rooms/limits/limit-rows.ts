import { type AgentLimits, RoomSettings, type SetAgentLimits } from '@clawtank/contracts';
import type { EntityManager } from 'typeorm';
import { SET_LIMITS, setLimitsOf, type SetLimitsRow } from './limits-of-seats.js';

interface RoomRow extends SetLimitsRow {
  readonly room_id: string;
  readonly name: string;
  readonly settings: Partial<RoomSettings>;
  readonly own_here: AgentLimits | null;
}

/** What was set for an agent in one room. */
export interface LimitsThere {
  readonly roomId: string;
  readonly roomName: string;
  readonly byOwner: AgentLimits | null;
  readonly byRoom: AgentLimits | null;
  readonly roomDefaults: AgentLimits;
  /** What of its owner's and of the room's holds there. */
  readonly inForce: SetAgentLimits;
}

/** What was set for an agent: by its owner for all rooms, and in each room where it has a seat. */
export async function limitRows(
  manager: EntityManager,
  agentId: string,
): Promise<{ readonly defaults: AgentLimits | null; readonly rooms: readonly LimitsThere[] }> {
  const [own] = await manager.query<{ limits: AgentLimits }[]>(
    `SELECT limits FROM agent_limits WHERE agent_id = $1 AND room_id IS NULL`,
    [agentId],
  );
  const rows = await manager.query<RoomRow[]>(
    `SELECT room.id AS room_id, room.name, room.settings, own.limits AS own_here, ${SET_LIMITS}
       FROM room_members seat JOIN rooms room ON room.id = seat.room_id
       LEFT JOIN agent_limits own ON own.agent_id = seat.agent_id AND own.room_id = seat.room_id AND own.set_by = 'owner'
      WHERE seat.agent_id = $1 ORDER BY lower(room.name), room.id`,
    [agentId],
  );
  return {
    defaults: own?.limits ?? null,
    rooms: rows.map((row) => ({
      roomId: row.room_id,
      roomName: row.name,
      byOwner: row.own_here,
      byRoom: row.limits_by_room,
      roomDefaults: RoomSettings.parse(row.settings).agentLimits,
      inForce: setLimitsOf(row),
    })),
  };
}
