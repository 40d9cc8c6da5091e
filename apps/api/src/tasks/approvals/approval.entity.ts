import type { Actor, ApprovalKind, ApprovalState } from '@clawtank/contracts';
import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { TaskEntity } from '../task.entity.js';

/** A step that an agent asked leave for, under one lease, and what was decided. */
@Entity('approvals')
export class ApprovalEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  roomId!: string;

  @Column('uuid')
  taskId!: string;

  @ManyToOne(() => TaskEntity)
  @JoinColumn({ name: 'task_id' })
  task!: Relation<TaskEntity>;

  @Column('uuid')
  leaseId!: string;

  @Column('varchar')
  approvalId!: string;

  @Column('uuid')
  agentId!: string;

  @Column('text')
  agentName!: string;

  @Column('uuid')
  ownerId!: string;

  @Column('text')
  ownerName!: string;

  @Column('varchar')
  kind!: ApprovalKind;

  @Column('text')
  title!: string;

  @Column('text')
  detail!: string;

  @Column('varchar')
  state!: ApprovalState;

  @Column('jsonb', { nullable: true })
  decidedBy!: Actor | null;

  @Column('text', { default: '' })
  note!: string;

  @Column({ type: 'timestamptz', precision: 3 })
  requestedAt!: Date;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  decidedAt!: Date | null;
}
