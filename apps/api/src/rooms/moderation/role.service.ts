import type { AssignRole, Member } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { actorOf, type HumanCaller, SYSTEM } from '../../platform/caller.js';
import { UnitOfWork, type Work } from '../../platform/database/unit-of-work.js';
import { notFound, Refusal } from '../../platform/errors/refusal.js';
import { AuditLog } from '../audit/audit-log.js';
import { successorOf } from '../domain/successor.js';
import { RoomAccess } from '../room-access.js';
import type { RoomEntity } from '../room.entity.js';
import { readMembers } from '../room.presenter.js';
import { RoomService } from '../room.service.js';
import { Seating } from '../seating.js';
import { requireAbove } from './require-above.js';

/** Who stands where in a room: roles are given and taken, and the room changes hands. There is exactly one host. */
@Injectable()
export class RoleService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly access: RoomAccess,
    private readonly seating: Seating,
    private readonly rooms: RoomService,
    private readonly audit: AuditLog,
  ) {}

  /** Gives a member who stands lower another role. A guest only reads and brings no agents: theirs leave. */
  async assign(caller: HumanCaller, roomId: string, userId: string, { role }: AssignRole): Promise<Member> {
    return this.unitOfWork.run(async (work) => {
      const { room, seat } = await this.access.enter(work, caller, roomId, 'assign_role');
      const member = await this.person(work, roomId, userId);
      requireAbove(seat, member);
      if (member.role === role) {
        return member;
      }
      if (role === 'guest') {
        await this.seating.takeOutAgentsOf(work, room, userId, 'removed');
      }
      const actor = actorOf(caller);
      await this.audit.record(work, {
        roomId,
        action: 'role.assigned',
        actor,
        target: member.name,
        details: { userId, from: member.role, to: role },
      });
      return this.seating.change(work, room, userId, { role }, 'role', actor);
    });
  }

  /** Hands the room over. Whoever hosted it stays as a moderator; the new host is nobody's guest, and muted by nobody. */
  async transfer(caller: HumanCaller, roomId: string, userId: string): Promise<void> {
    await this.unitOfWork.run(async (work) => {
      const { room } = await this.access.enter(work, caller, roomId, 'transfer_room');
      const member = await this.person(work, roomId, userId);
      if (member.role === 'host') {
        return;
      }
      const actor = actorOf(caller);
      await this.seating.change(work, room, caller.userId, { role: 'moderator' }, 'role', actor);
      await this.seating.change(work, room, userId, { role: 'host', mutedUntil: null }, 'role', actor);
      await this.audit.record(work, {
        roomId,
        action: 'room.transferred',
        actor,
        target: member.name,
        details: { userId },
      });
    });
  }

  /** Finds a host for a room, which is held, whose own is gone for good. The longest-serving of those who stand highest takes over; an empty room is archived. */
  async findHost(work: Work, room: RoomEntity): Promise<void> {
    const members = await readMembers(work.manager, room.id);
    if (members.some(({ role }) => role === 'host')) {
      return;
    }
    const successor = successorOf(members);
    if (!successor) {
      return this.rooms.archiveAbandoned(work, room);
    }
    await this.seating.change(work, room, successor.id, { role: 'host', mutedUntil: null }, 'role', SYSTEM);
    await this.audit.record(work, {
      roomId: room.id,
      action: 'room.transferred',
      actor: SYSTEM,
      target: successor.name,
      details: { userId: successor.id },
    });
  }

  private async person(work: Work, roomId: string, userId: string): Promise<Member> {
    const [member] = await readMembers(work.manager, roomId, userId);
    if (!member) {
      throw notFound('member');
    }
    if (member.type === 'agent') {
      throw new Refusal('forbidden', 'An agent has no role of its own: it is always a member');
    }
    return member;
  }
}
