import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { GitProvider } from '../domain/normalise.js';

/** `applied`: something happened in the room. `ignored`: nothing of it concerns the room. `failed`: it could not be read, or was given up. */
export type DeliveryOutcome = 'applied' | 'ignored' | 'failed';

/** One delivery of a provider, kept once under the provider's own id. */
@Entity('webhook_deliveries')
export class WebhookDeliveryEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  roomId!: string;

  /** Of the hook's connection when it came in. */
  @Column('varchar')
  provider!: GitProvider;

  @Column('varchar')
  deliveryId!: string;

  @Column('varchar')
  event!: string;

  @Column('jsonb')
  payload!: unknown;

  @Column('timestamptz')
  receivedAt!: Date;

  @Column('timestamptz', { nullable: true })
  processedAt!: Date | null;

  @Column('varchar', { nullable: true })
  outcome!: DeliveryOutcome | null;

  @Column('text', { nullable: true })
  error!: string | null;
}
