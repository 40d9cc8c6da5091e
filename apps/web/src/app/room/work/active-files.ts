import { Component, computed, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { RelativeTime } from '../../shared/relative-time';
import { RoomStore } from '../state/room-store';
import { PathList } from './path-list';
import { queryOf } from './work-place';

/** Which files are being worked on: by whom and for which task, and what was pushed besides. */
@Component({
  selector: 'ct-active-files',
  imports: [PathList, RelativeTime, RouterLink],
  template: `
    @if (works().length > 0 || pushed().length > 0) {
      <section aria-labelledby="active-files">
        <h2 id="active-files">Files being worked on</h2>
        <ul>
          @for (work of works(); track work.taskId) {
            <li>
              <p>
                <a [routerLink]="[]" [queryParams]="work.query" queryParamsHandling="merge"
                  ><span class="tabular">#{{ work.number }}</span> {{ work.title }}</a
                >
                <span class="who">{{ work.who }}</span>
              </p>
              <ct-path-list [paths]="work.paths" [total]="work.total" [most]="3" />
            </li>
          }
          @for (file of pushed(); track file.path) {
            <li>
              <p class="file">
                <code>{{ file.path }}</code>
                <span class="who">pushed by {{ file.by.name }} <ct-time [at]="file.at" ago /></span>
              </p>
            </li>
          }
        </ul>
      </section>
    }
  `,
  styleUrl: './tab.css',
  styles: `
    :host {
      display: contents;
    }

    ul {
      display: grid;
      gap: var(--space-3);
      padding: 0 var(--space-3);
    }

    li {
      display: grid;
      gap: 0.125rem;
      min-width: 0;
    }

    p {
      display: flex;
      flex-wrap: wrap;
      gap: 0 var(--space-2);
      min-width: 0;
      font-size: var(--text-s);
    }

    a,
    code {
      min-width: 0;
      overflow-wrap: anywhere;
    }

    code,
    .who {
      font-size: var(--text-xs);
    }

    .who {
      color: var(--ink-faint);
    }
  `,
})
export class ActiveFiles {
  private readonly store = inject(RoomStore);

  protected readonly works = computed(() => {
    const state = this.store.state();
    const pages = state?.paths ?? [];
    return (state?.tasks ?? []).flatMap(({ id: taskId, number, title, lease, assignedTo }) => {
      const page = pages.find((one) => one.taskId === taskId);
      const paths = page?.changes?.paths ?? page?.claim?.paths;
      if (!page || !paths || (!lease && !page.changes)) {
        return [];
      }
      const who = (lease?.holder ?? assignedTo)?.name ?? '';
      const deed = page.changes ? 'changes' : 'will touch';
      const query = queryOf({ work: 'tasks', task: number });
      return [
        { taskId, number, title, who: `${who} ${deed}`.trim(), paths, total: page.changes?.total ?? null, query },
      ];
    });
  });
  /** What no task is known to have changed. */
  protected readonly pushed = computed(() => {
    const known = new Set(this.works().flatMap(({ paths }) => paths));
    return this.store.activeFiles().filter(({ path }) => !known.has(path));
  });
}
