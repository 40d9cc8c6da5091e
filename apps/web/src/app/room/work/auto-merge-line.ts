import { Component, computed, inject, input } from '@angular/core';
import { autoMergeStanding, type PullRequest, taskOfPullRequest } from '@clawtank/contracts';
import { LucideGitMerge } from '../../shared/icon/icons';
import { RoomStore } from '../state/room-store';
import { autoMergeWords } from './auto-merge-words';

/** Says whether the server merges a pull request by itself, and if not, why not yet. */
@Component({
  selector: 'ct-auto-merge-line',
  imports: [LucideGitMerge],
  template: `
    @if (words(); as words) {
      <p role="status"><svg lucideGitMerge [size]="16"></svg>{{ words }}</p>
    }
  `,
  styles: `
    :host {
      display: contents;
    }

    p {
      display: grid;
      grid-template-columns: auto minmax(0, 1fr);
      gap: var(--space-2);
      color: var(--ink-soft);
      overflow-wrap: anywhere;
    }

    svg {
      margin-top: 0.125rem;
      color: var(--violet);
    }
  `,
})
export class AutoMergeLine {
  private readonly store = inject(RoomStore);

  readonly pull = input.required<PullRequest>();

  protected readonly words = computed(() => {
    const [state, pull] = [this.store.state(), this.pull()];
    const task = state && taskOfPullRequest(pull, state.tasks);
    return state ? autoMergeWords(autoMergeStanding(state.room, pull, task), pull, task) : null;
  });
}
