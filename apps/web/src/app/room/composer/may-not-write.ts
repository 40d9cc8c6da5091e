import { Component, computed, inject } from '@angular/core';
import { LucideArchive, LucideLock, LucideVolumeX } from '../../shared/icon/icons';
import { Now } from '../../shared/now';
import { RoomStore } from '../state/room-store';

const today = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const otherDay = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** In place of the composer: why one cannot write here now, and until when. */
@Component({
  selector: 'ct-may-not-write',
  imports: [LucideArchive, LucideLock, LucideVolumeX],
  template: `
    <p>
      @if (isArchived()) {
        <svg lucideArchive [size]="16"></svg>
        This room is archived. Everything can be read and found; nothing more happens in it.
      } @else if (mutedUntil(); as until) {
        <svg lucideVolumeX [size]="16"></svg>
        You are muted until {{ until }}. You can read along; what you have begun to write is kept.
      } @else {
        <svg lucideLock [size]="16"></svg>
        You can read along here. A guest cannot write; ask the host for a member’s seat.
      }
    </p>
  `,
  styles: `
    p {
      display: flex;
      align-items: center;
      gap: var(--space-2);
      padding: var(--space-3) var(--space-4);
      border: 1px dashed var(--control-line);
      border-radius: var(--radius-l);
      color: var(--ink-soft);
    }
  `,
})
export class MayNotWrite {
  private readonly now = inject(Now).value;
  private readonly store = inject(RoomStore);

  protected readonly isArchived = computed(() => this.store.state()?.room.archivedAt != null);
  protected readonly mutedUntil = computed(() => {
    const until = this.store.ownSeat()?.mutedUntil;
    if (!until || Date.parse(until) <= this.now()) {
      return null;
    }
    const isToday = new Date(until).toDateString() === new Date(this.now()).toDateString();
    return (isToday ? today : otherDay).format(Date.parse(until));
  });
}
