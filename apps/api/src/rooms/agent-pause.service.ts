import type { Member } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { actorOf, type HumanCaller } from '../platform/caller.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { notFound, Refusal } from '../platform/errors/refusal.js';
import { AuditLog } from './audit/audit-log.js';
import { RoomAccess } from './room-access.js';
import { readMembers } from './room.presenter.js';
import { Seating } from './seating.js';

/** Has an agent rest in a room: it reads on, and does nothing until it is let go on. Its owner may, and whoever may mute. */
@Injectable()
export class AgentPauseService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly access: RoomAccess,
    private readonly seating: Seating,
    private readonly audit: AuditLog,
  ) {}

  pause(caller: HumanCaller, roomId: string, agentId: string): Promise<Member> {
    return this.set(caller, roomId, agentId, true);
  }

  resume(caller: HumanCaller, roomId: string, agentId: string): Promise<Member> {
    return this.set(caller, roomId, agentId, false);
  }

  private set(caller: HumanCaller, roomId: string, agentId: string, isPaused: boolean): Promise<Member> {
    return this.unitOfWork.run(async (work) => {
      const { room, abilities } = await this.access.enter(work, caller, roomId, 'read');
      const [agent] = await readMembers(work.manager, roomId, agentId);
      if (agent?.type !== 'agent') {
        throw notFound('agent');
      }
      const isOwner = agent.userId === caller.userId;
      if (!isOwner && !abilities.includes('mute_member')) {
        throw new Refusal('forbidden', 'Only its owner or a moderator may have an agent rest');
      }
      if ((agent.pausedAt !== null) === isPaused) {
        return agent;
      }
      const actor = actorOf(caller);
      const pausedAt = isPaused ? work.now : null;
      const change = isPaused ? 'paused' : 'resumed';
      const member = await this.seating.change(work, room, agentId, { pausedAt }, change, actor);
      work.announce({ name: isPaused ? 'rooms.agents_paused' : 'rooms.agents_resumed', data: { roomId, agentId } });
      if (!isOwner) {
        await this.audit.record(work, {
          roomId,
          action: `agent.${change}`,
          actor,
          target: agent.name,
          details: { agentId, owner: agent.ownerName },
        });
      }
      return member;
    });
  }
}
