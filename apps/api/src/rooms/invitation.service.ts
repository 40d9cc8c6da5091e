import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { CreateInvitation, Invitation, InvitationPreview, NewInvitation } from '@clawtank/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Caller, HumanCaller } from '../platform/caller.js';
import { Clock } from '../platform/clock.js';
import { SETTINGS, type Settings } from '../platform/config/settings.js';
import { UnitOfWork, type Work } from '../platform/database/unit-of-work.js';
import { notFound, Refusal } from '../platform/errors/refusal.js';
import { InvitationEntity } from './invitation.entity.js';
import { RoomAccess } from './room-access.js';
import { RoomEntity } from './room.entity.js';
import { readMembers } from './room.presenter.js';

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
      const invitation = work.manager.create(InvitationEntity, {
        id: randomUUID(),
        roomId,
        tokenHash: hash(token),
        createdBy: caller.userId,
        createdAt: work.now,
        expiresAt: new Date(work.now.getTime() + expiresInHours * 3_600_000),
        uses: 0,
        maxUses: uses,
        revokedAt: null,
      });
      await work.manager.insert(InvitationEntity, invitation);
      return { invitation: present(invitation), token, url: `${this.settings.publicUrl}/join/${token}` };
    });
  }

  async list(caller: HumanCaller, roomId: string): Promise<Invitation[]> {
    await this.access.look(caller, roomId, 'invite');
    const invitations = await this.dataSource.manager.find(InvitationEntity, {
      where: { roomId },
      order: { createdAt: 'DESC' },
      take: 100,
    });
    return invitations.map(present);
  }

  async revoke(caller: HumanCaller, roomId: string, invitationId: string): Promise<void> {
    await this.unitOfWork.run(async (work) => {
      await this.access.enter(work, caller, roomId, 'invite');
      const invitation = await work.manager.findOneBy(InvitationEntity, { id: invitationId, roomId });
      if (!invitation) {
        throw notFound('invitation');
      }
      await work.manager.update(
        InvitationEntity,
        { id: invitationId },
        { revokedAt: invitation.revokedAt ?? work.now },
      );
    });
  }

  /** Where a link leads, before it is accepted. */
  async preview(caller: Caller | null, token: string): Promise<InvitationPreview> {
    const invitation = await this.find(token);
    const { manager } = this.dataSource;
    const room = await manager.findOneByOrFail(RoomEntity, { id: invitation.roomId });
    const members = await readMembers(manager, room.id);
    const [inviter] = await manager.query<{ username: string }[]>(`SELECT username FROM users WHERE id = $1`, [
      invitation.createdBy,
    ]);
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
    if (!invitation || !isGood(invitation, this.clock.now())) {
      throw noSuchInvitation();
    }
    return invitation;
  }

  /** Uses the invitation up by one. The room is held, so that twenty people at once use five uses exactly five times. */
  async use(work: Work, room: RoomEntity, token: string): Promise<void> {
    const invitation = await work.manager.findOneBy(InvitationEntity, { tokenHash: hash(token), roomId: room.id });
    if (!invitation || !isGood(invitation, work.now)) {
      throw noSuchInvitation();
    }
    await work.manager.increment(InvitationEntity, { id: invitation.id }, 'uses', 1);
  }
}

const isGood = ({ revokedAt, expiresAt, uses, maxUses }: InvitationEntity, now: Date): boolean =>
  revokedAt === null && expiresAt > now && (maxUses === null || uses < maxUses);

function present(invitation: InvitationEntity): Invitation {
  const { id, createdBy, uses, maxUses } = invitation;
  return {
    id,
    createdBy,
    uses,
    maxUses,
    createdAt: invitation.createdAt.toISOString(),
    expiresAt: invitation.expiresAt.toISOString(),
    revokedAt: invitation.revokedAt?.toISOString() ?? null,
  };
}
