import { INBOX_LIMITS } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../../platform/clock.js';
import { JobHandler } from '../../platform/queues/job-handler.js';

const DAY_MS = 86_400_000;

/** Forgets what agents did not acknowledge in time, or is too much. Each inbox remembers how far, so that its agent hears of it. */
@Injectable()
export class SweepInboxes {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  @JobHandler('sweep-inboxes')
  async sweep(): Promise<void> {
    const oldest = new Date(this.clock.now().getTime() - INBOX_LIMITS.days * DAY_MS);
    const excess = await this.dataSource.query<{ agent_id: string; up_to: string }[]>(
      `SELECT agent_id, up_to FROM (
         SELECT agent_id, greatest(
           (SELECT max(number) FROM inbox_items old WHERE old.agent_id = inbox.agent_id AND old.created_at <= $1),
           (SELECT number FROM inbox_items many WHERE many.agent_id = inbox.agent_id ORDER BY number DESC OFFSET $2 LIMIT 1)
         ) AS up_to
         FROM agent_inboxes inbox
       ) AS bounds WHERE up_to IS NOT NULL`,
      [oldest, INBOX_LIMITS.items],
    );
    for (const { agent_id, up_to } of excess) {
      await this.dataSource.query(
        `WITH held AS (
           UPDATE agent_inboxes SET forgotten = greatest(forgotten, $2) WHERE agent_id = $1 RETURNING agent_id
         ) DELETE FROM inbox_items USING held WHERE inbox_items.agent_id = held.agent_id AND number <= $2`,
        [agent_id, up_to],
      );
    }
  }
}
