import { Component, computed, input, output } from '@angular/core';
import { LucideClipboardList, LucideGitMerge, LucideGitPullRequest, LucideTrophy } from '../../shared/icon/icons';
import { RelativeTime } from '../../shared/relative-time';
import type { Mark } from './marks';

/** The story so far as a line with its moments; each leads back to where it happened in the stream. */
@Component({
  selector: 'ct-timeline',
  imports: [LucideClipboardList, LucideGitMerge, LucideGitPullRequest, LucideTrophy, RelativeTime],
  template: `
    @if (first(); as first) {
      <h2 id="ct-timeline">The story so far</h2>
      <div class="line">
        <ol aria-labelledby="ct-timeline">
          @for (mark of marks(); track mark.eventId) {
            <li [style.inset-inline-start.%]="mark.position">
              <button
                type="button"
                [class]="mark.kind"
                [title]="mark.label"
                [attr.aria-label]="mark.label + '. Go there'"
                (click)="choose.emit(mark.eventId)"
              >
                @switch (mark.kind) {
                  @case ('task') {
                    <svg lucideClipboardList [size]="12"></svg>
                  }
                  @case ('pull') {
                    <svg lucideGitPullRequest [size]="12"></svg>
                  }
                  @case ('merge') {
                    <svg lucideGitMerge [size]="14"></svg>
                  }
                  @default {
                    <svg lucideTrophy [size]="12"></svg>
                  }
                }
              </button>
            </li>
          }
        </ol>
      </div>
      <p class="ends"><ct-time [at]="first.at" ago /><span>now</span></p>
    }
  `,
  styleUrl: './timeline.css',
})
export class Timeline {
  readonly marks = input.required<readonly Mark[]>();
  /** The event to go to. */
  readonly choose = output<string>();

  protected readonly first = computed(() => this.marks()[0] ?? null);
}
