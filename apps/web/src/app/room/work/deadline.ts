import { Component, computed, inject, input } from '@angular/core';
import { Now } from '../../shared/now';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Beyond this, a date says more than a number of days. */
const FAR = 14 * DAY;

const dayOf = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });

const exactly = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'short' });

/** How far off a deadline is, or how long ago it passed, as short as people say it. */
export function describeDeadline(at: number, now: number): { readonly words: string; readonly isOver: boolean } {
  const left = at - now;
  if (left > FAR) {
    return { words: `due ${dayOf.format(at)}`, isOver: false };
  }
  const size = Math.abs(left);
  const far =
    size < HOUR
      ? `${Math.max(Math.floor(size / MINUTE), 1)} min`
      : size < 2 * DAY
        ? `${Math.floor(size / HOUR)} h`
        : `${Math.floor(size / DAY)} d`;
  return left > 0 ? { words: `due in ${far}`, isOver: false } : { words: `${far} overdue`, isOver: true };
}

/** When something has to be done, live; exact when pointed at. */
@Component({
  selector: 'ct-deadline',
  template: `<time
    class="tabular"
    [class.over]="told().isOver && !isFinished()"
    [attr.datetime]="at()"
    [title]="exact()"
    >{{ isFinished() ? day() : told().words }}</time
  >`,
  styles: `
    .over {
      color: var(--danger);
      font-weight: 600;
    }
  `,
})
export class Deadline {
  private readonly now = inject(Now).value;

  /** ISO 8601. */
  readonly at = input.required<string>();
  /** Nothing is late that is finished. */
  readonly isFinished = input(false);

  protected readonly told = computed(() => describeDeadline(Date.parse(this.at()), this.now()));
  protected readonly day = computed(() => `due ${dayOf.format(Date.parse(this.at()))}`);
  protected readonly exact = computed(() => exactly.format(Date.parse(this.at())));
}
