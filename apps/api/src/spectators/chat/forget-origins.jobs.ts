import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { JobHandler } from '../../platform/queues/job-handler.js';
import { SpectatorChatStore } from './spectator-chat.store.js';

/** As long as somebody may want to mute whoever said something. */
const KEEP_ORIGIN_MS = 86_400_000;

/** Forgets where spectators without an account came from. */
@Injectable()
export class ForgetOrigins {
  constructor(
    private readonly store: SpectatorChatStore,
    private readonly clock: Clock,
  ) {}

  @JobHandler('forget-spectator-origins')
  async forget(): Promise<void> {
    const now = this.clock.now();
    await this.store.forgetOrigins(new Date(now.getTime() - KEEP_ORIGIN_MS), now);
  }
}
