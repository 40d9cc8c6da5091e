import { Component, computed, inject } from '@angular/core';
import { LucideArchive } from '../shared/icon/icons';
import { Button } from '../shared/button';
import { RelativeTime } from '../shared/relative-time';
import { RoomStore } from './state/room-store';
import { Archiving } from './settings/archiving';

/** Under the header: that the room is put away, and the way to open it again. What keeps one from writing, the composer says. */
@Component({
  selector: 'ct-room-notices',
  imports: [Button, LucideArchive, RelativeTime],
  template: `
    <div role="status">
      @if (archivedAt(); as since) {
        <p>
          <svg lucideArchive [size]="16"></svg>
          <span>This room was archived <ct-time [at]="since" ago />. Everything in it can be read.</span>
          @if (store.can('archive_room')) {
            <button type="button" ctButton size="small" [pending]="archiving.isBusy()" (click)="archiving.toggle()">
              Open it again
            </button>
          }
        </p>
      }
    </div>
  `,
  styles: `
    p {
      display: flex;
      align-items: center;
      gap: var(--space-2) var(--space-3);
      padding: var(--space-2) var(--space-4);
      border-bottom: 1px solid var(--line);
      background: var(--amber-tint);
      color: var(--ink-soft);
      font-size: var(--text-s);
    }

    span {
      min-width: 0;
    }

    svg {
      color: var(--amber);
    }
  `,
})
export class RoomNotices {
  protected readonly archiving = inject(Archiving);
  protected readonly store = inject(RoomStore);

  protected readonly archivedAt = computed(() => this.store.state()?.room.archivedAt ?? null);
}
