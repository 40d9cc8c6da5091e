import type { Actor, Member, RoomEventData, RoomRole } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import type { AgentEntity } from '../agents/index.js';
import { actorOf, type HumanCaller, SYSTEM } from '../platform/caller.js';
import type { Work } from '../platform/database/unit-of-work.js';
import { Refusal } from '../platform/errors/refusal.js';
import { beginSeating } from './limits/seating-turn.js';
import { MemberEntity } from './member.entity.js';
import { RoomAccess, roomIsArchived } from './room-access.js';
import type { RoomEntity } from './room.entity.js';
import { readMembers } from './room.presenter.js';
import { RoomLog } from './stream/room-log.js';

type PersonLeft = 'left' | 'removed' | 'banned' | 'account_closed';
type AgentLeft = 'left' | 'removed' | 'banned' | 'revoked' | 'owner_left';
type NewSeat = Pick<MemberEntity, 'memberId' | 'userId' | 'agentId' | 'memberType' | 'role' | 'mutedUntil'>;

interface Named {
  readonly id: string;
  readonly name: string;
}

/** How seats are taken, changed and given up in a room that is held, so that it never has more of them than it may. */
@Injectable()
export class Seating {
  constructor(
    private readonly access: RoomAccess,
    private readonly log: RoomLog,
  ) {}

  /** Gives a person a seat. Whoever left as a guest or muted comes back so: leaving lifts no restriction. */
  async seatPerson(work: Work, room: RoomEntity, caller: HumanCaller, role: RoomRole): Promise<Member> {
    await this.access.requireNotBanned(room.id, caller.userId, work.manager);
    this.requireRoomFor(room, await readMembers(work.manager, room.id), caller.name);
    const { isGuest, mutedUntil } = await this.restrictionsOf(work, room.id, caller.userId);
    const seat: NewSeat = {
      memberId: caller.userId,
      userId: caller.userId,
      agentId: null,
      memberType: 'human',
      role: isGuest ? 'guest' : role,
      mutedUntil,
    };
    return this.seat(work, room, seat, caller, 'member.joined');
  }

  /** Gives an agent a seat beside its owner's. While the owner is muted, so is the agent. */
  async seatAgent(
    work: Work,
    room: RoomEntity,
    caller: HumanCaller,
    agent: AgentEntity,
    owner: MemberEntity,
  ): Promise<Member> {
    const members = await readMembers(work.manager, room.id);
    const seated = members.find(({ id }) => id === agent.id);
    if (seated) {
      return seated;
    }
    this.requireRoomFor(room, members, agent.name);
    await beginSeating(work.manager, agent.id);
    const { mutedUntil } = await this.restrictionsOf(work, room.id, agent.id);
    const seat: NewSeat = {
      memberId: agent.id,
      userId: caller.userId,
      agentId: agent.id,
      memberType: 'agent',
      role: 'member',
      mutedUntil: later(mutedUntil, owner.mutedUntil),
    };
    return this.seat(work, room, seat, caller, 'agent.joined');
  }

  /** Changes what a seat permits, and tells the room. */
  async change(
    work: Work,
    room: RoomEntity,
    memberId: string,
    changed: Partial<Pick<MemberEntity, 'role' | 'mutedUntil' | 'pausedAt'>>,
    change: RoomEventData['member.updated']['change'],
    actor: Actor,
  ): Promise<Member> {
    await work.manager.update(MemberEntity, { roomId: room.id, memberId }, changed);
    const member = await this.read(work, room.id, memberId);
    await this.log.append(work, room, { type: 'member.updated', actor, data: { member, change } });
    return member;
  }

  /** Takes a person's seat, and those of their agents. */
  async takeOutPerson(work: Work, room: RoomEntity, person: Named, reason: PersonLeft): Promise<void> {
    await this.takeOutAgentsOf(work, room, person.id, reason === 'banned' ? 'banned' : 'owner_left');
    await this.keepRestrictions(work, room.id, person.id);
    await work.manager.delete(MemberEntity, { roomId: room.id, memberId: person.id });
    const actor = reason === 'left' ? { type: 'human' as const, id: person.id, name: person.name } : SYSTEM;
    const data = { memberId: person.id, name: person.name, reason };
    await this.log.append(work, room, { type: 'member.left', actor, data });
  }

  async takeOutAgentsOf(work: Work, room: RoomEntity, userId: string, reason: AgentLeft): Promise<void> {
    for (const { id, name, type, userId: ownerId } of await readMembers(work.manager, room.id)) {
      if (type === 'agent' && ownerId === userId) {
        await this.takeOutAgent(work, room, { id, name }, reason);
      }
    }
  }

  async takeOutAgent(work: Work, room: RoomEntity, { id, name }: Named, reason: AgentLeft): Promise<void> {
    await this.keepRestrictions(work, room.id, id);
    await work.manager.delete(MemberEntity, { roomId: room.id, memberId: id });
    await this.log.append(work, room, {
      type: 'agent.left',
      actor: { type: 'agent', id, name },
      data: { memberId: id, name, reason },
    });
    work.announce({ name: 'rooms.agent_left', data: { roomId: room.id, agentId: id, name } });
  }

  /** Somebody who was unmuted does not come back muted, nor does an agent of theirs that is away. */
  async forgetMutesOf({ manager }: Work, roomId: string, memberId: string): Promise<void> {
    await manager.query(
      `UPDATE seat_restrictions SET muted_until = NULL WHERE room_id = $1 AND (user_id = $2 OR member_id = $2)`,
      [roomId, memberId],
    );
  }

  private async seat(
    work: Work,
    room: RoomEntity,
    seat: NewSeat,
    by: HumanCaller,
    type: 'member.joined' | 'agent.joined',
  ): Promise<Member> {
    if (room.archivedAt) {
      throw roomIsArchived();
    }
    await work.manager.insert(MemberEntity, {
      ...seat,
      roomId: room.id,
      joinedAt: work.now,
      joinedSeq: room.lastSeq + 1,
    });
    const member = await this.read(work, room.id, seat.memberId);
    await this.log.append(work, room, { type, actor: actorOf(by), data: { member } });
    return member;
  }

  /** Names are how people call each other here: one name, one seat. */
  private requireRoomFor(room: RoomEntity, members: readonly Member[], name: string): void {
    const { maxMembers } = room.settings;
    if (members.length >= maxMembers) {
      throw new Refusal(
        'room_full',
        `The room is full: all of its ${maxMembers} seats are taken. Somebody has to leave, or the host to add seats.`,
      );
    }
    if (members.some((member) => member.name.toLowerCase() === name.toLowerCase())) {
      throw new Refusal('name_taken', `Somebody in this room is called ${name} already`);
    }
  }

  private async read({ manager }: Work, roomId: string, memberId: string): Promise<Member> {
    const [member] = await readMembers(manager, roomId, memberId);
    if (!member) {
      throw new Error('A seat was not found after it was written');
    }
    return member;
  }

  private async keepRestrictions({ manager, now }: Work, roomId: string, memberId: string): Promise<void> {
    await manager.query(
      `INSERT INTO seat_restrictions (room_id, member_id, user_id, is_guest, muted_until)
       SELECT room_id, member_id, user_id, role = 'guest', muted_until FROM room_members
       WHERE room_id = $1 AND member_id = $2 AND (role = 'guest' OR muted_until > $3)
       ON CONFLICT (room_id, member_id) DO UPDATE SET is_guest = excluded.is_guest, muted_until = excluded.muted_until`,
      [roomId, memberId, now],
    );
  }

  /** What somebody who comes back is still bound by; from now on, their seat says it. */
  private async restrictionsOf(
    { manager, now }: Work,
    roomId: string,
    memberId: string,
  ): Promise<{ isGuest: boolean; mutedUntil: Date | null }> {
    const [rows] = await manager.query<[{ is_guest: boolean; muted_until: Date | null }[], number]>(
      `DELETE FROM seat_restrictions WHERE room_id = $1 AND member_id = $2 RETURNING is_guest, muted_until`,
      [roomId, memberId],
    );
    const [kept] = rows;
    const mutedUntil = kept?.muted_until ?? null;
    return { isGuest: kept?.is_guest ?? false, mutedUntil: mutedUntil && mutedUntil > now ? mutedUntil : null };
  }
}

const later = (one: Date | null, other: Date | null): Date | null =>
  one && other ? (one > other ? one : other) : (one ?? other);
