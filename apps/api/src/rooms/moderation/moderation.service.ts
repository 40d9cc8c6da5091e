import type { Ban, BanPerson, Member } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { actorOf, type HumanCaller } from '../../platform/caller.js';
import { UnitOfWork, type Work } from '../../platform/database/unit-of-work.js';
import { notFound } from '../../platform/errors/refusal.js';
import { Connections } from '../../platform/sockets/connections.js';
import { Users } from '../../users/index.js';
import { AuditLog } from '../audit/audit-log.js';
import { InvitationService } from '../invitations/invitation.service.js';
import { RoomAccess } from '../room-access.js';
import { readMembers } from '../room.presenter.js';
import { Seating } from '../seating.js';
import { requireAbove } from './require-above.js';
import { spectatorTag } from './spectator-tag.js';

interface BanRow {
  user_id: string;
  user_name: string;
  banned_by_id: string;
  banned_by_name: string;
  reason: string;
  created_at: Date;
}

/** Keeping order in a room: sending people away, keeping them out, and silencing them for a while. */
@Injectable()
export class ModerationService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly dataSource: DataSource,
    private readonly access: RoomAccess,
    private readonly seating: Seating,
    private readonly invitations: InvitationService,
    private readonly users: Users,
    private readonly audit: AuditLog,
    private readonly connections: Connections,
  ) {}

  /** Takes a person's seat and those of their agents, and ends the links they made. They may come back if they are let in. */
  async remove(caller: HumanCaller, roomId: string, userId: string): Promise<void> {
    await this.unitOfWork.run(async (work) => {
      const { room, seat } = await this.access.enter(work, caller, roomId, 'remove_member');
      const member = await this.member(work, roomId, userId);
      if (member.type === 'agent') {
        throw notFound('member');
      }
      requireAbove(seat, member);
      await this.seating.takeOutPerson(work, room, member, 'removed');
      await this.invitations.revokeThoseOf(work, roomId, userId);
      await this.audit.record(work, {
        roomId,
        action: 'member.removed',
        actor: actorOf(caller),
        target: member.name,
        details: { userId },
      });
    });
  }

  /** Keeps somebody out until the ban is lifted, whether or not they have a seat. Who is banned already stays so, for the first reason. */
  async ban(caller: HumanCaller, roomId: string, { userId, reason }: BanPerson): Promise<Ban> {
    return this.unitOfWork.run(async (work) => {
      const { room, seat } = await this.access.enter(work, caller, roomId, 'ban_member');
      const person = await this.users.find(userId, work.manager);
      if (!person) {
        throw notFound('person');
      }
      const [member] = await readMembers(work.manager, roomId, userId);
      if (member) {
        requireAbove(seat, member);
        await this.seating.takeOutPerson(work, room, member, 'banned');
      }
      const inserted: unknown[] = await work.manager.query(
        `INSERT INTO room_bans (room_id, user_id, banned_by, reason, created_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT DO NOTHING RETURNING user_id`,
        [roomId, userId, caller.userId, reason, work.now],
      );
      if (inserted.length > 0) {
        await this.invitations.revokeThoseOf(work, roomId, userId);
        await this.audit.record(work, {
          roomId,
          action: 'member.banned',
          actor: actorOf(caller),
          target: person.username,
          details: { userId, reason },
        });
      }
      work.afterCommit(
        () => void this.connections.closeAll(spectatorTag(roomId, userId), 'You are banned from this room'),
      );
      const [ban] = await this.readBans(roomId, userId, work.manager);
      return ban!;
    });
  }

  /** Lets somebody come back; their seat is not given back. */
  async liftBan(caller: HumanCaller, roomId: string, userId: string): Promise<void> {
    await this.unitOfWork.run(async (work) => {
      await this.access.enter(work, caller, roomId, 'ban_member');
      const [ban] = await this.readBans(roomId, userId, work.manager);
      if (!ban) {
        throw notFound('ban');
      }
      await work.manager.query(`DELETE FROM room_bans WHERE room_id = $1 AND user_id = $2`, [roomId, userId]);
      await this.audit.record(work, {
        roomId,
        action: 'member.unbanned',
        actor: actorOf(caller),
        target: ban.user.name,
        details: { userId },
      });
    });
  }

  /** Who is banned, the newest first. */
  async bans(caller: HumanCaller, roomId: string): Promise<Ban[]> {
    await this.access.look(caller, roomId, 'ban_member');
    return this.readBans(roomId, null, this.dataSource.manager);
  }

  /** Silences a member for a while, and a person's agents with them. It ends by itself. */
  async mute(caller: HumanCaller, roomId: string, memberId: string, minutes: number): Promise<Member> {
    return this.unitOfWork.run(async (work) => {
      const { room, seat } = await this.access.enter(work, caller, roomId, 'mute_member');
      const member = await this.member(work, roomId, memberId);
      requireAbove(seat, member);
      const actor = actorOf(caller);
      const mutedUntil = new Date(work.now.getTime() + minutes * 60_000);
      for (const { id } of await this.voicesOf(work, roomId, memberId)) {
        await this.seating.change(work, room, id, { mutedUntil }, 'muted', actor);
      }
      await this.audit.record(work, {
        roomId,
        action: 'member.muted',
        actor,
        target: member.name,
        details: { memberId, minutes },
      });
      return this.member(work, roomId, memberId);
    });
  }

  /** Lets a muted member speak again, and a person's agents with them. */
  async unmute(caller: HumanCaller, roomId: string, memberId: string): Promise<Member> {
    return this.unitOfWork.run(async (work) => {
      const { room, seat } = await this.access.enter(work, caller, roomId, 'mute_member');
      const member = await this.member(work, roomId, memberId);
      requireAbove(seat, member);
      const muted = (await this.voicesOf(work, roomId, memberId)).filter(({ mutedUntil }) => mutedUntil !== null);
      await this.seating.forgetMutesOf(work, roomId, memberId);
      if (muted.length === 0) {
        return member;
      }
      const actor = actorOf(caller);
      for (const { id } of muted) {
        await this.seating.change(work, room, id, { mutedUntil: null }, 'unmuted', actor);
      }
      await this.audit.record(work, {
        roomId,
        action: 'member.unmuted',
        actor,
        target: member.name,
        details: { memberId },
      });
      return this.member(work, roomId, memberId);
    });
  }

  private async member({ manager }: Work, roomId: string, memberId: string): Promise<Member> {
    const [member] = await readMembers(manager, roomId, memberId);
    if (!member) {
      throw notFound('member');
    }
    return member;
  }

  /** The seats that speak for a member: a person's and their agents', an agent's own. */
  private async voicesOf({ manager }: Work, roomId: string, memberId: string): Promise<Member[]> {
    const members = await readMembers(manager, roomId);
    return members.filter(({ id, userId }) => id === memberId || userId === memberId);
  }

  private async readBans(roomId: string, userId: string | null, manager: EntityManager): Promise<Ban[]> {
    const rows = await manager.query<BanRow[]>(
      `SELECT b.user_id, person.username AS user_name, b.banned_by AS banned_by_id, moderator.username AS banned_by_name, b.reason, b.created_at
       FROM room_bans b JOIN users person ON person.id = b.user_id JOIN users moderator ON moderator.id = b.banned_by
       WHERE b.room_id = $1 AND ($2::uuid IS NULL OR b.user_id = $2) ORDER BY b.created_at DESC, b.user_id`,
      [roomId, userId],
    );
    return rows.map((row) => ({
      user: { id: row.user_id, name: row.user_name },
      bannedBy: { id: row.banned_by_id, name: row.banned_by_name },
      reason: row.reason,
      createdAt: row.created_at.toISOString(),
    }));
  }
}
