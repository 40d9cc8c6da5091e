import type { AgentUse } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Caller } from '../../platform/caller.js';
import type { Work } from '../../platform/database/unit-of-work.js';
import { Refusal } from '../../platform/errors/refusal.js';
import type { Entered } from '../room-access.js';
import { hourBefore, waitFor } from './domain/hourly.js';

/** What an agent does by the hour; `notice`: the room was told that it met a limit. */
export type UseKind = 'message' | 'mention' | 'task' | 'notice';

/** How many tasks each of the agents holds at this moment in each of the rooms; the tasks feature answers. */
export type HeldTasks = (
  manager: EntityManager,
  agentIds: readonly string[],
  roomIds: readonly string[],
  now: Date,
) => Promise<(agentId: string, roomId: string) => number>;

interface Spender {
  readonly roomId: string;
  readonly agentId: string;
}

/**
 * What agents have used of what they may do in an hour, in one room. It is in the database and counted while the room is held, so
 * that it is the same for all processes and survives each of them.
 */
@Injectable()
export class AgentUses {
  private heldTasks: HeldTasks = () => Promise.resolve(() => 0);

  /** Says who counts the tasks that agents hold. */
  contribute(heldTasks: HeldTasks): void {
    this.heldTasks = heldTasks;
  }

  /**
   * Uses one of what the agent may do in an hour, and answers 0; if nothing is left, uses nothing and answers the milliseconds
   * until it may again. The room has to be held.
   */
  async take(
    { manager, now }: Work,
    { roomId, agentId }: Spender,
    kind: UseKind,
    perHour: number | null,
  ): Promise<number> {
    const wait = await this.waitFor(manager, { roomId, agentId }, kind, perHour, now);
    if (wait === 0) {
      await manager.query(
        `DELETE FROM agent_uses WHERE room_id = $1 AND agent_id = $2 AND kind = $3 AND used_at <= $4`,
        [roomId, agentId, kind, hourBefore(now)],
      );
      await manager.query(`INSERT INTO agent_uses (room_id, agent_id, kind, used_at) VALUES ($1, $2, $3, $4)`, [
        roomId,
        agentId,
        kind,
        now,
      ]);
    }
    return wait;
  }

  /** Uses one of what an agent may do in an hour, or refuses with `limit_reached`. People use nothing. The room has to be held. */
  async requireOne(
    work: Work,
    caller: Caller,
    { room, limits }: Pick<Entered, 'room' | 'limits'>,
    kind: 'message' | 'task',
  ): Promise<void> {
    if (caller.type !== 'agent') {
      return;
    }
    const perHour = kind === 'message' ? limits.messagesPerHour : limits.tasksPerHour;
    const retryAfter = await this.take(work, { roomId: room.id, agentId: caller.agentId }, kind, perHour);
    if (retryAfter > 0) {
      const what = kind === 'message' ? 'write' : 'take';
      throw new Refusal('limit_reached', `This agent may ${what} ${perHour} ${kind}s an hour in this room`, {
        retryAfter,
      });
    }
  }

  /** Milliseconds until one more is within the limit; 0 if it is now. */
  async waitFor(
    manager: EntityManager,
    { roomId, agentId }: Spender,
    kind: UseKind,
    perHour: number | null,
    now: Date,
  ): Promise<number> {
    if (perHour === null) {
      return 0;
    }
    const rows = await manager.query<{ used_at: Date }[]>(
      `SELECT used_at FROM agent_uses WHERE room_id = $1 AND agent_id = $2 AND kind = $3 AND used_at > $4
        ORDER BY used_at DESC LIMIT $5`,
      [roomId, agentId, kind, hourBefore(now), perHour],
    );
    return waitFor(
      rows.map(({ used_at }) => used_at),
      perHour,
      now,
    );
  }

  /** What the agents have used in these rooms, by agent and room. */
  async ofRooms(
    manager: EntityManager,
    agentIds: readonly string[],
    roomIds: readonly string[],
    now: Date,
  ): Promise<(agentId: string, roomId: string) => AgentUse> {
    const rows = await manager.query<{ agent_id: string; room_id: string; kind: UseKind; uses: number }[]>(
      `SELECT agent_id, room_id, kind, count(*)::integer AS uses FROM agent_uses
        WHERE agent_id = ANY ($1::uuid[]) AND room_id = ANY ($2::uuid[]) AND used_at > $3 GROUP BY agent_id, room_id, kind`,
      [agentIds, roomIds, hourBefore(now)],
    );
    const held = await this.heldTasks(manager, agentIds, roomIds, now);
    return (agentId, roomId) => {
      const of = (kind: UseKind) =>
        rows.find((row) => row.agent_id === agentId && row.room_id === roomId && row.kind === kind)?.uses ?? 0;
      return {
        messages: of('message'),
        mentions: of('mention'),
        tasks: of('task'),
        heldTasks: held(agentId, roomId),
      };
    };
  }
}
