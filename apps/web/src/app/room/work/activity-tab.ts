import {
  Component,
  DOCUMENT,
  Injector,
  afterNextRender,
  computed,
  effect,
  inject,
  input,
  signal,
  untracked,
} from '@angular/core';
import { Router } from '@angular/router';
import { ACTIVITY_KINDS } from '@clawtank/contracts';
import { Button } from '../../shared/button';
import { More } from '../../shared/more';
import { Skeleton } from '../../shared/skeleton';
import { RoomStore } from '../state/room-store';
import { ActivityFeed } from './activity-feed';
import { ActivityItemView } from './activity-item';
import { activityRows } from './activity-rows';
import type { WorkPlace } from './work-place';

const KINDS = {
  tasks: 'Tasks',
  git: 'Git',
  people: 'People',
  agents: 'Agents',
  xp: 'XP',
  room: 'Room',
} as const;

/** Everything that happened but talk, newest first. What it is filtered by, and the entry a link leads to, are in the address. */
@Component({
  selector: 'ct-activity-tab',
  imports: [ActivityItemView, Button, More, Skeleton],
  providers: [ActivityFeed],
  template: `
    <div class="filters" role="group" aria-label="Show only">
      <select #kind aria-label="Kind" (change)="show({ kind: kind.value })">
        <option value="" [selected]="place().kind === null">Everything</option>
        @for (one of kinds; track one) {
          <option [value]="one" [selected]="place().kind === one">{{ labels[one] }}</option>
        }
      </select>
      <select #by aria-label="By" (change)="show({ by: by.value })">
        <option value="" [selected]="place().by === null">by everybody</option>
        @for (seat of store.seats(); track seat.id) {
          <option [value]="seat.id" [selected]="place().by === seat.id">by {{ seat.name }}</option>
        }
        @if (isByStranger()) {
          <option [value]="place().by" selected>by somebody who left</option>
        }
      </select>
    </div>
    @if (feed.hasNewer()) {
      <ct-more
        label="Show newer"
        [page]="feed.page()"
        [isLoading]="feed.isReading() === 'newer'"
        [problem]="problemOf('newer')"
        (more)="feed.readNewer()"
      />
    }
    <ol>
      @for (row of rows(); track row.key) {
        <li>
          <ct-activity-item
            [event]="row.event"
            [isLinked]="row.event.seq === place().at"
            [id]="'activity-' + row.event.seq"
          >
            @if (row.earlier.length > 0) {
              <button type="button" class="earlier" [attr.aria-expanded]="isOpen(row.key)" (click)="toggle(row.key)">
                {{ isOpen(row.key) ? 'Hide' : 'Show' }} {{ row.earlier.length }} earlier
              </button>
            }
          </ct-activity-item>
          @if (isOpen(row.key)) {
            <ol class="within">
              @for (event of row.earlier.toReversed(); track event.id) {
                <li>
                  <ct-activity-item
                    [event]="event"
                    [isLinked]="event.seq === place().at"
                    [id]="'activity-' + event.seq"
                  />
                </li>
              }
            </ol>
          }
        </li>
      } @empty {
        @if (feed.isReading() || feed.hasOlder()) {
          <li class="waiting"><ct-skeleton [lines]="6" label="Loading the activity" /></li>
        } @else {
          <li class="nothing">
            {{ isFiltered() ? 'Nothing of this kind happened yet.' : 'Nothing happened yet.' }}
            @if (isFiltered()) {
              <button type="button" ctButton size="small" (click)="show({ kind: '', by: '' })">Show everything</button>
            }
          </li>
        }
      }
    </ol>
    @if (problemOf('around'); as problem) {
      <p class="problem" role="alert">{{ problem }}</p>
    }
    @if (feed.hasOlder()) {
      <ct-more
        label="Show older"
        [page]="feed.page()"
        [isLoading]="feed.isReading() === 'older'"
        [problem]="problemOf('older')"
        (more)="feed.readOlder()"
      />
    }
  `,
  styleUrl: './tab.css',
  styles: `
    .filters {
      display: grid;
      grid-template-columns: repeat(2, minmax(0, 1fr));
      gap: var(--space-2);
      padding: 0 var(--space-2);
    }

    select {
      min-width: 0;
      min-height: var(--control-small);
      padding: 0 var(--space-2);
      border: 1px solid var(--control-line);
      border-radius: var(--radius-s);
      background: var(--surface);
      font-size: var(--text-s);
    }

    .earlier {
      margin-inline-start: var(--space-2);
      padding: 0.125rem 0;
      border: 0;
      background: none;
      color: var(--ink-faint);
      font-size: var(--text-xs);
      text-decoration: underline;
      text-underline-offset: 0.2em;
    }

    .within {
      margin-left: var(--space-4);
      border-left: 1px solid var(--line);
    }

    .nothing,
    .waiting {
      display: grid;
      justify-items: start;
      gap: var(--space-2);
      padding: var(--space-3);
      color: var(--ink-faint);
    }

    .waiting {
      justify-items: stretch;
    }
  `,
})
export class ActivityTab {
  private readonly document = inject(DOCUMENT);
  private readonly injector = inject(Injector);
  private readonly router = inject(Router);
  protected readonly feed = inject(ActivityFeed);
  protected readonly store = inject(RoomStore);

  readonly place = input.required<WorkPlace>();

  protected readonly kinds = ACTIVITY_KINDS;
  protected readonly labels = KINDS;
  private readonly opened = signal<ReadonlySet<string>>(new Set());
  private readonly kind = computed(() => this.place().kind);
  private readonly by = computed(() => this.place().by);
  private readonly at = computed(() => this.place().at);
  protected readonly isFiltered = computed(() => this.kind() !== null || this.by() !== null);
  protected readonly isByStranger = computed(() => {
    const by = this.by();
    return by !== null && !this.store.seatById().has(by);
  });
  protected readonly rows = computed(() => activityRows(this.feed.items()).reverse());
  private readonly linkedRow = computed(
    () => this.rows().find(({ event, earlier }) => [event, ...earlier].some(({ seq }) => seq === this.at())) ?? null,
  );

  constructor() {
    effect(() => {
      const filter = { kind: this.kind(), by: this.by() };
      const at = this.at();
      untracked(() => {
        // A link to something on the page moves there; only another one is read around.
        const isShown = this.feed.items().some(({ seq }) => seq === at);
        if (!isShown || !this.feed.shows(filter)) {
          this.feed.open(filter, at);
        }
      });
    });
    const linkedKey = computed(() => this.linkedRow()?.key ?? null);
    effect(() => {
      const at = this.at();
      const key = linkedKey();
      if (at !== null && key !== null) {
        untracked(() => this.showLinked(at, key));
      }
    });
  }

  protected isOpen(key: string): boolean {
    return this.opened().has(key);
  }

  protected toggle(key: string): void {
    this.opened.update(
      (opened) => new Set(opened.has(key) ? [...opened].filter((one) => one !== key) : [...opened, key]),
    );
  }

  protected problemOf(direction: 'older' | 'newer' | 'around'): string {
    const problem = this.feed.problem();
    return problem?.direction === direction ? problem.words : '';
  }

  protected show(filter: { readonly kind?: string; readonly by?: string }): void {
    const asked = Object.fromEntries(Object.entries(filter).map(([name, value]) => [name, value || null]));
    void this.router.navigate([], { queryParams: { ...asked, at: null }, queryParamsHandling: 'merge' });
  }

  private showLinked(at: number, key: string): void {
    const row = this.linkedRow();
    if (row && row.event.seq !== at && !this.isOpen(key)) {
      this.toggle(key);
    }
    afterNextRender(
      () => this.document.getElementById(`activity-${at}`)?.scrollIntoView({ block: 'center', behavior: 'instant' }),
      { injector: this.injector },
    );
  }
}
