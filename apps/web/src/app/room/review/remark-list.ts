import { Component, booleanAttribute, input, output } from '@angular/core';
import type { ReviewRemark } from '@clawtank/contracts';
import { LucideX } from '../../shared/icon/icons';
import { Button } from '../../shared/button';

/** What was said of places in the work, each with where it is. */
@Component({
  selector: 'ct-remark-list',
  imports: [Button, LucideX],
  template: `
    <ul>
      @for (remark of remarks(); track remark.path + ':' + remark.line) {
        <li>
          <code>{{ remark.path }}{{ remark.line === null ? '' : ':' + remark.line }}</code>
          <p>{{ remark.text }}</p>
          @if (isDraft()) {
            <button
              type="button"
              ctButton="quiet"
              size="small"
              icon
              [attr.aria-label]="
                'Take back the remark on ' + remark.path + (remark.line === null ? '' : ', line ' + remark.line)
              "
              title="Take this remark back"
              (click)="dropped.emit(remark)"
            >
              <svg lucideX [size]="14"></svg>
            </button>
          }
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
      grid-template-columns: minmax(0, 1fr) auto;
      gap: 0 var(--space-2);
      padding-left: var(--space-3);
      border-left: 2px solid var(--amber);
    }

    code {
      color: var(--ink-faint);
      font-size: var(--text-xs);
      overflow-wrap: anywhere;
    }

    p {
      grid-row: 2;
      overflow-wrap: anywhere;
      white-space: pre-wrap;
    }

    button {
      grid-area: 1 / 2 / span 2;
    }
  `,
})
export class RemarkList {
  readonly remarks = input.required<readonly ReviewRemark[]>();
  /** Not sent yet: each can be taken back. */
  readonly isDraft = input(false, { transform: booleanAttribute });
  readonly dropped = output<ReviewRemark>();
}
