import type { ConflictKind } from '@clawtank/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Two unfinished tasks in each other's way, as the room was told last. The one has the lower number. */
@Entity('task_conflicts')
export class TaskConflictEntity {
  @PrimaryColumn('uuid')
  oneId!: string;

  @PrimaryColumn('uuid')
  otherId!: string;

  @Column('uuid')
  roomId!: string;

  @Column('varchar')
  kind!: ConflictKind;

  /** As many as travel; `total` counts all. */
  @Column('text', { array: true })
  paths!: string[];

  @Column('integer')
  total!: number;

  /** Where git found that their branches do not merge; null if they do, or it was not asked. */
  @Column('text', { array: true, nullable: true })
  clash!: string[] | null;
}
