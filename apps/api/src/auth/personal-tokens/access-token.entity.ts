import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** A person's token for git over HTTP. Only its hash is kept. */
@Entity('access_tokens')
export class AccessTokenEntity {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column('uuid')
  userId!: string;

  @Column('varchar')
  name!: string;

  @Column('bytea', { select: false })
  tokenHash!: Buffer;

  @Column('varchar')
  prefix!: string;

  @Column('timestamptz')
  createdAt!: Date;

  @Column('timestamptz', { nullable: true })
  lastUsedAt!: Date | null;
}
