import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { CreateInvitation, Invitation, InvitationPreview, NewInvitation } from '@clawtank/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { actorOf, type Caller, type HumanCaller } from '../../platform/caller.js';
import { Clock } from '../../platform/clock.js';
import { SETTINGS, type Settings } from '../../platform/config/settings.js';
import { UnitOfWork, type Work } from '../../platform/database/unit-of-work.js';
import { notFound, Refusal } from '../../platform/errors/refusal.js';
import { UserEntity } from '../../users/index.js';
import { AuditLog } from '../audit/audit-log.js';
import { RoomAccess } from '../room-access.js';
import { RoomEntity } from '../room.entity.js';
import { readMembers } from '../room.presenter.js';
import { InvitationEntity } from './invitation.entity.js';

interface InvitationRow {
  id: string;
  created_by: string;
  username: string;
  created_at: Date;
  expires_at: Date;
  uses: number;
  max_uses: number | null;
  revoked_at: Date | null;
}

const SHOWN = 100;

const hash = (token: string): Buffer => createHash('sha256').update(token).digest();

const noSuchInvitation = (): Refusal =>
  new Refusal('invitation_invalid', 'This invitation does not exist, or it is no longer good. Ask for a new one.');

/** Links that admit to a room. */
@Injectable()
export class InvitationService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly dataSource: DataSource,
    private readonly access: RoomAccess,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async create(
    caller: HumanCaller,
    roomId: string,
    { uses, expiresInHours }: CreateInvitation,
  ): Promise<NewInvitation> {
    const token = randomBytes(18).toString('base64url');
    return this.unitOfWork.run(async (work) => {
      await this.access.enter(work, caller, roomId, 'invite');
      const id = randomUUID();
      await work.manager.insert(InvitationEntity, {
        id,
        roomId,
        tokenHash: hash(token),
        inviteeId: null,
        createdBy: caller.userId,
        createdAt: work.now,
        expiresAt: new Date(work.now.getTime() + expiresInHours * 3_600_000),
        uses: 0,
        maxUses: uses,
        revokedAt: null,
        declinedAt: null,
      });
      await this.audit.record(work, {
        roomId,
        action: 'invitation.created',
        actor: actorOf(caller),
        details: { invitationId: id, uses, expiresInHours },
      });
      const [invitation] = await this.read(roomId, id, work);
      return { invitation: invitation!, token, url: `${this.settings.publicUrl}/join/${token}` };
    });
  }

  /** The room's newest links with who made them, also those that are no longer good. */
  async list(caller: HumanCaller, roomId: string): Promise<Invitation[]> {
    await this.access.look(caller, roomId, 'invite');
    return this.read(roomId);
  }

  /** Ends a link or a person's invitation. */
  async revoke(caller: HumanCaller, roomId: string, invitationId: string): Promise<void> {
    await this.unitOfWork.run(async (work) => {
      await this.access.enter(work, caller, roomId, 'invite');
      const invitation = await work.manager.findOneBy(InvitationEntity, { id: invitationId, roomId });
      if (!invitation) {
        throw notFound('invitation');
      }
      if (invitation.revokedAt) {
        return;
      }
      await work.manager.update(InvitationEntity, { id: invitationId }, { revokedAt: work.now });
      const invitee = invitation.inviteeId && (await work.manager.findOneBy(UserEntity, { id: invitation.inviteeId }));
      await this.audit.record(work, {
        roomId,
        action: 'invitation.revoked',
        actor: actorOf(caller),
        ...(invitee && { target: invitee.username }),
        details: { invitationId },
      });
    });
  }

  /** Ends the links of somebody who was sent away, and what was sent to them. */
  async revokeThoseOf({ manager, now }: Work, roomId: string, userId: string): Promise<void> {
    await manager.query(
      `UPDATE invitations SET revoked_at = $3
       WHERE room_id = $1 AND revoked_at IS NULL AND (created_by = $2 OR invitee_id = $2)`,
      [roomId, userId, now],
    );
  }

  /** Where a link leads, before it is accepted. */
  async preview(caller: Caller | null, token: string): Promise<InvitationPreview> {
    const invitation = await this.find(token);
    const { manager } = this.dataSource;
    const room = await manager.findOneByOrFail(RoomEntity, { id: invitation.roomId });
    const members = await readMembers(manager, room.id);
    const inviter = await manager.findOneBy(UserEntity, { id: invitation.createdBy });
    return {
      room: { id: room.id, name: room.name, description: room.description },
      invitedBy: inviter?.username ?? '',
      memberCount: members.length,
      maxMembers: room.settings.maxMembers,
      joined: members.some(({ id }) => id === caller?.id),
    };
  }

  /** The invitation of a token that is good right now. */
  async find(token: string): Promise<InvitationEntity> {
    const invitation = await this.dataSource.manager.findOneBy(InvitationEntity, { tokenHash: hash(token) });
    if (!invitation?.isGood(this.clock.now())) {
      throw noSuchInvitation();
    }
    return invitation;
  }

  /** Uses the invitation up by one. The room is held, so that twenty people at once use five uses exactly five times. */
  async use(work: Work, room: RoomEntity, token: string): Promise<void> {
    const invitation = await work.manager.findOneBy(InvitationEntity, { tokenHash: hash(token), roomId: room.id });
    if (!invitation?.isGood(work.now)) {
      throw noSuchInvitation();
    }
    await work.manager.update(InvitationEntity, { id: invitation.id }, { uses: invitation.uses + 1 });
  }

  private async read(
    roomId: string,
    id: string | null = null,
    { manager }: Pick<Work, 'manager'> = this.dataSource,
  ): Promise<Invitation[]> {
    const rows = await manager.query<InvitationRow[]>(
      `SELECT i.*, u.username FROM invitations i JOIN users u ON u.id = i.created_by
       WHERE i.room_id = $1 AND i.invitee_id IS NULL AND ($2::uuid IS NULL OR i.id = $2) ORDER BY i.created_at DESC, i.id LIMIT $3`,
      [roomId, id, SHOWN],
    );
    return rows.map(present);
  }
}

const present = (row: InvitationRow): Invitation => ({
  id: row.id,
  createdBy: row.created_by,
  createdByName: row.username,
  createdAt: row.created_at.toISOString(),
  expiresAt: row.expires_at.toISOString(),
  uses: row.uses,
  maxUses: row.max_uses,
  revokedAt: row.revoked_at?.toISOString() ?? null,
});
