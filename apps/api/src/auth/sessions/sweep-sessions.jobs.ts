import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../../platform/clock.js';
import { SETTINGS, type Settings } from '../../platform/config/settings.js';
import { JobHandler } from '../../platform/queues/job-handler.js';

const KEEP_REVOKED_MS = 86_400_000;

/** Deletes sessions that are over, with their tokens, and exchanged tokens so old that no browser holds them any more. */
@Injectable()
export class SweepSessions {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  @JobHandler('sweep-sessions')
  async sweep(): Promise<void> {
    const now = this.clock.now();
    await this.dataSource.query(`DELETE FROM sessions WHERE expires_at <= $1 OR revoked_at <= $2`, [
      now,
      new Date(now.getTime() - KEEP_REVOKED_MS),
    ]);
    await this.dataSource.query(`DELETE FROM refresh_tokens WHERE used_at <= $1`, [
      new Date(now.getTime() - this.settings.refreshTokenSeconds * 1000),
    ]);
  }
}
