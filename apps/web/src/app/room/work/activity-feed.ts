import { Service, computed, effect, inject, signal, untracked } from '@angular/core';
import { type ActivityItem, type ActivityKind, SNAPSHOT_LIMITS, activityKindOf } from '@clawtank/contracts';
import { toApiProblem } from '../../core/problem/api-problem';
import { type ActivityQuery, RoomApi } from '../state/room-api';
import { RoomStore } from '../state/room-store';

/** What part of the activity is looked at. */
export interface ActivityFilter {
  readonly kind: ActivityKind | null;
  readonly by: string | null;
}

/** A stretch of what matches the filter, without a hole, oldest first. */
interface Stretch {
  readonly items: readonly ActivityItem[];
  /** Everything from here on was looked through, whether or not it matched. */
  readonly from: number;
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
}

const NOTHING: Stretch = { items: [], from: 0, hasOlder: false, hasNewer: false };
type Direction = 'older' | 'newer';

/**
 * The activity of a room through a filter: begins at the newest, which the room's state holds, or around the entry that a
 * link leads to; goes on in both directions page by page, and with whatever happens.
 */
@Service({ autoProvided: false })
export class ActivityFeed {
  private readonly api = inject(RoomApi);
  private readonly store = inject(RoomStore);
  private readonly stretch = signal<Stretch>(NOTHING);
  private readonly reading = signal<Direction | 'around' | null>(null);
  private readonly trouble = signal<{ readonly direction: Direction | 'around'; readonly words: string } | null>(null);
  private filter: ActivityFilter = { kind: null, by: null };
  private seen = 0;
  private turn = 0;

  readonly items = computed(() => this.stretch().items);
  readonly hasOlder = computed(() => this.stretch().hasOlder);
  readonly hasNewer = computed(() => this.stretch().hasNewer);
  /** Differs after each page. */
  readonly page = computed(() => `${this.stretch().from}-${this.items().at(-1)?.seq ?? 0}`);
  readonly isReading = this.reading.asReadonly();
  readonly problem = this.trouble.asReadonly();

  constructor() {
    effect(() => {
      const state = this.store.state();
      if (state) {
        untracked(() => this.goOn(state.activity, state.seq));
      }
    });
  }

  /** Shows what matches the filter, from the newest, or around a place in the log. */
  open(filter: ActivityFilter, at: number | null): void {
    this.turn++;
    this.filter = filter;
    this.reading.set(null);
    this.trouble.set(null);
    const state = this.store.state();
    const newest = state?.activity ?? [];
    this.seen = state?.seq ?? 0;
    const from = newest[0]?.seq ?? 0;
    if (at === null || at >= from) {
      const hasOlder = newest.length >= SNAPSHOT_LIMITS.activity;
      this.stretch.set({ items: newest.filter((event) => this.matches(event)), from, hasOlder, hasNewer: false });
    } else {
      this.stretch.set(NOTHING);
      void this.readAround(at);
    }
  }

  /** Whether it is this filter through which the activity is seen. */
  shows({ kind, by }: ActivityFilter): boolean {
    return this.seen > 0 && kind === this.filter.kind && by === this.filter.by;
  }

  readOlder(): Promise<void> {
    return this.read('older', { before: this.stretch().from }, (page, stretch) => ({
      ...stretch,
      items: [...page.activity, ...stretch.items],
      from: page.activity[0]?.seq ?? 0,
      hasOlder: page.hasMore,
    }));
  }

  readNewer(): Promise<void> {
    return this.read('newer', { after: this.items().at(-1)?.seq ?? 0 }, (page, stretch) => ({
      ...stretch,
      items: [...stretch.items, ...page.activity],
      hasNewer: page.hasNewer,
    }));
  }

  private readAround(at: number): Promise<void> {
    return this.read('around', { around: at }, ({ activity, hasMore, hasNewer }) => ({
      items: activity,
      from: activity[0]?.seq ?? 0,
      hasOlder: hasMore,
      hasNewer,
    }));
  }

  private async read(
    direction: Direction | 'around',
    place: ActivityQuery,
    merge: (page: Awaited<ReturnType<RoomApi['activity']>>, stretch: Stretch) => Stretch,
  ): Promise<void> {
    if (this.reading() !== null) {
      return;
    }
    const turn = this.turn;
    const { kind, by } = this.filter;
    this.reading.set(direction);
    this.trouble.set(null);
    try {
      const page = await this.api.activity(this.store.roomId(), {
        ...place,
        ...(kind && { kind }),
        ...(by && { actorId: by }),
      });
      if (turn === this.turn) {
        this.stretch.update((stretch) => merge(page, stretch));
      }
    } catch (thrown) {
      if (turn === this.turn) {
        this.trouble.set({ direction, words: toApiProblem(thrown).detail });
      }
    } finally {
      if (turn === this.turn) {
        this.reading.set(null);
      }
    }
  }

  /** What happened since. After a long absence there may be a hole, and words that were taken back are in old entries too: begin anew. */
  private goOn(newest: readonly ActivityItem[], seq: number): void {
    const news = newest.filter((event) => event.seq > this.seen);
    const mayMiss = news.length >= SNAPSHOT_LIMITS.activity || seq < this.seen;
    this.seen = seq;
    if (mayMiss || news.some(({ type }) => type === 'task.redacted')) {
      this.open(this.filter, null);
    } else if (!this.stretch().hasNewer) {
      const matching = news.filter((event) => this.matches(event));
      if (matching.length > 0) {
        this.stretch.update((stretch) => ({ ...stretch, items: [...stretch.items, ...matching] }));
      }
    }
  }

  private matches({ type, actor }: ActivityItem): boolean {
    const { kind, by } = this.filter;
    return (kind === null || activityKindOf(type) === kind) && (by === null || actor.id === by);
  }
}
