import type { Actor, Issue } from '@clawtank/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An issue of the repository that the room works on: made of deliveries and of nothing else. */
@Entity('issues')
export class IssueEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  roomId!: string;

  @Column('varchar')
  provider!: Issue['provider'];

  /** A room may work on one repository after another, and each numbers from 1. */
  @Column('varchar')
  repoId!: string;

  @Column('integer')
  number!: number;

  @Column('text')
  title!: string;

  @Column('text')
  body!: string;

  @Column('varchar')
  state!: Issue['state'];

  @Column('text', { array: true })
  labels!: string[];

  @Column('jsonb')
  author!: Actor;

  @Column('text', { nullable: true })
  url!: string | null;

  @Column({ type: 'timestamptz', precision: 3 })
  createdAt!: Date;

  @Column({ type: 'timestamptz', precision: 3 })
  updatedAt!: Date;
}
