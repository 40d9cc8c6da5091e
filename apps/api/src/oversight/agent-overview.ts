import type { AgentInRoom, AgentOverview as AgentOverviewView } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AgentEntity, Agents } from '../agents/index.js';
import type { HumanCaller } from '../platform/caller.js';
import { Clock } from '../platform/clock.js';
import { AgentsAtWork } from './agents-at-work.js';

interface RoomRow {
  id: string;
  name: string;
  paused_at: Date | null;
  agents_paused: boolean;
  archived_at: Date | null;
  own_day: number;
  own_week: number;
  all_day: number;
  all_week: number;
  done: number;
  failed: number;
}

const DAY_MS = 24 * 3_600_000;
const WEEK_MS = 7 * DAY_MS;

/** How one agent is, what it costs its rooms in messages, and what it did for them: for its owner. */
@Injectable()
export class AgentOverview {
  constructor(
    private readonly dataSource: DataSource,
    private readonly agents: Agents,
    private readonly atWork: AgentsAtWork,
    private readonly clock: Clock,
  ) {}

  async of(caller: HumanCaller, agentId: string): Promise<AgentOverviewView> {
    const agent = await this.agents.owned(caller, agentId);
    const [{ status, currentTask }, [now], rooms] = await Promise.all([
      this.dataSource.manager.findOneByOrFail(AgentEntity, { id: agentId }),
      this.atWork.of([agentId], null),
      this.rooms(agentId),
    ]);
    return {
      agent,
      status,
      currentTask,
      lastAcknowledgedAt: now?.lastAcknowledgedAt ?? null,
      held: now?.held ?? [],
      rooms,
    };
  }

  /** What was deleted since counts as well: it was said, and read. */
  private async rooms(agentId: string): Promise<AgentInRoom[]> {
    const now = this.clock.now().getTime();
    const rows = await this.dataSource.query<RoomRow[]>(
      `SELECT room.id, room.name, seat.paused_at, room.archived_at,
              coalesce((room.settings ->> 'agentsPaused')::boolean, false) AS agents_paused,
              own.day AS own_day, own.week AS own_week, said.day AS all_day, said.week AS all_week, work.done, work.failed
       FROM room_members seat
       JOIN rooms room ON room.id = seat.room_id
       CROSS JOIN LATERAL (
         SELECT count(*) FILTER (WHERE created_at > $2)::int AS day, count(*)::int AS week FROM messages
         WHERE author_type = 'agent' AND author_id = $1 AND room_id = room.id AND created_at > $3) AS own
       CROSS JOIN LATERAL (
         SELECT count(*) FILTER (WHERE created_at > $2)::int AS day, count(*)::int AS week FROM messages
         WHERE room_id = room.id AND created_at > $3) AS said
       CROSS JOIN LATERAL (
         SELECT count(*) FILTER (WHERE state = 'done')::int AS done, count(*) FILTER (WHERE state = 'failed')::int AS failed FROM tasks
         WHERE assigned_to_id = $1 AND room_id = room.id AND state IN ('done', 'failed')) AS work
       WHERE seat.agent_id = $1
       ORDER BY lower(room.name), room.id`,
      [agentId, new Date(now - DAY_MS), new Date(now - WEEK_MS)],
    );
    return rows.map((row) => ({
      id: row.id,
      name: row.name,
      pausedAt: row.paused_at?.toISOString() ?? null,
      agentsPaused: row.agents_paused,
      archivedAt: row.archived_at?.toISOString() ?? null,
      messagesOfDay: { own: row.own_day, all: row.all_day },
      messagesOfWeek: { own: row.own_week, all: row.all_week },
      tasksDone: row.done,
      tasksFailed: row.failed,
    }));
  }
}
