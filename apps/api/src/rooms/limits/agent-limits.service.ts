import {
  type AgentLimits,
  type AgentLimitsInRoom,
  type AgentLimitsOverview,
  effectiveLimits,
  type Member,
} from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AgentEntity } from '../../agents/index.js';
import { actorOf, type Caller, type HumanCaller } from '../../platform/caller.js';
import { Clock } from '../../platform/clock.js';
import { UnitOfWork, type Work } from '../../platform/database/unit-of-work.js';
import { notFound, Refusal } from '../../platform/errors/refusal.js';
import { AuditLog } from '../audit/audit-log.js';
import { RoomAccess } from '../room-access.js';
import type { RoomEntity } from '../room.entity.js';
import { readMembers } from '../room.presenter.js';
import { RoomLog } from '../stream/room-log.js';
import { AgentUses } from './agent-uses.js';
import { limitRows } from './limit-rows.js';
import { awaitSeating } from './seating-turn.js';

/** What agents are held to: their owners decide for them, and whoever looks after a room for all agents in it. */
@Injectable()
export class AgentLimitsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
    private readonly access: RoomAccess,
    private readonly log: RoomLog,
    private readonly audit: AuditLog,
    private readonly uses: AgentUses,
  ) {}

  /** What the caller's agent is held to everywhere, and what it has used of it. */
  async overview(caller: HumanCaller, agentId: string): Promise<AgentLimitsOverview> {
    const { manager } = this.dataSource;
    await this.mustOwn(manager, caller, agentId);
    const rows = await limitRows(manager, agentId);
    return { agentId, defaults: rows.defaults, rooms: await this.inRooms(manager, agentId, rows.rooms) };
  }

  /** What an agent is held to in a room that the caller may read. */
  async inRoom(caller: Caller, roomId: string, agentId: string): Promise<AgentLimitsInRoom> {
    await this.access.look(caller, roomId, 'read');
    const { manager } = this.dataSource;
    const rows = await limitRows(manager, agentId);
    const [found] = await this.inRooms(
      manager,
      agentId,
      rows.rooms.filter((row) => row.roomId === roomId),
    );
    if (!found) {
      throw notFound('agent');
    }
    return found;
  }

  /** Sets what the caller's agent is held to, in one room or by default. Everybody in the rooms it concerns sees it at once. */
  async setByOwner(
    caller: HumanCaller,
    agentId: string,
    roomId: string | null,
    limits: AgentLimits | null,
  ): Promise<AgentLimitsOverview> {
    while (!(await this.unitOfWork.run((work) => this.trySetByOwner(work, caller, agentId, roomId, limits)))) {
      // It took a seat in this very moment, in a room that has to be told, too.
    }
    return this.overview(caller, agentId);
  }

  /** False, with nothing done, if not every room that it concerns could be held. */
  private async trySetByOwner(
    work: Work,
    caller: HumanCaller,
    agentId: string,
    roomId: string | null,
    limits: AgentLimits | null,
  ): Promise<boolean> {
    await this.mustOwn(work.manager, caller, agentId);
    const seated = await this.access.roomsOf(agentId, work.manager);
    if (roomId !== null && !seated.includes(roomId)) {
      throw notFound('room');
    }
    const rooms = await this.access.holdAll(work, roomId === null ? seated : [roomId]);
    await awaitSeating(work.manager, agentId);
    const held = new Set(rooms.map(({ id }) => id));
    if (roomId === null && (await this.access.roomsOf(agentId, work.manager)).some((id) => !held.has(id))) {
      return false;
    }
    await this.save(work, { agentId, roomId, setBy: 'owner', limits });
    for (const room of rooms) {
      await this.tell(work, caller, room, agentId);
    }
    return true;
  }

  /** Sets what an agent is held to in a room, in place of what the room sets for all. For whoever may mute. */
  setByRoom(caller: HumanCaller, roomId: string, agentId: string, limits: AgentLimits | null): Promise<Member> {
    return this.unitOfWork.run(async (work) => {
      const { room, abilities } = await this.access.enter(work, caller, roomId, 'read');
      const [agent] = await readMembers(work.manager, roomId, agentId);
      if (agent?.type !== 'agent') {
        throw notFound('agent');
      }
      if (!abilities.includes('mute_member')) {
        throw new Refusal('forbidden', 'Only the host or a moderator decides what an agent is held to in this room');
      }
      await this.save(work, { agentId, roomId, setBy: 'room', limits });
      await this.audit.record(work, {
        roomId,
        action: 'agent.limited',
        actor: actorOf(caller),
        target: agent.name,
        details: { agentId, owner: agent.ownerName, from: agent.limits?.byRoom ?? null, to: limits },
      });
      return this.tell(work, caller, room, agentId);
    });
  }

  private async save(
    { manager }: Work,
    {
      agentId,
      roomId,
      setBy,
      limits,
    }: { agentId: string; roomId: string | null; setBy: 'owner' | 'room'; limits: AgentLimits | null },
  ): Promise<void> {
    await (limits === null
      ? manager.query(
          `DELETE FROM agent_limits WHERE agent_id = $1 AND room_id IS NOT DISTINCT FROM $2::uuid AND set_by = $3`,
          [agentId, roomId, setBy],
        )
      : manager.query(
          `INSERT INTO agent_limits (agent_id, room_id, set_by, limits) VALUES ($1, $2, $3, $4)
           ON CONFLICT ON CONSTRAINT agent_limits_key DO UPDATE SET limits = excluded.limits`,
          [agentId, roomId, setBy, JSON.stringify(limits)],
        ));
  }

  private async tell(work: Work, caller: HumanCaller, room: RoomEntity, agentId: string): Promise<Member> {
    const [member] = await readMembers(work.manager, room.id, agentId);
    if (!member) {
      throw notFound('agent');
    }
    const data = { member, change: 'limited' } as const;
    await this.log.append(work, room, { type: 'member.updated', actor: actorOf(caller), data });
    work.announce({ name: 'rooms.agents_limited', data: { roomId: room.id, agentId } });
    return member;
  }

  private async inRooms(
    manager: EntityManager,
    agentId: string,
    rows: Awaited<ReturnType<typeof limitRows>>['rooms'],
  ): Promise<AgentLimitsInRoom[]> {
    const used = await this.uses.ofRooms(
      manager,
      [agentId],
      rows.map(({ roomId }) => roomId),
      this.clock.now(),
    );
    return rows.map(({ inForce, ...row }) => ({
      ...row,
      effective: effectiveLimits(inForce, row.roomDefaults),
      used: used(agentId, row.roomId),
    }));
  }

  private async mustOwn(manager: EntityManager, { userId }: HumanCaller, agentId: string): Promise<void> {
    const agent = await manager.findOneBy(AgentEntity, { id: agentId, ownerId: userId });
    if (!agent || agent.revokedAt) {
      throw notFound('agent');
    }
  }
}
