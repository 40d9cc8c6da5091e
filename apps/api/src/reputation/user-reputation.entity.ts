import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Contributions, Standing } from './domain/award.js';
import { NO_CONTRIBUTIONS } from './domain/award.js';

/** What a person's ledger adds up to. */
@Entity('user_reputation')
export class UserReputationEntity {
  @PrimaryColumn('uuid')
  userId!: string;

  @Column('integer')
  totalXp!: number;

  @Column('integer')
  level!: number;

  @Column('jsonb', { name: 'contributions' })
  storedContributions!: Partial<Contributions>;

  @Column('text', { array: true })
  skillAreas!: string[];

  get contributions(): Contributions {
    return { ...NO_CONTRIBUTIONS, ...this.storedContributions };
  }

  become({ totalXp, level, contributions, skillAreas }: Standing): void {
    Object.assign(this, { totalXp, level, storedContributions: contributions, skillAreas: [...skillAreas] });
  }
}
