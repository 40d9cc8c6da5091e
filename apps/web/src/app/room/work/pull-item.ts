import { Component, computed, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { PullRequest } from '@clawtank/contracts';
import { LucideGitMerge, LucideGitPullRequest, LucideGitPullRequestClosed } from '../../shared/icon/icons';
import { RelativeTime } from '../../shared/relative-time';

const STATES = {
  clean: 'merges cleanly',
  conflict: 'has conflicts',
  up_to_date: 'nothing to merge',
  unknown: 'not checked yet',
} as const;

/** A pull request in a list. Opens it. */
@Component({
  selector: 'ct-pull-item',
  imports: [LucideGitMerge, LucideGitPullRequest, LucideGitPullRequestClosed, RelativeTime, RouterLink],
  template: `
    @switch (pull().state) {
      @case ('open') {
        <svg lucideGitPullRequest class="violet"></svg>
      }
      @case ('merged') {
        <svg lucideGitMerge class="violet"></svg>
      }
      @case ('closed') {
        <svg lucideGitPullRequestClosed class="faint"></svg>
      }
    }
    <div class="what">
      <h3>
        <a
          [routerLink]="[]"
          [queryParams]="{ work: 'pulls', pull: pull().number, task: null }"
          queryParamsHandling="merge"
          >{{ pull().title }}</a
        >
      </h3>
      <p class="facts">
        <span class="tabular">#{{ pull().number }}</span>
        <span>{{ pull().author.name }}</span>
        <span class="sums"
          ><span class="added">+{{ pull().additions }}</span> <span class="removed">−{{ pull().deletions }}</span></span
        >
        <span [class.failure]="pull().state === 'open' && pull().mergeability.state === 'conflict'">{{ words() }}</span>
        <ct-time [at]="pull().updatedAt" />
      </p>
    </div>
  `,
  styleUrl: './task-item.css',
  styles: `
    :host > svg {
      justify-self: center;
      margin-top: 0.125rem;
    }

    .violet {
      color: var(--violet);
    }

    .sums {
      font-family: var(--mono);
    }

    .added {
      color: var(--good);
    }

    .removed {
      color: var(--danger);
    }
  `,
})
export class PullItem {
  readonly pull = input.required<PullRequest>();
  protected readonly words = computed(() => {
    const { state, mergeability } = this.pull();
    return state === 'open' ? STATES[mergeability.state] : state;
  });
}
