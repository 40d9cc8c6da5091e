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

  @Column({ type: 'timestamptz', precision: 3 })
  createdAt!: Date;

  @Column({ type: 'timestamptz', precision: 3 })
  expiresAt!: Date;

  @Column('integer')
  uses!: number;

  @Column('integer', { nullable: true })
  maxUses!: number | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  revokedAt!: Date | null;
}
