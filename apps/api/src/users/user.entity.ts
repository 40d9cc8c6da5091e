import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

export type ProviderName = 'github' | 'gitlab';

/** A person's account. A closed one keeps its row and its name, so that nobody can come back under somebody else's name. */
@Entity('users')
export class UserEntity {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column('varchar')
  username!: string;

  @Column('varchar', { nullable: true })
  email!: string | null;

  @Column('text', { nullable: true })
  passwordHash!: string | null;

  /** The account's number at GitHub, as text because it is a `bigint`. */
  @Column('bigint', { nullable: true })
  githubId!: string | null;

  @Column('bigint', { nullable: true })
  gitlabId!: string | null;

  @Column('text', { nullable: true })
  avatarUrl!: string | null;

  @Column('text', { default: '' })
  bio!: string;

  @Column('varchar', { default: 'user' })
  role!: 'user' | 'admin';

  @Column('timestamptz')
  createdAt!: Date;

  @Column('timestamptz', { nullable: true })
  bannedAt!: Date | null;

  @Column('timestamptz', { nullable: true })
  deletedAt!: Date | null;

  get providers(): ProviderName[] {
    return [...(this.githubId ? (['github'] as const) : []), ...(this.gitlabId ? (['gitlab'] as const) : [])];
  }
}
