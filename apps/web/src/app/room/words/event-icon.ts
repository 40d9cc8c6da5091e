import { Component, input } from '@angular/core';
import {
  LucideBan,
  LucideBot,
  LucideCircleAlert,
  LucideCircleCheck,
  LucideCircleDot,
  LucideGitBranch,
  LucideGitMerge,
  LucideGitPullRequest,
  LucideGitPullRequestClosed,
  LucidePlay,
  LucideSparkles,
  LucideUpload,
  LucideUserRound,
  LucideWaves,
} from '../../shared/icon/icons';
import type { Tone } from '../../shared/badge';
import type { EventIcon } from './describe-event';

/** The picture for what kind of thing happened; the words beside it say the same. */
@Component({
  selector: 'ct-event-icon',
  imports: [
    LucideBan,
    LucideBot,
    LucideCircleAlert,
    LucideCircleCheck,
    LucideCircleDot,
    LucideGitBranch,
    LucideGitMerge,
    LucideGitPullRequest,
    LucideGitPullRequestClosed,
    LucidePlay,
    LucideSparkles,
    LucideUpload,
    LucideUserRound,
    LucideWaves,
  ],
  host: { '[class]': '"tone-" + tone()', 'aria-hidden': 'true' },
  template: `
    @switch (icon()) {
      @case ('room') {
        <svg lucideWaves [size]="size()"></svg>
      }
      @case ('person') {
        <svg lucideUserRound [size]="size()"></svg>
      }
      @case ('agent') {
        <svg lucideBot [size]="size()"></svg>
      }
      @case ('issue') {
        <svg lucideCircleDot [size]="size()"></svg>
      }
      @case ('asked') {
        <svg lucideCircleDot [size]="size()"></svg>
      }
      @case ('working') {
        <svg lucidePlay [size]="size()"></svg>
      }
      @case ('handed-in') {
        <svg lucideUpload [size]="size()"></svg>
      }
      @case ('done') {
        <svg lucideCircleCheck [size]="size()"></svg>
      }
      @case ('stopped') {
        <svg lucideBan [size]="size()"></svg>
      }
      @case ('failed') {
        <svg lucideCircleAlert [size]="size()"></svg>
      }
      @case ('commit') {
        <svg lucideGitBranch [size]="size()"></svg>
      }
      @case ('pull') {
        <svg lucideGitPullRequest [size]="size()"></svg>
      }
      @case ('merged') {
        <svg lucideGitMerge [size]="size()"></svg>
      }
      @case ('closed') {
        <svg lucideGitPullRequestClosed [size]="size()"></svg>
      }
      @case ('xp') {
        <svg lucideSparkles [size]="size()"></svg>
      }
    }
  `,
  styles: `
    :host {
      display: inline-grid;
      place-content: center;
      flex: none;
      color: var(--ink-faint);
    }

    :host(.tone-teal) {
      color: var(--teal);
    }

    :host(.tone-violet) {
      color: var(--violet);
    }

    :host(.tone-amber) {
      color: var(--amber);
    }

    :host(.tone-danger) {
      color: var(--danger);
    }

    :host(.tone-good) {
      color: var(--good);
    }
  `,
})
export class EventIconView {
  readonly icon = input.required<EventIcon>();
  readonly tone = input.required<Tone>();
  readonly size = input(16);
}
