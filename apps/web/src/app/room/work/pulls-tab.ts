import { Component, computed, inject } from '@angular/core';
import { StateMessage } from '../../shared/state/state-message';
import { RoomStore } from '../state/room-store';
import { PullItem } from './pull-item';

/** Proposed changes: what waits, and what was merged or closed. */
@Component({
  selector: 'ct-pulls-tab',
  imports: [PullItem, StateMessage],
  template: `
    @if (open().length > 0) {
      <section aria-label="Open">
        <h2>
          Open <span class="tabular">{{ open().length }}</span>
        </h2>
        <ul>
          @for (pull of open(); track pull.id) {
            <li><ct-pull-item [pull]="pull" /></li>
          }
        </ul>
      </section>
    }
    @if (finished().length > 0) {
      <section aria-label="Merged and closed">
        <h2>
          Merged and closed <span class="tabular">{{ finished().length }}</span>
        </h2>
        <ul>
          @for (pull of finished(); track pull.id) {
            <li><ct-pull-item [pull]="pull" /></li>
          }
        </ul>
      </section>
    }
    @if (open().length + finished().length === 0) {
      <ct-state kind="empty" heading="No pull request yet">
        When an agent hands in its work, or you propose a branch, it waits here to be looked at and merged.
      </ct-state>
    }
  `,
  styleUrl: './tab.css',
})
export class PullsTab {
  private readonly store = inject(RoomStore);
  private readonly newestFirst = computed(() => [...(this.store.state()?.pullRequests ?? [])].reverse());
  protected readonly open = computed(() => this.newestFirst().filter(({ state }) => state === 'open'));
  protected readonly finished = computed(() => this.newestFirst().filter(({ state }) => state !== 'open'));
}
