import { Component, computed, inject, signal } from '@angular/core';
import { toApiProblem } from '../../core/problem/api-problem';
import { Button } from '../../shared/button';
import { RelativeTime } from '../../shared/relative-time';
import { RoomStore } from '../state/room-store';
import { describeEvent } from '../words/describe-event';
import { EventIconView } from '../words/event-icon';
import { EventSentence } from '../words/event-sentence';

/** Everything that happened but talk, newest first. */
@Component({
  selector: 'ct-activity-tab',
  imports: [Button, EventIconView, EventSentence, RelativeTime],
  template: `
    <ol>
      @for (item of items(); track item.event.id) {
        <li>
          <ct-event-icon [icon]="item.words.icon" [tone]="item.words.tone" />
          <ct-event-sentence [event]="item.event" />
          <ct-time [at]="item.event.timestamp" />
        </li>
      }
    </ol>
    @if (problem(); as problem) {
      <p class="problem" role="alert">{{ problem }}</p>
    }
    @if (!store.timeline().hasAllActivity) {
      <button type="button" ctButton size="small" class="more" [pending]="isLoading()" (click)="loadMore()">
        Show older
      </button>
    }
  `,
  styleUrl: './tab.css',
  styles: `
    li {
      display: grid;
      grid-template-columns: 1.25rem minmax(0, 1fr) auto;
      gap: var(--space-2);
      padding: 0.3125rem var(--space-3);
      font-size: var(--text-s);
    }

    ct-event-icon {
      align-self: start;
      margin-top: 0.125rem;
    }

    ct-time {
      color: var(--ink-faint);
      font-size: var(--text-xs);
    }
  `,
})
export class ActivityTab {
  protected readonly store = inject(RoomStore);
  protected readonly items = computed(() =>
    this.store
      .timeline()
      .activity.map((event) => ({ event, words: describeEvent(event) }))
      .reverse(),
  );
  protected readonly isLoading = signal(false);
  protected readonly problem = signal('');

  protected async loadMore(): Promise<void> {
    this.isLoading.set(true);
    this.problem.set('');
    try {
      await this.store.readOlderActivity();
    } catch (thrown) {
      this.problem.set(toApiProblem(thrown).detail);
    } finally {
      this.isLoading.set(false);
    }
  }
}
