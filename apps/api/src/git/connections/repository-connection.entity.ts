import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { GitProvider } from '../domain/normalise.js';

/** The repository a room works on, and the hook by which its provider reports. A room has one at a time. */
@Entity('room_git_repos')
export class RepositoryConnectionEntity {
  @PrimaryColumn('uuid')
  roomId!: string;

  @Column('varchar')
  provider!: GitProvider;

  /** The repository's number at its provider; the room's id for the hosted one. */
  @Column('varchar')
  repoId!: string;

  @Column('text')
  fullName!: string;

  @Column('varchar')
  defaultBranch!: string;

  /** The last part of the hook's address. New with every connection, so that an old hook reaches nothing. */
  @Column('uuid')
  hookId!: string;

  @Column('text')
  webhookSecretEncrypted!: string;

  @Column('text', { nullable: true })
  accessTokenEncrypted!: string | null;

  @Column('timestamptz')
  connectedAt!: Date;
}
