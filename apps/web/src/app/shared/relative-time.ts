import { Component, booleanAttribute, computed, inject, input } from '@angular/core';
import { Now } from './now';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const sameYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const otherYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
const exactly = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' });

/** How long ago something was, as short as people say it: "now", "2 min", "3 h", "4 d", then the date. */
export function describeAge(at: number, now: number): string {
  const age = Math.max(now - at, 0);
  if (age < MINUTE) {
    return 'now';
  }
  if (age < HOUR) {
    return `${Math.floor(age / MINUTE)} min`;
  }
  if (age < DAY) {
    return `${Math.floor(age / HOUR)} h`;
  }
  if (age < 7 * DAY) {
    return `${Math.floor(age / DAY)} d`;
  }
  const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return (isThisYear ? sameYear : otherYear).format(at);
}

const inSentence = (age: string): string =>
  age === 'now' ? 'just now' : /^\d+ (min|h|d)$/.test(age) ? `${age} ago` : age;

/** A moment in the past, relative and live; exact when pointed at. */
@Component({
  selector: 'ct-time',
  template: `<time class="tabular" [attr.datetime]="at()" [title]="exact()">{{ text() }}</time>`,
  styles: `
    :host {
      white-space: nowrap;
    }
  `,
})
export class RelativeTime {
  private readonly now = inject(Now).value;

  /** ISO 8601. */
  readonly at = input.required<string>();
  /** Within a sentence: "2 min ago", "just now". */
  readonly ago = input(false, { transform: booleanAttribute });

  private readonly instant = computed(() => Date.parse(this.at()));
  protected readonly exact = computed(() => exactly.format(this.instant()));
  protected readonly text = computed(() => {
    const age = describeAge(this.instant(), this.now());
    return this.ago() ? inSentence(age) : age;
  });
}
