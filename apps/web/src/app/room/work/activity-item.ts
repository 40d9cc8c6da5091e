import { Clipboard } from '@angular/cdk/clipboard';
import { Component, DOCUMENT, booleanAttribute, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { ActivityItem } from '@clawtank/contracts';
import { LucideLink } from '../../shared/icon/icons';
import { Button } from '../../shared/button';
import { RelativeTime } from '../../shared/relative-time';
import { Toasts } from '../../shared/toast/toasts';
import { RoomStore } from '../state/room-store';
import { describeEvent } from '../words/describe-event';
import { EventIconView } from '../words/event-icon';
import { EventSentence } from '../words/event-sentence';
import { queryOf } from './work-place';

/** One thing that happened, with a link that leads to it. */
@Component({
  selector: 'ct-activity-item',
  imports: [Button, EventIconView, EventSentence, LucideLink, RelativeTime, RouterLink],
  host: { '[class.linked]': 'isLinked()' },
  template: `
    <ct-event-icon [icon]="words().icon" [tone]="words().tone" />
    <p>
      <ct-event-sentence [event]="event()" />
      <ng-content />
    </p>
    <span class="when">
      <button
        type="button"
        ctButton="quiet"
        size="small"
        icon
        aria-label="Copy the link to this"
        title="Copy the link to this"
        (click)="copyLink()"
      >
        <svg lucideLink [size]="14"></svg>
      </button>
      <a [routerLink]="[]" [queryParams]="place()" queryParamsHandling="merge"><ct-time [at]="event().timestamp" /></a>
    </span>
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: 1.25rem minmax(0, 1fr) auto;
      gap: var(--space-2);
      padding: 0.3125rem var(--space-3);
      border-radius: var(--radius-m);
      font-size: var(--text-s);
      scroll-margin: 6rem;
    }

    :host(.linked) {
      background: var(--coral-tint);
      box-shadow: inset 2px 0 var(--coral);
    }

    ct-event-icon {
      align-self: start;
      margin-top: 0.125rem;
    }

    .when {
      display: flex;
      align-items: start;
      gap: var(--space-1);
      color: var(--ink-faint);
      font-size: var(--text-xs);
    }

    .when a {
      min-height: 1.5rem;
      padding-top: 0.125rem;
      text-decoration: none;
    }

    .when a:hover {
      text-decoration: underline;
    }

    .button {
      width: 1.5rem;
      min-height: 1.5rem;
      opacity: 0;
    }

    :host(:hover) .button,
    :host(.linked) .button,
    .button:focus-visible {
      opacity: 1;
    }
  `,
})
export class ActivityItemView {
  private readonly clipboard = inject(Clipboard);
  private readonly document = inject(DOCUMENT);
  private readonly store = inject(RoomStore);
  private readonly toasts = inject(Toasts);

  readonly event = input.required<ActivityItem>();
  /** The address leads here. */
  readonly isLinked = input(false, { transform: booleanAttribute });

  protected readonly words = computed(() => describeEvent(this.event()));
  protected readonly place = computed(() => queryOf({ work: 'activity', at: this.event().seq }));

  protected copyLink(): void {
    const path = `/rooms/${this.store.roomId()}?work=activity&at=${this.event().seq}`;
    if (this.clipboard.copy(new URL(path, this.document.location.origin).href)) {
      this.toasts.done('The link is copied.');
    } else {
      this.toasts.failed('The link could not be copied. Open it from the time beside, and copy the address.');
    }
  }
}
