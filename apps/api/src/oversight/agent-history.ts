import {
  type Actor,
  type AgentDeed,
  type AgentHistory as AgentHistoryPage,
  Id,
  Instant,
  type ListDeeds,
} from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import * as z from 'zod';
import { Agents } from '../agents/index.js';
import type { HumanCaller } from '../platform/caller.js';
import { decodeCursor, encodeCursor } from '../platform/http/cursor.js';
import { type DeedPayload, DOER, IS_DEED, noteOf, outcomeOf, pullRequestOf } from './domain/deed.js';

interface DeedRow {
  id: string;
  type: AgentDeed['type'];
  created_at: Date;
  actor_type: Actor['type'];
  actor_id: string | null;
  actor_name: string;
  seq: string;
  payload: DeedPayload;
  room_id: string;
  room_name: string;
  task_id: string;
  task_number: number;
  task_title: string;
}

/** By what the deeds are ordered. */
const PLACE = z.tuple([Instant, Id]);

/**
 * What an agent did, read from the logs of the rooms in which its owner has a seat now: who may not look into a room any more learns
 * nothing of it by way of an agent.
 */
@Injectable()
export class AgentHistory {
  constructor(
    private readonly dataSource: DataSource,
    private readonly agents: Agents,
  ) {}

  async page(caller: HumanCaller, agentId: string, { cursor, limit }: ListDeeds): Promise<AgentHistoryPage> {
    await this.agents.owned(caller, agentId);
    const [createdAt, id] = cursor === undefined ? [null, null] : decodeCursor(PLACE, cursor);
    // One more than asked for tells whether there is more.
    const rows = await this.dataSource.query<DeedRow[]>(
      `SELECT entry.id, entry.type, entry.created_at, entry.actor_type, entry.actor_id, entry.actor_name, entry.seq, entry.payload,
              room.id AS room_id, room.name AS room_name, task.id AS task_id, task.number AS task_number, task.title AS task_title
       FROM room_events entry
       JOIN room_members seat ON seat.room_id = entry.room_id AND seat.member_id = $2
       JOIN rooms room ON room.id = entry.room_id
       JOIN tasks task ON task.id = coalesce(entry.payload #>> '{task,id}', entry.payload #>> '{approval,taskId}')::uuid
       WHERE ${DOER} = $1::text AND ${IS_DEED}
         AND ($3::timestamptz IS NULL OR (entry.created_at, entry.id) < ($3, $4::uuid))
       ORDER BY entry.created_at DESC, entry.id DESC LIMIT $5`,
      [agentId, caller.userId, createdAt, id, limit + 1],
    );
    const deeds = rows.slice(0, limit).map(present);
    const last = deeds.at(-1);
    return { deeds, nextCursor: rows.length > limit && last ? encodeCursor([last.at, last.id]) : null };
  }
}

function present(row: DeedRow): AgentDeed {
  return {
    id: row.id,
    type: row.type,
    at: row.created_at.toISOString(),
    by: { type: row.actor_type, id: row.actor_id, name: row.actor_name },
    room: { id: row.room_id, name: row.room_name },
    seq: Number(row.seq),
    task: { id: row.task_id, number: row.task_number, title: row.task_title },
    pullRequest: pullRequestOf(row.payload),
    outcome: outcomeOf(row.type, row.payload),
    note: noteOf(row.type, row.payload),
  };
}
