import { effectiveLimits, type Member, type RoomEventData } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type Caller, SYSTEM } from '../../platform/caller.js';
import type { Work } from '../../platform/database/unit-of-work.js';
import { agentsReach, type Turn } from '../domain/agent-loop.js';
import type { RoomEntity } from '../room.entity.js';
import { RoomLog } from '../stream/room-log.js';
import { AgentUses } from './agent-uses.js';

/** What somebody is about to say. */
export interface Saying {
  readonly author: Caller;
  /** The message whose thread it will be in, and the one it answers. */
  readonly threadId: string | undefined;
  readonly replyTo: string | undefined;
  /** The members whose attention it asks for, by name or all together. */
  readonly addressed: readonly Member[];
}

/** Whom a message does not reach, and what the room has to be told of that. */
export interface Reach {
  /** The agents that are not woken by the message, by id; `'all'` if none is. */
  readonly unreached: ReadonlySet<string> | 'all';
  readonly news: readonly HeldBack[];
}

type HeldBack = RoomEventData['agent.held_back'];

interface TurnRow {
  readonly author_type: Turn['author'];
  readonly is_to_agents: boolean;
  readonly created_at: Date;
}

/** Among so many messages without a person's there are more turns than any room permits, or agents hardly talk to each other. */
const LOOKED_AT = 300;

/**
 * Which agents a message reaches: none once agents have talked among themselves for long, and none that was mentioned too often
 * within the hour. Those who are not reached can read it; nobody wakes them.
 */
@Injectable()
export class AgentReach {
  constructor(
    private readonly log: RoomLog,
    private readonly uses: AgentUses,
  ) {}

  /** Decides before the message is written, in a room that is held; each mention that reaches an agent is counted. */
  async decide(work: Work, room: RoomEntity, saying: Saying): Promise<Reach> {
    const { author, addressed } = saying;
    if (author.type === 'agent' && (await this.isToAgents(work.manager, saying))) {
      const reach = agentsReach(
        await this.talk(work.manager, room.id, saying.threadId),
        room.settings.maxAgentTurns,
        work.now,
      );
      if (reach !== 'reached') {
        const { id: memberId, name } = author;
        const news = { memberId, name, reason: 'agents_among_themselves' } as const;
        return { unreached: 'all', news: reach === 'first_unreached' ? [news] : [] };
      }
    }
    return this.withinTheHour(work, room, addressed);
  }

  /** Tells the room whom the message, which is written now, did not reach; each thing once. */
  async tell(work: Work, room: RoomEntity, { news }: Reach): Promise<void> {
    for (const data of news) {
      await this.log.append(work, room, { type: 'agent.held_back', actor: SYSTEM, data });
    }
  }

  private async withinTheHour(work: Work, room: RoomEntity, addressed: readonly Member[]): Promise<Reach> {
    const unreached = new Set<string>();
    const news: HeldBack[] = [];
    for (const { id: memberId, name, limits } of addressed.filter(({ type }) => type === 'agent')) {
      const spender = { roomId: room.id, agentId: memberId };
      const { mentionsPerHour } = effectiveLimits(limits, room.settings.agentLimits);
      if ((await this.uses.take(work, spender, 'mention', mentionsPerHour)) > 0) {
        unreached.add(memberId);
        if ((await this.uses.take(work, spender, 'notice', 1)) === 0) {
          news.push({ memberId, name, reason: 'mentions_per_hour' });
        }
      }
    }
    return { unreached, news };
  }

  /** Whether it asks for another agent's attention, or answers one. */
  private async isToAgents(manager: EntityManager, { author, addressed, replyTo, threadId }: Saying): Promise<boolean> {
    if (addressed.some(({ type }) => type === 'agent')) {
      return true;
    }
    if (replyTo === undefined && threadId === undefined) {
      return false;
    }
    const rows = await manager.query<unknown[]>(
      `SELECT 1 FROM messages WHERE (id = $1 OR id = $2 OR thread_id = $2) AND author_type = 'agent' AND author_id <> $3 LIMIT 1`,
      [replyTo ?? null, threadId ?? null, author.id],
    );
    return rows.length > 0;
  }

  private async talk(manager: EntityManager, roomId: string, threadId: string | undefined) {
    const read = async (where: string, parameters: unknown[]): Promise<Turn[]> => {
      const rows = await manager.query<TurnRow[]>(
        `SELECT said.author_type, said.created_at,
                EXISTS (SELECT FROM message_mentions mention JOIN agents named ON named.id = mention.member_id
                         WHERE mention.message_id = said.id)
                  OR EXISTS (SELECT FROM messages answered WHERE (answered.id IN (said.reply_to_id, said.thread_id) OR answered.thread_id = said.thread_id)
                              AND answered.author_type = 'agent' AND answered.author_id <> said.author_id) AS is_to_agents
           FROM messages said WHERE ${where} ORDER BY said.seq DESC LIMIT ${LOOKED_AT}`,
        parameters,
      );
      return rows.map(({ author_type, is_to_agents, created_at }) => ({
        author: author_type,
        isToAgents: is_to_agents,
        at: created_at,
      }));
    };
    return {
      here: await (threadId === undefined
        ? read('said.room_id = $1 AND said.thread_id IS NULL', [roomId])
        : read('said.thread_id = $1', [threadId])),
      anywhere: await read('said.room_id = $1', [roomId]),
    };
  }
}
