import { Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { Task, TaskDetail } from '@clawtank/contracts';
import { RoomStore } from '../state/room-store';
import { queryOf } from '../work/work-place';
import { ReviewForm } from './review-form';
import { ReviewView } from './review-view';

/** What was said of the work that was handed in, and, for those who may merge, where they say it. */
@Component({
  selector: 'ct-task-review',
  imports: [ReviewForm, ReviewView, RouterLink],
  template: `
    <h3 tabindex="-1" #heading>Review</h3>
    <ct-review-view [task]="task()" [isVoided]="isVoided()" />
    @if (canReview()) {
      @if (task().pullRequest; as pull) {
        <p class="note">
          Read
          <a [routerLink]="[]" [queryParams]="pullQuery(pull)" queryParamsHandling="merge"
            >what changed in #{{ pull }}</a
          >
          and remark on its lines; the remarks go with your review.
        </p>
      }
      <ct-review-form [task]="task()" (sent)="heading.focus()" />
    }
  `,
  styles: `
    :host {
      display: grid;
      gap: var(--space-3);
      padding: var(--space-4);
      border: 1px solid var(--line);
      border-radius: var(--radius-m);
      background: var(--raised);
    }

    h3 {
      font-size: var(--text-m);
    }

    .note {
      color: var(--ink-soft);
      font-size: var(--text-s);
    }
  `,
})
export class TaskReview {
  private readonly store = inject(RoomStore);

  readonly task = input.required<Task>();
  readonly history = input.required<TaskDetail['history']>();

  protected readonly canReview = computed(
    () => this.store.can('merge') && ['in_review', 'approved'].includes(this.task().state),
  );
  protected readonly isVoided = computed(() => {
    const last = this.history().findLast(({ what }) => what === 'task.reviewed' || what === 'task.submitted');
    return this.task().review === null && last?.what === 'task.reviewed';
  });

  protected pullQuery(pull: number): ReturnType<typeof queryOf> {
    return queryOf({ work: 'pulls', pull });
  }
}
