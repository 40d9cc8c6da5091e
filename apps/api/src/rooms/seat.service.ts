import { type AgentStatusReport, type Member, type RoomRole } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { AgentEntity } from '../agents/index.js';
import { actorOf, type AgentCaller, type HumanCaller, SYSTEM } from '../platform/caller.js';
import { UnitOfWork, type Work } from '../platform/database/unit-of-work.js';
import { notFound, Refusal } from '../platform/errors/refusal.js';
import { OnDomainEvent } from '../platform/outbox/on-domain-event.js';
import { MemberEntity } from './member.entity.js';
import { InvitationService } from './invitation.service.js';
import { RoomAccess } from './room-access.js';
import type { RoomEntity } from './room.entity.js';
import { readMembers } from './room.presenter.js';
import { RoomLog } from './stream/room-log.js';

type PersonLeft = 'left' | 'removed' | 'account_closed';
type AgentLeft = 'left' | 'removed' | 'revoked' | 'owner_left';

/** Who sits in a room. Seats are taken and given up while the room is held, so that it never holds more than it may. */
@Injectable()
export class SeatService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly access: RoomAccess,
    private readonly invitations: InvitationService,
    private readonly log: RoomLog,
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
      await this.seatPerson(work, room, caller, 'member');
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
        throw new Refusal('host_must_stay', 'You host this room. Delete it if it is no longer needed.');
      }
      await this.removePerson(work, room, caller.userId, caller.name, 'left');
    });
  }

  /** Gives the caller's agent a seat. */
  async seatAgent(caller: HumanCaller, roomId: string, agentId: string): Promise<Member> {
    return this.unitOfWork.run(async (work) => {
      const { room } = await this.access.enter(work, caller, roomId, 'seat_agent');
      const agent = await work.manager.findOneBy(AgentEntity, { id: agentId, ownerId: caller.userId });
      if (!agent || agent.revokedAt) {
        throw notFound('agent');
      }
      const members = await readMembers(work.manager, roomId);
      const seated = members.find(({ id }) => id === agentId);
      if (seated) {
        return seated;
      }
      this.requireRoomFor(room, members, agent.name);
      const seat = {
        memberId: agentId,
        userId: caller.userId,
        agentId,
        memberType: 'agent' as const,
        role: 'member' as const,
      };
      return this.seat(work, room, seat, caller, 'agent.joined');
    });
  }

  /** Takes an agent's seat away: its owner may, and whoever may remove members. */
  async unseatAgent(caller: HumanCaller, roomId: string, agentId: string): Promise<void> {
    await this.unitOfWork.run(async (work) => {
      const { room, abilities } = await this.access.enter(work, caller, roomId, 'read');
      const seat = await work.manager.findOneBy(MemberEntity, { roomId, memberId: agentId, memberType: 'agent' });
      if (!seat) {
        throw notFound('agent');
      }
      const isOwner = seat.userId === caller.userId;
      if (!isOwner && !abilities.includes('remove_member')) {
        throw new Refusal('forbidden', 'Only its owner or a moderator may take an agent out of the room');
      }
      const [member] = await readMembers(work.manager, roomId, agentId);
      await this.removeAgent(work, room, agentId, member?.name ?? '', isOwner ? 'left' : 'removed');
    });
  }

  /** Takes a person's seat, and those of their agents. */
  async removeMember(caller: HumanCaller, roomId: string, userId: string): Promise<void> {
    await this.unitOfWork.run(async (work) => {
      const { room } = await this.access.enter(work, caller, roomId, 'remove_member');
      const [member] = await readMembers(work.manager, roomId, userId);
      if (!member || member.type !== 'human') {
        throw notFound('member');
      }
      if (member.role === 'host') {
        throw new Refusal('host_must_stay', 'The host cannot be removed from the room');
      }
      await this.removePerson(work, room, userId, member.name, 'removed');
    });
  }

  /** Gives a person a seat in a room that is held. */
  async seatPerson(work: Work, room: RoomEntity, caller: HumanCaller, role: RoomRole): Promise<Member> {
    this.requireRoomFor(room, await readMembers(work.manager, room.id), caller.name);
    const seat = { memberId: caller.userId, userId: caller.userId, agentId: null, memberType: 'human' as const, role };
    return this.seat(work, room, seat, caller, 'member.joined');
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
        await this.removeAgent(work, room, agentId, name, 'revoked');
      }
    });
  }

  @OnDomainEvent('accounts.closed')
  async takeClosedAccountOut({ userId, username }: { userId: string; username: string }): Promise<void> {
    await this.unitOfWork.run(async (work) => {
      for (const room of await this.access.holdAll(work, await this.access.roomsOf(userId, work.manager))) {
        await this.removePerson(work, room, userId, username, 'account_closed');
      }
    });
  }

  private async seat(
    work: Work,
    room: RoomEntity,
    seat: Pick<MemberEntity, 'memberId' | 'userId' | 'agentId' | 'memberType' | 'role'>,
    by: HumanCaller,
    type: 'member.joined' | 'agent.joined',
  ): Promise<Member> {
    await work.manager.insert(MemberEntity, {
      ...seat,
      roomId: room.id,
      joinedAt: work.now,
      joinedSeq: room.lastSeq + 1,
    });
    const [member] = await readMembers(work.manager, room.id, seat.memberId);
    if (!member) {
      throw new Error('A seat was not found after it was taken');
    }
    await this.log.append(work, room, { type, actor: actorOf(by), data: { member } });
    return member;
  }

  /** Names are how people call each other here: one name, one seat. */
  private requireRoomFor(room: RoomEntity, members: readonly Member[], name: string): void {
    if (members.length >= room.settings.maxMembers) {
      throw new Refusal('room_full', `The room is full: ${room.settings.maxMembers} seats, all taken`);
    }
    if (members.some((member) => member.name.toLowerCase() === name.toLowerCase())) {
      throw new Refusal('name_taken', `Somebody in this room is called ${name} already`);
    }
  }

  private async removePerson(
    work: Work,
    room: RoomEntity,
    userId: string,
    name: string,
    reason: PersonLeft,
  ): Promise<void> {
    const members = await readMembers(work.manager, room.id);
    for (const agent of members.filter((member) => member.type === 'agent' && member.userId === userId)) {
      await this.removeAgent(work, room, agent.id, agent.name, 'owner_left');
    }
    await work.manager.delete(MemberEntity, { roomId: room.id, memberId: userId });
    const actor = reason === 'left' ? { type: 'human' as const, id: userId, name } : SYSTEM;
    await this.log.append(work, room, { type: 'member.left', actor, data: { memberId: userId, name, reason } });
  }

  private async removeAgent(
    work: Work,
    room: RoomEntity,
    agentId: string,
    name: string,
    reason: AgentLeft,
  ): Promise<void> {
    await work.manager.delete(MemberEntity, { roomId: room.id, memberId: agentId });
    await this.log.append(work, room, {
      type: 'agent.left',
      actor: { type: 'agent', id: agentId, name },
      data: { memberId: agentId, name, reason },
    });
    work.announce({ name: 'rooms.agent_left', data: { roomId: room.id, agentId, name } });
  }
}
