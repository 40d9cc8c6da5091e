import type { Actor } from '@clawtank/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A pull request as the built-in host keeps it. The room learns of it by webhook, as from any provider. */
@Entity('hosted_pull_requests')
export class HostedPullRequestEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  roomId!: string;

  @Column('integer')
  number!: number;

  @Column('text')
  title!: string;

  @Column('text')
  body!: string;

  @Column('varchar')
  state!: 'open' | 'merged' | 'closed';

  @Column('text')
  head!: string;

  @Column('text')
  base!: string;

  @Column('varchar')
  headSha!: string;

  @Column('varchar', { nullable: true })
  mergeSha!: string | null;

  @Column('jsonb')
  author!: Actor;

  @Column('uuid', { nullable: true })
  taskId!: string | null;

  @Column('jsonb', { nullable: true })
  mergedBy!: Actor | null;

  @Column({ type: 'timestamptz', precision: 3 })
  createdAt!: Date;

  @Column({ type: 'timestamptz', precision: 3 })
  updatedAt!: Date;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  mergedAt!: Date | null;
}
