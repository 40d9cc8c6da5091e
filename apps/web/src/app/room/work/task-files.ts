import { Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { LucideCircleAlert } from '../../shared/icon/icons';
import { RoomStore } from '../state/room-store';
import { PathList } from './path-list';
import { CONFLICT_WORDS, type SeenConflict, conflictsOf } from './task-conflicts';
import { queryOf } from './work-place';

/** What an unfinished task touches, and whose work it meets there. */
@Component({
  selector: 'ct-task-files',
  imports: [LucideCircleAlert, PathList, RouterLink],
  template: `
    @if (conflicts().length > 0) {
      <section aria-label="Work that it meets">
        <h3>Work that it meets</h3>
        <ul>
          @for (conflict of conflicts(); track conflict.other.taskId) {
            <li [class.certain]="conflict.kind === 'unmergeable'">
              <p>
                <svg lucideCircleAlert [size]="14"></svg>
                <span
                  >It {{ wordsOf(conflict) }}
                  <a [routerLink]="[]" [queryParams]="queryOf(conflict)" queryParamsHandling="merge"
                    ><span class="tabular">#{{ conflict.other.number }}</span> {{ conflict.other.title }}</a
                  ></span
                >
              </p>
              <ct-path-list [paths]="conflict.paths" [total]="conflict.total" [most]="4" />
            </li>
          }
        </ul>
      </section>
    }
    @if (paths()?.changes; as changes) {
      <section aria-label="Files it changes">
        <h3>
          Files it changes <span class="tabular">{{ changes.total ?? changes.paths.length }}</span>
        </h3>
        <ct-path-list [paths]="changes.paths" [total]="changes.total" />
      </section>
    }
    @if (paths()?.claim; as claim) {
      <section aria-label="Files it will touch">
        <h3>Files it will touch, says {{ claim.by.name }}</h3>
        <ct-path-list [paths]="claim.paths" />
      </section>
    }
  `,
  styleUrl: './detail.css',
  styles: `
    :host {
      display: contents;
    }

    h3 span {
      color: var(--ink-faint);
      font-weight: 500;
    }

    ul {
      display: grid;
      gap: var(--space-3);
    }

    li {
      display: grid;
      gap: 0.25rem;
    }

    li p {
      display: flex;
      gap: var(--space-2);
      overflow-wrap: anywhere;
    }

    li svg {
      flex: none;
      margin-top: 0.1875rem;
      color: var(--amber);
    }

    li.certain svg {
      color: var(--danger);
    }

    ct-path-list {
      padding-left: calc(14px + var(--space-2));
    }

    section > ct-path-list {
      padding-left: 0;
    }
  `,
})
export class TaskFiles {
  private readonly store = inject(RoomStore);

  readonly taskId = input.required<string>();

  protected readonly paths = computed(() => this.store.state()?.paths.find(({ taskId }) => taskId === this.taskId()));
  protected readonly conflicts = computed(() => conflictsOf(this.taskId(), this.store.state()));

  protected wordsOf({ kind }: SeenConflict): string {
    return CONFLICT_WORDS[kind];
  }

  protected queryOf({ other }: SeenConflict) {
    return queryOf({ work: 'tasks', task: other.number });
  }
}
