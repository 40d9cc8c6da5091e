import { Component, input } from '@angular/core';
import { LucideLock } from '../../shared/icon/icons';

/** Says why what follows cannot be changed by this reader; nothing if it can. */
@Component({
  selector: 'ct-refusal-note',
  imports: [LucideLock],
  template: `
    @if (why()) {
      <p><svg lucideLock [size]="14"></svg>{{ why() }}</p>
    }
  `,
  styles: `
    :host(:not(:has(p))) {
      display: none;
    }

    p {
      display: flex;
      align-items: baseline;
      gap: var(--space-2);
      padding: var(--space-2) var(--space-3);
      border-radius: var(--radius-m);
      background: var(--hover);
      color: var(--ink-soft);
      font-size: var(--text-s);
    }

    svg {
      align-self: center;
    }
  `,
})
export class RefusalNote {
  readonly why = input.required<string>();
}
