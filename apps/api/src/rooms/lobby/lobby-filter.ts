import type { ListRooms } from '@clawtank/contracts';
import type { Caller } from '../../platform/caller.js';

const SPANS = { hour: '1 hour', day: '1 day', week: '7 days' } as const;

const escapeLike = (text: string): string => text.replace(/[\\%_]/g, '\\$&');

/** Conditions on rooms `r` with their parameters, in the words of the indexes that serve them. */
export class RoomFilter {
  readonly parameters: unknown[] = [];
  private readonly conditions: string[] = [];

  constructor(caller: Caller | null, { scope, search, language, topic, activeWithin, archived }: ListRooms) {
    if (scope === 'mine') {
      const seats = `SELECT room_id FROM room_members WHERE member_id = ${this.parameter(caller?.id ?? null)}`;
      this.require(`r.id IN (${seats})`);
    } else {
      this.require(`r.visibility = 'public'`);
    }
    this.require(`r.archived_at IS ${archived === 'true' ? 'NOT NULL' : 'NULL'}`);
    if (search) {
      const pattern = this.parameter(`%${escapeLike(search)}%`);
      this.require(
        `(r.name ILIKE ${pattern} OR r.description ILIKE ${pattern} OR EXISTS (SELECT 1 FROM unnest(r.topics) AS topic WHERE topic ILIKE ${pattern}))`,
      );
    }
    if (language) {
      this.require(`r.language = ${this.parameter(language)}`);
    }
    if (topic) {
      this.require(`r.topics @> ARRAY[${this.parameter(topic)}]::text[]`);
    }
    if (activeWithin) {
      this.require(`r.last_activity_at > now() - interval '${SPANS[activeWithin]}'`);
    }
  }

  require(condition: string): this {
    this.conditions.push(condition);
    return this;
  }

  /** The placeholder of a value. */
  parameter(value: unknown): string {
    return `$${this.parameters.push(value)}`;
  }

  get sql(): string {
    return this.conditions.join(' AND ');
  }
}
