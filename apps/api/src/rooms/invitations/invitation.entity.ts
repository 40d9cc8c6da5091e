import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What admits to a room: a link, of whose token only the hash is kept, or one person's invitation. */
@Entity('invitations')
export class InvitationEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  roomId!: string;

  @Column('bytea', { nullable: true })
  tokenHash!: Buffer | null;

  /** Whom it is for; null for a link. */
  @Column('uuid', { nullable: true })
  inviteeId!: string | null;

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

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  declinedAt!: Date | null;

  /** Whether it admits at this moment. */
  isGood(now: Date): boolean {
    return (
      this.revokedAt === null &&
      this.declinedAt === null &&
      this.expiresAt > now &&
      (this.maxUses === null || this.uses < this.maxUses)
    );
  }
}
