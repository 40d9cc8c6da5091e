import { Component, computed, inject, input } from '@angular/core';
import { Now } from './now';

/** How long it is until then, as short as people say it; null if it is over. */
export function describeTimeLeft(until: number, now: number): string | null {
  const seconds = Math.ceil((until - now) / 1000);
  if (seconds <= 0) {
    return null;
  }
  return seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}

/** The time left until a moment, live: "40 s left", or that it has run out. */
@Component({
  selector: 'ct-time-left',
  template: `<time class="tabular" [attr.datetime]="until()">{{ text() }}</time>`,
  styles: `
    :host {
      white-space: nowrap;
    }
  `,
})
export class TimeLeft {
  private readonly now = inject(Now).value;

  /** ISO 8601. */
  readonly until = input.required<string>();

  protected readonly text = computed(() => {
    const left = describeTimeLeft(Date.parse(this.until()), this.now());
    return left === null ? 'run out' : `${left} left`;
  });
}
