import { Component, computed, inject, input } from '@angular/core';
import { Now } from '../../shared/now';

const sameYear = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });
const otherYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long', year: 'numeric' });
const DAY = 86_400_000;

/** Where a new day begins in the conversation. */
@Component({
  selector: 'ct-day-label',
  template: `<h2>{{ text() }}</h2>`,
  styles: `
    :host {
      display: flex;
      align-items: center;
      gap: var(--space-3);
      margin: var(--space-4) var(--space-4) var(--space-2);
    }

    :host::before,
    :host::after {
      content: '';
      flex: 1;
      height: 1px;
      background: var(--line);
    }

    h2 {
      color: var(--ink-faint);
      font-size: var(--text-xs);
      font-weight: 600;
      letter-spacing: 0;
    }
  `,
})
export class DayLabel {
  private readonly now = inject(Now).value;

  readonly at = input.required<string>();

  protected readonly text = computed(() => {
    const day = new Date(this.at());
    const now = this.now();
    if (day.toDateString() === new Date(now).toDateString()) {
      return 'Today';
    }
    if (day.toDateString() === new Date(now - DAY).toDateString()) {
      return 'Yesterday';
    }
    return (day.getFullYear() === new Date(now).getFullYear() ? sameYear : otherYear).format(day);
  });
}
