import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** An agent and what it last said of itself. It answers to one person; only the hash of its token is kept. */
@Entity('agents')
export class AgentEntity {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column('uuid')
  ownerId!: string;

  @Column('varchar')
  name!: string;

  @Column('text')
  description!: string;

  @Column('bytea', { select: false })
  tokenHash!: Buffer;

  @Column('varchar')
  tokenPrefix!: string;

  @Column('text', { array: true, default: [] })
  capabilities!: string[];

  @Column('varchar', { default: 'idle' })
  status!: 'working' | 'idle' | 'error';

  @Column('text', { nullable: true })
  currentTask!: string | null;

  @Column('timestamptz', { nullable: true })
  statusAt!: Date | null;

  @Column('timestamptz')
  createdAt!: Date;

  @Column('timestamptz', { nullable: true })
  lastSeenAt!: Date | null;

  @Column('timestamptz', { nullable: true })
  revokedAt!: Date | null;
}
