import type { Actor } from '@clawtank/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What an unfinished task touches, as far as that is known. */
@Entity('task_paths')
export class TaskPathsEntity {
  @PrimaryColumn('uuid')
  taskId!: string;

  @Column('uuid')
  roomId!: string;

  @Column('text', { array: true, default: [] })
  claimed!: string[];

  @Column('jsonb', { nullable: true })
  claimedBy!: Actor | null;

  /** The branch that is the task's work, as soon as that can be told. */
  @Column('text', { nullable: true })
  branch!: string | null;

  /** Between which two commits `touched` was found; null until then, and while there is no such branch. */
  @Column('varchar', { nullable: true })
  head!: string | null;

  @Column('varchar', { nullable: true })
  base!: string | null;

  @Column('text', { array: true, default: [] })
  touched!: string[];

  @Column('integer', { nullable: true })
  touchedTotal!: number | null;

  get isEmpty(): boolean {
    return this.claimedBy === null && this.branch === null;
  }
}
