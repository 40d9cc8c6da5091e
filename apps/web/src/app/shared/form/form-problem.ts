import { Component, computed, input } from '@angular/core';
import type { FieldTree } from '@angular/forms/signals';
import { LucideCircleAlert } from '../icon/icons';

/** What the server said about a form as a whole, read out when it appears. */
@Component({
  selector: 'ct-form-problem',
  imports: [LucideCircleAlert],
  template: `
    <div role="alert">
      @if (message()) {
        <p><svg lucideCircleAlert [size]="16"></svg>{{ message() }}</p>
      }
    </div>
  `,
  styles: `
    /* Stays in the page, to be heard when it speaks, but takes no room while silent. */
    :host(:not(:has(p))) {
      position: absolute;
    }

    p {
      display: flex;
      align-items: flex-start;
      gap: var(--space-2);
      padding: var(--space-2) var(--space-3);
      border-radius: var(--radius-m);
      background: var(--danger-tint);
      color: var(--danger);
      font-weight: 500;
    }

    svg {
      margin-top: 0.15em;
    }
  `,
})
export class FormProblem {
  readonly form = input.required<FieldTree<unknown>>();
  protected readonly message = computed(() => this.form()().errors()[0]?.message ?? '');
}
