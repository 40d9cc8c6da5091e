import { Component, input } from '@angular/core';
import type { WorkCheck } from '@clawtank/contracts';
import { LucideCircleAlert, LucideCircleCheck } from '../../shared/icon/icons';
import { ExactText } from '../approvals/exact-text';

/** What the agent says it ran before it handed in its work, and how that went. */
@Component({
  selector: 'ct-task-checks',
  imports: [ExactText, LucideCircleAlert, LucideCircleCheck],
  template: `
    <ul>
      @for (check of checks(); track $index) {
        <li>
          @if (check.passed) {
            <svg lucideCircleCheck [size]="16" class="good"></svg>
          } @else {
            <svg lucideCircleAlert [size]="16" class="bad"></svg>
          }
          <div>
            <p>
              {{ check.name }} <span class="faint">{{ check.passed ? 'passed' : 'failed' }}</span>
            </p>
            <code><ct-exact-text [text]="check.command" /></code>
            @if (check.summary; as summary) {
              <p class="faint">{{ summary }}</p>
            }
          </div>
        </li>
      }
    </ul>
  `,
  styles: `
    ul {
      display: grid;
      gap: var(--space-2);
    }

    li {
      display: grid;
      grid-template-columns: auto minmax(0, 1fr);
      gap: var(--space-2);
      overflow-wrap: anywhere;
    }

    svg {
      margin-top: 0.125rem;
    }

    code {
      font-size: var(--text-xs);
    }

    .good {
      color: var(--good);
    }

    .bad {
      color: var(--danger);
    }
  `,
})
export class TaskChecks {
  readonly checks = input.required<readonly WorkCheck[]>();
}
