import type { Agent, CreateAgent, NewAgent, UpdateAgent } from '@clawtank/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, In, IsNull } from 'typeorm';
import { violatedConstraint } from '../users/index.js';
import type { AgentCaller, HumanCaller } from '../platform/caller.js';
import { Clock } from '../platform/clock.js';
import { SETTINGS, type Settings } from '../platform/config/settings.js';
import { UnitOfWork, type Work } from '../platform/database/unit-of-work.js';
import { notFound, Refusal } from '../platform/errors/refusal.js';
import { type Presence, PRESENCE } from '../platform/presence/presence.js';
import { hashOfToken, newSecretToken } from '../platform/secret-token.js';
import { Connections } from '../platform/sockets/connections.js';
import { AgentEntity } from './agent.entity.js';
import { commitEmailOf } from './domain/commit-email.js';

interface SeatRow {
  agent_id: string;
  id: string;
  name: string;
}

interface RevokedRow {
  id: string;
  name: string;
  owner_id: string;
}

interface IdentityRow {
  id: string;
  name: string;
  owner_id: string;
  last_seen_at: Date | null;
}

/** `last_seen_at` is kept to the minute, so that a busy agent does not write with every request. */
const SEEN_EVERY_MS = 60_000;

/** People's agents: making and revoking them, and knowing them by their token. */
@Injectable()
export class Agents {
  constructor(
    private readonly dataSource: DataSource,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
    private readonly connections: Connections,
    @Inject(PRESENCE) private readonly presence: Presence,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * Makes an agent and hands out its token, which exists nowhere else: its receipt names the agent only. A repeat of the
   * same request therefore makes no second agent, but cannot show the token again and is refused with `token_shown_once`.
   */
  async create(caller: HumanCaller, request: CreateAgent, commandId: string | undefined): Promise<NewAgent> {
    const secret = newSecretToken('cta');
    let isFirst = false;
    const agentId = await this.unitOfWork.runOnce(
      { actorId: caller.id, commandId, name: 'create_agent', request },
      async ({ manager, now }) => {
        const agent = manager.create(AgentEntity, {
          ownerId: caller.userId,
          ...request,
          tokenHash: secret.hash,
          tokenPrefix: secret.prefix,
          createdAt: now,
        });
        await manager.insert(AgentEntity, agent).catch((error: unknown) => {
          throw violatedConstraint(error) === 'agents_name_key'
            ? new Refusal('name_taken', 'You have an agent of this name already')
            : error;
        });
        isFirst = true;
        return agent.id;
      },
    );
    if (!isFirst) {
      throw new Refusal(
        'token_shown_once',
        'This agent was made, and its token shown, when this was first asked. Revoke it and make another if the token is lost.',
      );
    }
    const agent = await this.dataSource.manager.findOneByOrFail(AgentEntity, { id: agentId });
    return { agent: (await this.present([agent]))[0]!, token: secret.token };
  }

  /** A person's agents, without the revoked ones. */
  async ownedBy(ownerId: string): Promise<Agent[]> {
    const agents = await this.dataSource.manager.find(AgentEntity, {
      where: { ownerId, revokedAt: IsNull() },
      order: { createdAt: 'ASC', id: 'ASC' },
    });
    return this.present(agents);
  }

  /** One agent that is the caller's and not revoked. */
  async owned({ userId }: HumanCaller, agentId: string): Promise<Agent> {
    const agent = await this.dataSource.manager.findOneBy(AgentEntity, {
      id: agentId,
      ownerId: userId,
      revokedAt: IsNull(),
    });
    if (!agent) {
      throw notFound('agent');
    }
    return (await this.present([agent]))[0]!;
  }

  async update(caller: HumanCaller, agentId: string, changes: UpdateAgent): Promise<Agent> {
    const { manager } = this.dataSource;
    await manager.update(AgentEntity, { id: agentId, ownerId: caller.userId, revokedAt: IsNull() }, changes);
    return this.owned(caller, agentId);
  }

  /**
   * Gives the agent another token. The one before is refused from then on, and whoever came in with it is cut off everywhere. Who
   * asks again gets yet another one: the newest is the one that works.
   */
  async renewToken(caller: HumanCaller, agentId: string): Promise<NewAgent> {
    const { token, hash: tokenHash, prefix: tokenPrefix } = newSecretToken('cta');
    const { affected } = await this.dataSource.manager.update(
      AgentEntity,
      { id: agentId, ownerId: caller.userId, revokedAt: IsNull() },
      { tokenHash, tokenPrefix },
    );
    if (affected !== 1) {
      throw notFound('agent');
    }
    await this.connections.closeAll(`agent:${agentId}`, 'The token of this agent was replaced');
    return { agent: await this.owned(caller, agentId), token };
  }

  /** The address under which an agent commits. */
  commitEmailOf(agentId: string): string {
    return commitEmailOf(agentId, this.settings.publicUrl);
  }

  /** Keeps what an agent says it can do. */
  async register(agentId: string, capabilities: string[]): Promise<void> {
    await this.dataSource.manager.update(AgentEntity, { id: agentId }, { capabilities });
  }

  /** The agent that this token names, unless it was revoked or its owner may not act. */
  async identify(token: string): Promise<AgentCaller | null> {
    const [row] = await this.dataSource.query<IdentityRow[]>(
      `SELECT a.id, a.name, a.owner_id, a.last_seen_at
         FROM agents a JOIN users u ON u.id = a.owner_id
        WHERE a.token_hash = $1 AND a.revoked_at IS NULL AND u.banned_at IS NULL AND u.deleted_at IS NULL`,
      [hashOfToken(token)],
    );
    if (!row) {
      return null;
    }
    const now = this.clock.now();
    if (!row.last_seen_at || now.getTime() - row.last_seen_at.getTime() >= SEEN_EVERY_MS) {
      await this.dataSource.manager.update(AgentEntity, { id: row.id }, { lastSeenAt: now });
    }
    return { type: 'agent', id: row.id, agentId: row.id, userId: row.owner_id, name: row.name };
  }

  /** Ends an agent for good: its token is refused and its sockets are cut everywhere. Revoking it again changes nothing. */
  async revoke(caller: HumanCaller, agentId: string): Promise<void> {
    await this.unitOfWork.run(async (work) => {
      const agent = await work.manager.findOneBy(AgentEntity, { id: agentId, ownerId: caller.userId });
      if (!agent) {
        throw notFound('agent');
      }
      await this.revokeIn(work, [agentId]);
    });
    await this.cutOff(agentId);
  }

  /** Ends all agents of a person whose account is being closed. Their sockets are the person's, and fall with them. */
  async revokeAllOf(work: Work, ownerId: string): Promise<void> {
    const agents = await work.manager.find(AgentEntity, {
      select: { id: true },
      where: { ownerId, revokedAt: IsNull() },
    });
    await this.revokeIn(
      work,
      agents.map(({ id }) => id),
    );
  }

  private async revokeIn({ manager, now, announce }: Work, ids: string[]): Promise<void> {
    if (ids.length === 0) {
      return;
    }
    const revoked = await manager
      .createQueryBuilder()
      .update(AgentEntity)
      .set({ revokedAt: now })
      .where({ id: In(ids), revokedAt: IsNull() })
      .returning(['id', 'name', 'ownerId'])
      .execute();
    for (const { id, name, owner_id } of revoked.raw as RevokedRow[]) {
      announce({ name: 'agents.revoked', data: { agentId: id, name, ownerId: owner_id } });
    }
  }

  private cutOff(agentId: string): Promise<void> {
    return this.connections.closeAll(`agent:${agentId}`, 'This agent was revoked');
  }

  private async present(agents: readonly AgentEntity[]): Promise<Agent[]> {
    const ids = agents.map(({ id }) => id);
    const [seats, presence] = await Promise.all([
      this.dataSource.query<SeatRow[]>(
        `SELECT m.agent_id, r.id, r.name FROM room_members m JOIN rooms r ON r.id = m.room_id
          WHERE m.agent_id = ANY ($1) ORDER BY lower(r.name), r.id`,
        [ids],
      ),
      this.presence.of(ids),
    ]);
    return agents.map((agent) => ({
      id: agent.id,
      name: agent.name,
      description: agent.description,
      ownerId: agent.ownerId,
      tokenPrefix: agent.tokenPrefix,
      createdAt: agent.createdAt.toISOString(),
      lastSeenAt: agent.lastSeenAt?.toISOString() ?? null,
      revokedAt: agent.revokedAt?.toISOString() ?? null,
      connected: (presence.get(agent.id)?.status ?? 'offline') !== 'offline',
      rooms: seats.filter((seat) => seat.agent_id === agent.id).map(({ id, name }) => ({ id, name })),
    }));
  }
}
