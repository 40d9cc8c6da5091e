import { Service, inject } from '@angular/core';
import type { NotificationLevel } from '@clawtank/contracts';
import { Badges } from '../core/attention/badges';
import { toApiProblem } from '../core/problem/api-problem';
import { Toasts } from '../shared/toast/toasts';

const LEVELS: readonly { readonly level: NotificationLevel; readonly label: string }[] = [
  { level: 'all', label: 'Tell me everything' },
  { level: 'mentions', label: 'Only mentions and answers' },
  { level: 'none', label: 'Nothing: mute the room' },
];

/** What a room may tell its reader of, as its menu offers it. */
@Service()
export class RoomLevels {
  private readonly badges = inject(Badges);
  private readonly toasts = inject(Toasts);

  readonly all = LEVELS;

  of(roomId: string): NotificationLevel {
    return this.badges.levelOf(roomId);
  }

  async choose(roomId: string, level: NotificationLevel): Promise<void> {
    try {
      await this.badges.prefer(roomId, level);
    } catch (thrown) {
      this.toasts.failed(`Nothing was changed. ${toApiProblem(thrown).detail}`);
    }
  }
}
