import { Component, computed, inject, input, output, signal } from '@angular/core';
import { LucideChevronDown, LucideChevronRight } from '../../shared/icon/icons';
import { Avatar } from '../../shared/avatar/avatar';
import { RelativeTime } from '../../shared/relative-time';
import { RoomStore } from '../state/room-store';
import { describeEvent } from '../words/describe-event';
import { EventIconView } from '../words/event-icon';
import { EventSentence } from '../words/event-sentence';
import type { WorkLine } from './work-lines';

/** One line of work between what was said. Tells how things stand; opens in place to tell how they got there. */
@Component({
  selector: 'ct-work-line',
  imports: [Avatar, EventIconView, EventSentence, LucideChevronDown, LucideChevronRight, RelativeTime],
  template: `
    <div class="line">
      @if (agent(); as seat) {
        <ct-avatar class="lead" [name]="seat.name" kind="agent" [ring]="seat.ring" [size]="22" decorative />
      } @else {
        <ct-event-icon class="lead" [icon]="words().icon" [tone]="words().tone" />
      }
      <p>
        <ct-event-sentence [event]="line().newest" />
        @if (percent(); as percent) {
          <span class="bar" aria-hidden="true"><span [style.inline-size.%]="percent"></span></span>
        }
      </p>
      @if (line().events.length > 1) {
        <button type="button" [attr.aria-expanded]="isOpen()" (click)="toggle()">
          {{ line().events.length }} steps
          @if (isOpen()) {
            <svg lucideChevronDown [size]="14"></svg>
          } @else {
            <svg lucideChevronRight [size]="14"></svg>
          }
        </button>
      }
      <ct-time class="at" [at]="line().newest.timestamp" />
    </div>
    @if (isOpen()) {
      <ol>
        @for (event of line().events; track event.id) {
          <li><ct-event-sentence [event]="event" /> <ct-time class="at" [at]="event.timestamp" /></li>
        }
      </ol>
    }
  `,
  styleUrl: './work-line-view.css',
})
export class WorkLineView {
  private readonly store = inject(RoomStore);

  readonly line = input.required<WorkLine>();
  /** The line is about to grow or shrink because the reader asked for it. */
  readonly resizing = output();

  protected readonly isOpen = signal(false);
  protected readonly words = computed(() => describeEvent(this.line().newest));
  protected readonly agent = computed(() => {
    const { actor } = this.words();
    return actor?.type === 'agent' && actor.id ? (this.store.seatById().get(actor.id) ?? null) : null;
  });
  protected readonly percent = computed(() => {
    const { newest } = this.line();
    return newest.type === 'task.progressed' ? (newest.data.task.progress?.percent ?? null) : null;
  });

  protected toggle(): void {
    this.resizing.emit();
    this.isOpen.update((isOpen) => !isOpen);
  }
}
