import { Component, computed, inject, input } from '@angular/core';
import { Now } from '../../shared/now';

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const dayAndClock = new Intl.DateTimeFormat(undefined, {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hour: 'numeric',
  minute: '2-digit',
});

/** A line across the feed where it was silent for long, with the moment at which it went on. */
@Component({
  selector: 'ct-pause-line',
  template: `<time class="tabular" [attr.datetime]="at()">{{ text() }}</time>`,
  styles: `
    :host {
      display: flex;
      align-items: center;
      gap: var(--space-3);
      color: var(--ink-faint);
      font-size: var(--text-xs);
      font-weight: 600;
    }

    :host::before,
    :host::after {
      content: '';
      flex: 1;
      height: 1px;
      background: var(--line);
    }
  `,
})
export class PauseLine {
  private readonly now = inject(Now).value;

  /** ISO 8601. */
  readonly at = input.required<string>();

  protected readonly text = computed(() => {
    const at = new Date(this.at());
    const isToday = at.toDateString() === new Date(this.now()).toDateString();
    return (isToday ? clock : dayAndClock).format(at);
  });
}
