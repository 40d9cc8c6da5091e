import { type RepositoryView, RoomSettings } from '@clawtank/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { WHOLE_NUMBER } from '../platform/database/whole-number.js';

/** A room and the heads of its two sequences. */
@Entity('rooms')
export class RoomEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('varchar')
  name!: string;

  @Column('text')
  description!: string;

  @Column('varchar')
  visibility!: 'public' | 'private';

  @Column('jsonb', { nullable: true })
  repository!: RepositoryView | null;

  @Column('varchar', { nullable: true })
  language!: string | null;

  @Column('text', { array: true, default: [] })
  topics!: string[];

  /** Since when nothing more happens here. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  archivedAt!: Date | null;

  @Column('uuid')
  createdBy!: string;

  @Column({ type: 'timestamptz', precision: 3 })
  createdAt!: Date;

  @Column('jsonb', { name: 'settings' })
  storedSettings!: Partial<RoomSettings>;

  @Column('uuid')
  epoch!: string;

  @Column({ type: 'bigint', transformer: WHOLE_NUMBER, insert: false, update: false })
  lastSeq!: number;

  @Column({ type: 'bigint', transformer: WHOLE_NUMBER, insert: false, update: false })
  lastPublicSeq!: number;

  @Column({ type: 'timestamptz', precision: 3, insert: false, update: false })
  lastActivityAt!: Date;

  /** When the newest entry of the log was written. */
  @Column({ type: 'timestamptz', precision: 3, update: false })
  lastEventAt!: Date;

  /** What was set, over what holds by itself. */
  get settings(): RoomSettings {
    return RoomSettings.parse(this.storedSettings);
  }

  /** Whether strangers may watch right now. */
  get isWatchable(): boolean {
    return this.visibility === 'public' && this.settings.spectatorAllowed;
  }
}
