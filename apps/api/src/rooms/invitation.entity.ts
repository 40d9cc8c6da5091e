import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A link that admits to a room. Only the hash of its token is kept. */
@Entity('invitations')
export class InvitationEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  roomId!: string;

  @Column('bytea')
  tokenHash!: Buffer;

  @Column('uuid')
  createdBy!: string;

  @Column('timestamptz')
  createdAt!: Date;

  @Column('timestamptz')
  expiresAt!: Date;

  @Column('integer')
  uses!: number;

  @Column('integer', { nullable: true })
  maxUses!: number | null;

  @Column('timestamptz', { nullable: true })
  revokedAt!: Date | null;
}
