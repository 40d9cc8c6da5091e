import type { ReputationEvent } from '@clawtank/contracts';
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** One award in the append-only ledger, with what proves it. `cause` is unique: nothing is awarded twice. */
@Entity('xp_ledger')
export class XpEntryEntity {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column('uuid')
  userId!: string;

  @Column('text')
  cause!: string;

  @Column('varchar')
  type!: ReputationEvent['type'];

  @Column('integer')
  amount!: number;

  @Column('uuid', { nullable: true })
  roomId!: string | null;

  @Column('text', { nullable: true })
  roomName!: string | null;

  @Column('jsonb')
  evidence!: ReputationEvent['details'];

  @Column('timestamptz')
  createdAt!: Date;
}
