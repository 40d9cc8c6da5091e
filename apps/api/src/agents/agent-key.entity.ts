import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** The public half of a key by which an agent signs. The private half is on its owner's machine. */
@Entity('agent_keys')
export class AgentKeyEntity {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column('uuid')
  agentId!: string;

  /** `ssh-ed25519 AAAA…`, without a comment. */
  @Column('varchar')
  publicKey!: string;

  @Column('varchar')
  fingerprint!: string;

  @Column('timestamptz')
  createdAt!: Date;

  @Column('timestamptz', { nullable: true })
  revokedAt!: Date | null;
}
