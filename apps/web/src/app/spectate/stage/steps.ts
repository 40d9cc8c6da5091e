import { Component, computed, input } from '@angular/core';
import {
  LucideGitCommitHorizontal,
  LucideGitMerge,
  LucideGitPullRequest,
  LucideHand,
  LucideMessageCircle,
} from '../../shared/icon/icons';
import { RelativeTime } from '../../shared/relative-time';
import { STEPS, type Step, type Work } from './work';

const NAMES: Record<Step, string> = {
  asked: 'Asked',
  claimed: 'Taken on',
  committed: 'Committed',
  proposed: 'Proposed',
  merged: 'Merged',
};

/** How far a piece of work is on its way from a sentence to the code. */
@Component({
  selector: 'ct-steps',
  imports: [
    LucideGitCommitHorizontal,
    LucideGitMerge,
    LucideGitPullRequest,
    LucideHand,
    LucideMessageCircle,
    RelativeTime,
  ],
  template: `
    <ol aria-label="How far it is">
      @for (step of steps(); track step.name) {
        <li [class]="step.name" [class.reached]="step.isReached" [attr.aria-current]="step.isLast ? 'step' : null">
          <span class="sign">
            @switch (step.name) {
              @case ('asked') {
                <svg lucideMessageCircle [size]="16"></svg>
              }
              @case ('claimed') {
                <svg lucideHand [size]="16"></svg>
              }
              @case ('committed') {
                <svg lucideGitCommitHorizontal [size]="16"></svg>
              }
              @case ('proposed') {
                <svg lucideGitPullRequest [size]="16"></svg>
              }
              @default {
                <svg lucideGitMerge [size]="16"></svg>
              }
            }
          </span>
          <span class="word">{{ step.word }}</span>
          @if (step.at; as at) {
            <ct-time [at]="at" ago />
          } @else if (!step.isReached) {
            <span class="visually-hidden">not yet</span>
          }
        </li>
      }
    </ol>
  `,
  styleUrl: './steps.css',
})
export class Steps {
  readonly work = input.required<Work>();

  protected readonly steps = computed(() => {
    const { reached, times, pullRequest, commits } = this.work();
    const last = STEPS.indexOf(reached);
    return STEPS.map((name, index) => ({
      name,
      word:
        name === 'proposed' && pullRequest !== null
          ? `Pull request ${pullRequest}`
          : name === 'committed' && commits > 1
            ? `${commits} commits`
            : NAMES[name],
      isReached: index <= last,
      isLast: index === last,
      at: times[name] ?? null,
    }));
  });
}
