import type { AgentStatusReport, Member } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { AgentEntity } from '../agents/index.js';
import { actorOf, type AgentCaller, type HumanCaller } from '../platform/caller.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { notFound, Refusal } from '../platform/errors/refusal.js';
import { OnDomainEvent } from '../platform/outbox/on-domain-event.js';
import { AuditLog } from './audit/audit-log.js';
import { InvitationService } from './invitations/invitation.service.js';
import { MemberEntity } from './member.entity.js';
import { RoomContexts } from './room-contexts.js';
import { RoleService } from './moderation/role.service.js';
import { RoomAccess } from './room-access.js';
import { readMembers } from './room.presenter.js';
import { Seating } from './seating.js';
import { RoomLog } from './stream/room-log.js';

/** What people do about seats of their own and of their agents. */
@Injectable()
export class SeatService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly access: RoomAccess,
    private readonly seating: Seating,
    private readonly roles: RoleService,
    private readonly invitations: InvitationService,
    private readonly audit: AuditLog,
    private readonly log: RoomLog,
    private readonly contexts: RoomContexts,
  ) {}

  /** Takes a seat: in a public room freely, in a private one with an invitation. Whoever sits there already keeps their seat. */
  async join(caller: HumanCaller, roomId: string, invitation: string | undefined): Promise<void> {
    await this.unitOfWork.run(async (work) => {
      const room = await this.access.hold(work, roomId);
      if (await work.manager.existsBy(MemberEntity, { roomId, memberId: caller.id })) {
        return;
      }
      if (invitation !== undefined) {
        await this.invitations.use(work, room, invitation);
      } else if (room.visibility !== 'public') {
        throw notFound('room');
      }
      await this.seating.seatPerson(work, room, caller, 'member');
    });
  }

  /** Accepts an invitation link; answers which room it leads to. */
  async accept(caller: HumanCaller, invitation: string): Promise<string> {
    const { roomId } = await this.invitations.find(invitation);
    await this.join(caller, roomId, invitation);
    return roomId;
  }

  /** Gives up the caller's seat and those of their agents. The host stays: a room without one could not be looked after. */
  async leave(caller: HumanCaller, roomId: string): Promise<void> {
    await this.unitOfWork.run(async (work) => {
      const { room, seat } = await this.access.enter(work, caller, roomId, 'read');
      if (seat.role === 'host') {
        throw new Refusal(
          'host_must_stay',
          'You host this room. Hand it over to another member first, or delete it if it is no longer needed.',
        );
      }
      await this.seating.takeOutPerson(work, room, { id: caller.userId, name: caller.name }, 'left');
    });
  }

  /** Gives the caller's agent a seat, and tells the agent of it if it is there: otherwise it hears of it when it registers. */
  async seatAgent(caller: HumanCaller, roomId: string, agentId: string): Promise<Member> {
    return this.unitOfWork.run(async (work) => {
      const { room, seat } = await this.access.enter(work, caller, roomId, 'seat_agent');
      const agent = await work.manager.findOneBy(AgentEntity, { id: agentId, ownerId: caller.userId });
      if (!agent || agent.revokedAt) {
        throw notFound('agent');
      }
      const seated = { type: 'agent', id: agentId, agentId, userId: caller.userId, name: agent.name } as const;
      work.afterCommit(() => this.contexts.tell(seated, roomId));
      return this.seating.seatAgent(work, room, caller, agent, seat);
    });
  }

  /** Takes an agent's seat away: its owner may, and whoever may remove members. */
  async unseatAgent(caller: HumanCaller, roomId: string, agentId: string): Promise<void> {
    await this.unitOfWork.run(async (work) => {
      const { room, abilities } = await this.access.enter(work, caller, roomId, 'read');
      const [agent] = await readMembers(work.manager, roomId, agentId);
      if (agent?.type !== 'agent') {
        throw notFound('agent');
      }
      const isOwner = agent.userId === caller.userId;
      if (!isOwner && !abilities.includes('remove_member')) {
        throw new Refusal('forbidden', 'Only its owner or a moderator may take an agent out of the room');
      }
      await this.seating.takeOutAgent(work, room, agent, isOwner ? 'left' : 'removed');
      if (!isOwner) {
        await this.audit.record(work, {
          roomId,
          action: 'agent.removed',
          actor: actorOf(caller),
          target: agent.name,
          details: { agentId, owner: agent.ownerName },
        });
      }
    });
  }

  /** Tells every room in which the agent sits what it is doing; nothing if it said the same before. */
  async reportStatus(
    agent: AgentCaller,
    { status, currentTask = null }: { status: AgentStatusReport['status']; currentTask?: string | null },
  ): Promise<void> {
    await this.unitOfWork.run(async (work) => {
      const rooms = await this.access.holdAll(work, await this.access.roomsOf(agent.agentId, work.manager));
      const entity = await work.manager.findOneByOrFail(AgentEntity, { id: agent.agentId });
      if (entity.status === status && entity.currentTask === currentTask) {
        return;
      }
      await work.manager.update(AgentEntity, { id: agent.agentId }, { status, currentTask, statusAt: work.now });
      const state = { status, currentTask, reportedAt: work.now.toISOString() };
      for (const room of rooms) {
        await this.log.append(work, room, {
          type: 'agent.status_change',
          actor: actorOf(agent),
          data: { memberId: agent.agentId, name: agent.name, state },
        });
      }
    });
  }

  @OnDomainEvent('agents.revoked')
  async takeRevokedAgentOut({ agentId, name }: { agentId: string; name: string }): Promise<void> {
    await this.unitOfWork.run(async (work) => {
      for (const room of await this.access.holdAll(work, await this.access.roomsOf(agentId, work.manager))) {
        await this.seating.takeOutAgent(work, room, { id: agentId, name }, 'revoked');
      }
    });
  }

  @OnDomainEvent('accounts.closed')
  async takeClosedAccountOut({ userId, username }: { userId: string; username: string }): Promise<void> {
    await this.unitOfWork.run(async (work) => {
      for (const room of await this.access.holdAll(work, await this.access.roomsOf(userId, work.manager))) {
        await this.seating.takeOutPerson(work, room, { id: userId, name: username }, 'account_closed');
        await this.roles.findHost(work, room);
      }
    });
  }
}
