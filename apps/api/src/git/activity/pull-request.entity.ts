import type { Actor, ChangedFile, Mergeability } from '@clawtank/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AutoMergeRecord } from '../domain/auto-merge.js';
import type { GitProvider } from '../domain/normalise.js';

/** A pull request as the room sees it, for every provider alike: made of deliveries and of nothing else. */
@Entity('pull_requests')
export class PullRequestEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  roomId!: string;

  @Column('varchar')
  provider!: GitProvider;

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

  /** The accountable person behind the author, if known here. */
  @Column('uuid', { nullable: true })
  beneficiaryId!: string | null;

  @Column('uuid', { nullable: true })
  taskId!: string | null;

  @Column('text', { nullable: true })
  url!: string | null;

  @Column('jsonb')
  files!: ChangedFile[];

  @Column('integer')
  additions!: number;

  @Column('integer')
  deletions!: number;

  @Column('integer')
  commits!: number;

  @Column('jsonb')
  mergeability!: Mergeability;

  @Column('jsonb', { nullable: true })
  mergedBy!: Actor | null;

  /** The accountable person behind the merge, if known here. */
  @Column('uuid', { nullable: true })
  mergedByUserId!: string | null;

  @Column('jsonb', { nullable: true })
  autoMerge!: AutoMergeRecord | null;

  @Column('timestamptz')
  createdAt!: Date;

  /** By the provider's clock: deliveries are put in order by it. */
  @Column('timestamptz')
  updatedAt!: Date;

  @Column('timestamptz', { nullable: true })
  mergedAt!: Date | null;
}
