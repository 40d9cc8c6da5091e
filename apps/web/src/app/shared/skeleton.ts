import { Component, computed, input } from '@angular/core';

/** Holds the place of text that is on its way. Appears only if the wait is long enough to be noticed. */
@Component({
  selector: 'ct-skeleton',
  host: { role: 'status' },
  template: `
    <span class="visually-hidden">{{ label() }}</span>
    @for (width of widths(); track $index) {
      <span class="line" [style.inline-size.%]="width" aria-hidden="true"></span>
    }
  `,
  styles: `
    :host {
      display: grid;
      gap: var(--space-3);
      animation: appear 1ms 300ms both;
    }

    .line {
      height: 0.75rem;
      border-radius: var(--radius-s);
      background: var(--hover);
      animation: breathe 1.6s ease-in-out infinite alternate;
    }

    @keyframes appear {
      from {
        visibility: hidden;
      }
    }

    @keyframes breathe {
      to {
        opacity: 0.45;
      }
    }
  `,
})
export class Skeleton {
  readonly lines = input(3);
  readonly label = input('Loading');
  protected readonly widths = computed(() =>
    Array.from({ length: this.lines() }, (_, line) => 92 - ((line * 37) % 41)),
  );
}
