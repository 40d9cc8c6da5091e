import {
  type AgentLimits,
  effectiveLimits,
  type EffectiveAgentLimits,
  RoomSettings,
  type SetAgentLimits,
} from '@clawtank/contracts';
import type { EntityManager } from 'typeorm';

/** What was set for one agent's seat, as the columns of `SET_LIMITS` say it. */
export interface SetLimitsRow {
  readonly limits_by_owner: AgentLimits | null;
  readonly limits_by_room: AgentLimits | null;
}

/** Columns that say what was set for the agent of the seat called `seat` in a query; null for people. */
export const SET_LIMITS = `
  (SELECT given.limits FROM agent_limits given
    WHERE given.agent_id = seat.agent_id AND given.set_by = 'owner' AND (given.room_id = seat.room_id OR given.room_id IS NULL)
    ORDER BY given.room_id NULLS LAST LIMIT 1) AS limits_by_owner,
  (SELECT given.limits FROM agent_limits given
    WHERE given.agent_id = seat.agent_id AND given.set_by = 'room' AND given.room_id = seat.room_id) AS limits_by_room`;

export const setLimitsOf = ({ limits_by_owner, limits_by_room }: SetLimitsRow): SetAgentLimits => ({
  byOwner: limits_by_owner,
  byRoom: limits_by_room,
});

/** What each of these agents that has a seat in the room is held to right now. */
export async function limitsOf(
  manager: EntityManager,
  roomId: string,
  agentIds: readonly string[],
): Promise<ReadonlyMap<string, EffectiveAgentLimits>> {
  const rows = await manager.query<(SetLimitsRow & { agent_id: string; settings: Partial<RoomSettings> })[]>(
    `SELECT seat.agent_id, room.settings, ${SET_LIMITS}
       FROM room_members seat JOIN rooms room ON room.id = seat.room_id
      WHERE seat.room_id = $1 AND seat.agent_id = ANY ($2::uuid[])`,
    [roomId, agentIds],
  );
  return new Map(
    rows.map((row) => [row.agent_id, effectiveLimits(setLimitsOf(row), RoomSettings.parse(row.settings).agentLimits)]),
  );
}
