import { Component, computed, input } from '@angular/core';

const WIDTH = 120;
const HEIGHT = 28;
const INSET = 2;

/** How lively the recent past was, oldest first, as a small filled line. The label says it in words. */
@Component({
  selector: 'ct-sparkline',
  template: `
    <svg viewBox="0 0 120 28" preserveAspectRatio="none" role="img" [attr.aria-label]="label()">
      @if (isQuiet()) {
        <line class="still" x1="0" x2="120" y1="26" y2="26" />
      } @else {
        <path class="area" [attr.d]="area()" />
        <path class="line" [attr.d]="line()" />
      }
    </svg>
  `,
  styles: `
    :host {
      display: block;
    }

    svg {
      display: block;
      width: 100%;
      height: 100%;
      overflow: visible;
    }

    .line,
    .still {
      fill: none;
      stroke: var(--ink-soft);
      stroke-width: 1.5;
      stroke-linecap: round;
      stroke-linejoin: round;
      vector-effect: non-scaling-stroke;
    }

    .still {
      stroke: var(--ink-faint);
      stroke-dasharray: 1 5;
    }

    .area {
      fill: var(--ink-soft);
      opacity: 0.14;
    }
  `,
})
export class Sparkline {
  readonly values = input.required<readonly number[]>();
  /** The whole in words, such as "41 events in the last hour". */
  readonly label = input.required<string>();

  protected readonly isQuiet = computed(() => this.values().every((value) => value === 0));
  private readonly points = computed(() => {
    const values = this.values();
    const highest = Math.max(...values, 1);
    const step = WIDTH / Math.max(values.length - 1, 1);
    return values.map((value, index) => ({
      x: round(index * step),
      y: round(HEIGHT - INSET - (value / highest) * (HEIGHT - 2 * INSET)),
    }));
  });
  protected readonly line = computed(
    () =>
      `M${this.points()
        .map(({ x, y }) => `${x} ${y}`)
        .join('L')}`,
  );
  protected readonly area = computed(() => `${this.line()}V${HEIGHT}H0Z`);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
