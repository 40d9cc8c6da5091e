import { randomUUID } from 'node:crypto';
import type { PersonalInvitation } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource, IsNull } from 'typeorm';
import { actorOf, type HumanCaller } from '../../platform/caller.js';
import { Clock } from '../../platform/clock.js';
import { UnitOfWork, type Work } from '../../platform/database/unit-of-work.js';
import { Refusal } from '../../platform/errors/refusal.js';
import { UserEntity } from '../../users/index.js';
import { AuditLog } from '../audit/audit-log.js';
import { MemberEntity } from '../member.entity.js';
import { RoomAccess } from '../room-access.js';
import { Seating } from '../seating.js';
import { InvitationEntity } from './invitation.entity.js';

interface PersonalRow {
  id: string;
  room_id: string;
  room_name: string;
  room_description: string;
  invitee_id: string;
  invitee_name: string;
  inviter_id: string;
  inviter_name: string;
  created_at: Date;
  expires_at: Date;
}

const GOOD_FOR_MS = 30 * 24 * 3_600_000;
const SHOWN = 100;

/** Invitations to one person by name, which that person accepts or declines. Of each person, a room has at most one open. */
@Injectable()
export class PersonalInvitationService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly dataSource: DataSource,
    private readonly access: RoomAccess,
    private readonly seating: Seating,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** Invites somebody by name. Whoever has an open invitation keeps it, and is not told twice. */
  async invite(caller: HumanCaller, roomId: string, username: string): Promise<PersonalInvitation> {
    return this.unitOfWork.run(async (work) => {
      await this.access.enter(work, caller, roomId, 'invite');
      const person = await this.personCalled(work, username);
      if (await work.manager.existsBy(MemberEntity, { roomId, memberId: person.id })) {
        throw new Refusal('already_member', `${person.username} is in this room already`);
      }
      if (await this.access.isBanned(roomId, person.id, work.manager)) {
        throw new Refusal('banned', `${person.username} is banned from this room; the ban has to be lifted first`);
      }
      const open = await this.openFor(work, roomId, person.id);
      if (open) {
        return open;
      }
      const id = randomUUID();
      await work.manager.insert(InvitationEntity, {
        id,
        roomId,
        tokenHash: null,
        inviteeId: person.id,
        createdBy: caller.userId,
        createdAt: work.now,
        expiresAt: new Date(work.now.getTime() + GOOD_FOR_MS),
        uses: 0,
        maxUses: 1,
        revokedAt: null,
        declinedAt: null,
      });
      await this.audit.record(work, {
        roomId,
        action: 'invitation.created',
        actor: actorOf(caller),
        target: person.username,
        details: { invitationId: id },
      });
      work.announce({
        name: 'rooms.person_invited',
        data: { roomId, invitationId: id, inviteeId: person.id, invitedById: caller.userId },
      });
      const [invitation] = await this.read(work, `i.id = $2`, [id]);
      return invitation!;
    });
  }

  /** The room's open invitations. */
  async ofRoom(caller: HumanCaller, roomId: string): Promise<PersonalInvitation[]> {
    await this.access.look(caller, roomId, 'invite');
    return this.readNow(`i.room_id = $2`, [roomId]);
  }

  /** The caller's open invitations. Those of archived rooms are kept until the room opens again. */
  mine(caller: HumanCaller): Promise<PersonalInvitation[]> {
    return this.readNow(`i.invitee_id = $2 AND r.archived_at IS NULL`, [caller.userId]);
  }

  /** Takes the seat that the invitation offers; answers which room it is in. Whoever sits there already keeps their seat. */
  async accept(caller: HumanCaller, invitationId: string): Promise<string> {
    return this.unitOfWork.run(async (work) => {
      const invitation = await this.hold(work, caller, invitationId);
      const { roomId } = invitation;
      const room = await this.access.hold(work, roomId);
      const isSeated = await work.manager.existsBy(MemberEntity, { roomId, memberId: caller.userId });
      const current = await work.manager.findOneByOrFail(InvitationEntity, { id: invitationId });
      if (!current.isGood(work.now) && !(isSeated && current.uses > 0)) {
        throw noLongerGood();
      }
      if (!isSeated) {
        await this.seating.seatPerson(work, room, caller, 'member');
      }
      await work.manager.update(InvitationEntity, { id: invitationId }, { uses: 1 });
      return roomId;
    });
  }

  /** Turns the invitation down. The room is not told; it may ask again. */
  async decline(caller: HumanCaller, invitationId: string): Promise<void> {
    await this.unitOfWork.run(async (work) => {
      const { roomId } = await this.hold(work, caller, invitationId);
      await this.access.hold(work, roomId);
      await work.manager.update(
        InvitationEntity,
        { id: invitationId, uses: 0, declinedAt: IsNull() },
        { declinedAt: work.now },
      );
    });
  }

  /** The caller's invitation; of anybody else's, they learn nothing. */
  private async hold({ manager }: Work, caller: HumanCaller, invitationId: string): Promise<InvitationEntity> {
    const invitation = await manager.findOneBy(InvitationEntity, { id: invitationId, inviteeId: caller.userId });
    if (!invitation) {
      throw noLongerGood();
    }
    return invitation;
  }

  private async personCalled({ manager }: Work, username: string): Promise<UserEntity> {
    const person = await manager
      .createQueryBuilder(UserEntity, 'person')
      .where('lower(person.username) = lower(:username)', { username })
      .andWhere('person.deletedAt IS NULL AND person.bannedAt IS NULL')
      .getOne();
    if (!person) {
      throw new Refusal('not_found', `There is nobody called ${username} here`, {
        errors: [{ path: 'username', message: 'Nobody is called that' }],
      });
    }
    return person;
  }

  /** The person's open invitation. One that has run out gives way to a new one. */
  private async openFor(work: Work, roomId: string, inviteeId: string): Promise<PersonalInvitation | undefined> {
    await work.manager.query(
      `UPDATE invitations SET revoked_at = $3
       WHERE room_id = $1 AND invitee_id = $2 AND uses = 0 AND revoked_at IS NULL AND declined_at IS NULL AND expires_at <= $3`,
      [roomId, inviteeId, work.now],
    );
    const [open] = await this.read(work, `i.room_id = $2 AND i.invitee_id = $3`, [roomId, inviteeId]);
    return open;
  }

  private readNow(condition: string, parameters: readonly unknown[]): Promise<PersonalInvitation[]> {
    return this.read({ manager: this.dataSource.manager, now: this.clock.now() }, condition, parameters);
  }

  private async read(
    { manager, now }: Pick<Work, 'manager' | 'now'>,
    condition: string,
    parameters: readonly unknown[],
  ): Promise<PersonalInvitation[]> {
    const rows = await manager.query<PersonalRow[]>(
      `SELECT i.id, i.created_at, i.expires_at, r.id AS room_id, r.name AS room_name, r.description AS room_description,
              invitee.id AS invitee_id, invitee.username AS invitee_name, inviter.id AS inviter_id, inviter.username AS inviter_name
       FROM invitations i JOIN rooms r ON r.id = i.room_id
       JOIN users invitee ON invitee.id = i.invitee_id JOIN users inviter ON inviter.id = i.created_by
       WHERE i.uses = 0 AND i.revoked_at IS NULL AND i.declined_at IS NULL AND i.expires_at > $1 AND ${condition}
       ORDER BY i.created_at DESC, i.id LIMIT ${SHOWN}`,
      [now, ...parameters],
    );
    return rows.map(present);
  }
}

const noLongerGood = (): Refusal =>
  new Refusal('invitation_invalid', 'This invitation is not for you, or it is no longer good. Ask for a new one.');

const present = (row: PersonalRow): PersonalInvitation => ({
  id: row.id,
  room: { id: row.room_id, name: row.room_name, description: row.room_description },
  invitee: { id: row.invitee_id, name: row.invitee_name },
  invitedBy: { id: row.inviter_id, name: row.inviter_name },
  createdAt: row.created_at.toISOString(),
  expiresAt: row.expires_at.toISOString(),
});
