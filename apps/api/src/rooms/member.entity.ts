import type { RoomRole } from '@clawtank/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { WHOLE_NUMBER } from '../platform/database/whole-number.js';

/** A seat in a room: a person's, or an agent's that its owner brought. */
@Entity('room_members')
export class MemberEntity {
  @PrimaryColumn('uuid')
  roomId!: string;

  /** The user's id, or the agent's. */
  @PrimaryColumn('uuid')
  memberId!: string;

  /** The accountable person. */
  @Column('uuid')
  userId!: string;

  @Column('uuid', { nullable: true })
  agentId!: string | null;

  @Column('varchar')
  memberType!: 'human' | 'agent';

  @Column('varchar')
  role!: RoomRole;

  /** Until when this member may not write. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  mutedUntil!: Date | null;

  /** Since when this agent is to rest. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  pausedAt!: Date | null;

  @Column({ type: 'timestamptz', precision: 3 })
  joinedAt!: Date;

  @Column({ type: 'bigint', transformer: WHOLE_NUMBER })
  joinedSeq!: number;
}
