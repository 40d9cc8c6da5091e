import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../../platform/clock.js';
import { JobHandler } from '../../platform/queues/job-handler.js';

const KEEP_UNUSED_MS = 86_400_000;

/** Deletes files that were uploaded and never sent. */
@Injectable()
export class SweepAttachments {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  @JobHandler('sweep-attachments')
  async sweep(): Promise<void> {
    await this.dataSource.query(`DELETE FROM attachments WHERE message_id IS NULL AND created_at <= $1`, [
      new Date(this.clock.now().getTime() - KEEP_UNUSED_MS),
    ]);
  }
}
