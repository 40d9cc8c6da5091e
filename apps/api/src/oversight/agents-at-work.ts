import type { AgentAtWork, HeldTask } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Caller } from '../platform/caller.js';
import { RoomAccess } from '../rooms/index.js';
import { DOER } from './domain/deed.js';

interface HeldRow {
  agent_id: string;
  room_id: string;
  task_id: string;
  number: number;
  title: string;
  lease_expires_at: Date;
}

/** What agents hold, until when, and when they last answered: true of this moment, and in no log. */
@Injectable()
export class AgentsAtWork {
  constructor(
    private readonly dataSource: DataSource,
    private readonly rooms: RoomAccess,
  ) {}

  /** The agents that sit in a room, for its members. */
  async inRoom(caller: Caller, roomId: string): Promise<AgentAtWork[]> {
    await this.rooms.look(caller, roomId, 'read');
    const seats = await this.dataSource.query<{ agent_id: string }[]>(
      `SELECT agent_id FROM room_members WHERE room_id = $1 AND agent_id IS NOT NULL ORDER BY joined_seq`,
      [roomId],
    );
    return this.of(
      seats.map(({ agent_id }) => agent_id),
      roomId,
    );
  }

  /** These agents, in one room or, without one, in all of them. */
  async of(agentIds: readonly string[], roomId: string | null): Promise<AgentAtWork[]> {
    const [held, answers] = await Promise.all([this.held(agentIds, roomId), this.answers(agentIds, roomId)]);
    return agentIds.map((agentId) => ({
      agentId,
      lastAcknowledgedAt: answers.get(agentId)?.toISOString() ?? null,
      held: held.filter(({ agent_id }) => agent_id === agentId).map(presentHeld),
    }));
  }

  private held(agentIds: readonly string[], roomId: string | null): Promise<HeldRow[]> {
    return this.dataSource.query<HeldRow[]>(
      `SELECT lease_holder_id AS agent_id, room_id, id AS task_id, number, title, lease_expires_at FROM tasks
       WHERE assigned_to_id = ANY ($1::uuid[]) AND state IN ('claimed', 'in_progress') AND lease_holder_id = assigned_to_id
         AND ($2::uuid IS NULL OR room_id = $2)
       ORDER BY lease_expires_at`,
      [agentIds, roomId],
    );
  }

  private async answers(agentIds: readonly string[], roomId: string | null): Promise<ReadonlyMap<string, Date>> {
    const rows = await this.dataSource.query<{ id: string; at: Date | null }[]>(
      `SELECT agent.id, greatest(
         (SELECT max((receipt ->> 'acknowledgedAt')::timestamptz) FROM tasks
          WHERE assigned_to_id = agent.id AND ($2::uuid IS NULL OR room_id = $2)),
         (SELECT entry.created_at FROM room_events entry
          WHERE ${DOER} = agent.id::text AND entry.type = 'agent.claimed_task' AND ($2::uuid IS NULL OR entry.room_id = $2)
          ORDER BY entry.created_at DESC, entry.id DESC LIMIT 1)) AS at
       FROM unnest($1::uuid[]) AS agent (id)`,
      [agentIds, roomId],
    );
    return new Map(rows.flatMap(({ id, at }) => (at ? [[id, at] as const] : [])));
  }
}

const presentHeld = (row: HeldRow): HeldTask => ({
  roomId: row.room_id,
  taskId: row.task_id,
  taskNumber: row.number,
  title: row.title,
  expiresAt: row.lease_expires_at.toISOString(),
});
