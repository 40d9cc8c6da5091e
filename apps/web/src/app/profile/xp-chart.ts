import { Component, computed, inject, input } from '@angular/core';
import { Now } from '../shared/now';
import { type XpDay, axisTicks } from './xp-history';

const DAY = 86_400_000;
/** One award is a point; a week around it makes a line of it. */
const SHORTEST = 7 * DAY;

const dayName = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const fullDay = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });

/** XP over time as a rising line of steps, and the same as a table for those who would rather read it. */
@Component({
  selector: 'ct-xp-chart',
  templateUrl: './xp-chart.html',
  styleUrl: './xp-chart.css',
})
export class XpChart {
  private readonly now = inject(Now).value;

  /** Oldest first; at least one. */
  readonly days = input.required<readonly XpDay[]>();

  private readonly span = computed(() => {
    const to = this.now();
    return { from: Math.min((this.days()[0]?.day ?? to) - DAY, to - SHORTEST), to };
  });
  private readonly startTotal = computed(() => {
    const first = this.days()[0];
    return first ? first.total - first.earned : 0;
  });
  private readonly values = computed(() => axisTicks(this.startTotal(), this.days().at(-1)?.total ?? 0));

  protected readonly ticks = computed(() => this.values().map((value) => ({ value, bottom: this.heightOf(value) })));
  protected readonly points = computed(() =>
    this.days().map(({ day, earned, total }) => ({
      left: this.placeOf(day),
      bottom: this.heightOf(total),
      label: `${fullDay.format(day)}: +${earned}, ${total} XP in total`,
    })),
  );
  protected readonly line = computed(() => {
    const steps = this.days().map(({ day, total }) => `H${this.placeOf(day)}V${100 - this.heightOf(total)}`);
    return `M0 ${100 - this.heightOf(this.startTotal())}${steps.join('')}H100`;
  });
  protected readonly area = computed(() => `${this.line()}V100H0Z`);
  protected readonly ends = computed(() => {
    const { from, to } = this.span();
    return [from, from + (to - from) / 2, to].map((at) => dayName.format(at));
  });
  protected readonly rows = computed(() =>
    this.days()
      .map((row) => ({ ...row, name: fullDay.format(row.day) }))
      .reverse(),
  );
  protected readonly summary = computed(() => {
    const first = this.days()[0];
    const last = this.days().at(-1);
    return first && last
      ? `From ${this.startTotal()} XP before ${fullDay.format(first.day)} to ${last.total} XP on ${fullDay.format(last.day)}`
      : '';
  });

  private placeOf(at: number): number {
    const { from, to } = this.span();
    return round(((at - from) / (to - from)) * 100);
  }

  private heightOf(total: number): number {
    const values = this.values();
    const low = values[0] ?? 0;
    return round(((total - low) / ((values.at(-1) ?? 1) - low)) * 100);
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
