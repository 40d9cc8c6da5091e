import { Component, computed, input } from '@angular/core';
import type { Task } from '@clawtank/contracts';
import { Badge } from '../../shared/badge';
import { RelativeTime } from '../../shared/relative-time';
import { RemarkList } from './remark-list';

/** What was said last of work that was handed in: who, when, of which commit, and whether it still counts. */
@Component({
  selector: 'ct-review-view',
  imports: [Badge, RelativeTime, RemarkList],
  template: `
    @if (task().review; as review) {
      <p class="facts">
        <ct-badge [tone]="review.verdict === 'approved' ? 'good' : 'coral'">{{
          review.verdict === 'approved' ? 'Approved' : 'Changes asked'
        }}</ct-badge>
        <span
          >by <strong>{{ review.by.name }}</strong>, <ct-time [at]="review.at" ago />, of
          <code [title]="review.sha">{{ review.sha.slice(0, 10) }}</code></span
        >
      </p>
      @if (review.comment) {
        <p class="words">{{ review.comment }}</p>
      }
      @if (review.remarks.length > 0) {
        <ct-remark-list [remarks]="review.remarks" />
      }
    } @else if (isVoided()) {
      <p class="voided">
        A push has taken the approval away: what is there now,
        <code [title]="task().submittedSha ?? ''">{{ short() }}</code>, is not what was approved.
      </p>
    } @else {
      <p class="note">
        Nobody has reviewed <code [title]="task().submittedSha ?? ''">{{ short() }}</code> yet.
      </p>
    }
  `,
  styles: `
    :host {
      display: grid;
      gap: var(--space-3);
    }

    .facts {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: var(--space-1) var(--space-2);
    }

    .words {
      overflow-wrap: anywhere;
      white-space: pre-wrap;
    }

    .note {
      color: var(--ink-soft);
    }

    .voided {
      padding: var(--space-2) var(--space-3);
      border-radius: var(--radius-m);
      background: var(--amber-tint);
    }
  `,
})
export class ReviewView {
  readonly task = input.required<Task>();
  /** A push took away what was said. */
  readonly isVoided = input(false);

  protected readonly short = computed(() => this.task().submittedSha?.slice(0, 10) ?? '');
}
