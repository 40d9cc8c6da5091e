import { Component, computed, effect, inject, signal } from '@angular/core';
import { LucideHourglass } from '../../shared/icon/icons';
import { RoomStore } from '../state/room-store';

/** Says what the writer waits for when the server asks for patience, and for how much longer; and that there is a slow mode. */
@Component({
  selector: 'ct-pause-line',
  imports: [LucideHourglass],
  template: `
    @if (text(); as text) {
      <p [class.waiting]="store.pause()"><svg lucideHourglass [size]="14"></svg>{{ text }}</p>
    }
    <span class="visually-hidden" role="status">{{
      store.pause() ? 'Your message is kept and goes out by itself.' : ''
    }}</span>
  `,
  styles: `
    p {
      display: flex;
      align-items: center;
      gap: 0.375rem;
      padding: 0 var(--space-1) var(--space-1);
      color: var(--ink-faint);
      font-size: var(--text-xs);
    }

    .waiting {
      color: var(--ink);
    }
  `,
})
export class PauseLine {
  protected readonly store = inject(RoomStore);
  private readonly now = signal(Date.now());
  private readonly slowMode = computed(() => {
    const role = this.store.ownSeat()?.role;
    const waits = role === 'member' || role === 'guest';
    return waits ? (this.store.state()?.room.settings.slowModeSeconds ?? 0) : 0;
  });

  protected readonly text = computed(() => {
    const pause = this.store.pause();
    if (pause) {
      const left = wait(Math.ceil(Math.max(pause.until - this.now(), 0) / 1000));
      const why =
        pause.code === 'slow_mode'
          ? 'Slow mode'
          : pause.code === 'rate_limited'
            ? 'That was fast'
            : 'The server is busy';
      return `${why}: your message is kept and goes out in ${left}.`;
    }
    return this.slowMode() > 0 ? `Slow mode: one message every ${wait(this.slowMode())}.` : '';
  });

  constructor() {
    effect((onCleanup) => {
      if (this.store.pause()) {
        this.now.set(Date.now());
        const timer = setInterval(() => this.now.set(Date.now()), 1000);
        onCleanup(() => clearInterval(timer));
      }
    });
  }
}

function wait(seconds: number): string {
  return seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
