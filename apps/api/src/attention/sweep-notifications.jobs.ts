import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../platform/clock.js';
import { JobHandler } from '../platform/queues/job-handler.js';

const KEEP_MS = 90 * 86_400_000;

/** Deletes what people were told long ago, whether or not they have read it. */
@Injectable()
export class SweepNotifications {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  @JobHandler('sweep-notifications')
  async sweep(): Promise<void> {
    await this.dataSource.query(`DELETE FROM notifications WHERE created_at <= $1`, [
      new Date(this.clock.now().getTime() - KEEP_MS),
    ]);
  }
}
