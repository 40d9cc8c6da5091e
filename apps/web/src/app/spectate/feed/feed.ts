import {
  Component,
  DestroyRef,
  ElementRef,
  Injector,
  afterNextRender,
  computed,
  inject,
  input,
  linkedSignal,
  signal,
  viewChild,
} from '@angular/core';
import { LucideArrowDown } from '../../shared/icon/icons';
import { Button } from '../../shared/button';
import { RelativeTime } from '../../shared/relative-time';
import type { StandingEvent } from '../stream/standing-events';
import { feedEntries } from './feed-entries';
import { FeedEvent } from './feed-event';
import { PauseLine } from './pause-line';
import { Speech } from './speech';

/** So near to the end, the reader is following; pixels. */
const NEAR = 64;
const POINTED_OUT_FOR = 2_000;

/** The stream of public events. Follows what is new until the reader scrolls up; then it waits to be called back. */
@Component({
  selector: 'ct-feed',
  imports: [Button, FeedEvent, LucideArrowDown, PauseLine, RelativeTime, Speech],
  templateUrl: './feed.html',
  styleUrl: './feed.css',
})
export class Feed {
  private readonly injector = inject(Injector);
  private readonly scroller = viewChild.required<ElementRef<HTMLElement>>('scroller');
  private readonly list = viewChild.required<ElementRef<HTMLElement>>('list');
  private pointing: ReturnType<typeof setTimeout> | undefined;

  /** Oldest first. */
  readonly events = input.required<readonly StandingEvent[]>();

  protected readonly entries = computed(() => feedEntries(this.events()));
  protected readonly isFollowing = signal(true);
  protected readonly pointedOut = signal<string | null>(null);
  private readonly lastSeq = computed(() => this.events().at(-1)?.public_seq ?? 0);
  /** The last event the reader can have seen. */
  private readonly seenSeq = linkedSignal<{ last: number; isFollowing: boolean }, number>({
    source: () => ({ last: this.lastSeq(), isFollowing: this.isFollowing() }),
    computation: ({ last, isFollowing }, before) => (isFollowing || !before ? last : before.value),
  });
  protected readonly unseen = computed(
    () => feedEntries(this.events().filter(({ public_seq }) => public_seq > this.seenSeq())).length,
  );

  constructor() {
    const destroyed = inject(DestroyRef);
    afterNextRender(() => {
      // Grows with every event and with every late font or wrapped line: whoever follows stays at the end.
      const observer = new ResizeObserver(() => this.keepUp());
      observer.observe(this.list().nativeElement);
      observer.observe(this.scroller().nativeElement);
      destroyed.onDestroy(() => observer.disconnect());
    });
    destroyed.onDestroy(() => clearTimeout(this.pointing));
  }

  /** Brings an event into view and points it out. */
  show(eventId: string): void {
    this.isFollowing.set(false);
    this.pointedOut.set(eventId);
    clearTimeout(this.pointing);
    this.pointing = setTimeout(() => this.pointedOut.set(null), POINTED_OUT_FOR);
    afterNextRender(
      () => {
        const entry = this.list().nativeElement.querySelector<HTMLElement>(`[data-event="${CSS.escape(eventId)}"]`);
        entry?.scrollIntoView({ block: 'center' });
        entry?.focus({ preventScroll: true });
      },
      { injector: this.injector },
    );
  }

  protected jumpToLive(): void {
    this.isFollowing.set(true);
    this.keepUp();
    this.scroller().nativeElement.focus({ preventScroll: true });
  }

  protected noticeScroll(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller().nativeElement;
    this.isFollowing.set(scrollHeight - scrollTop - clientHeight < NEAR);
  }

  private keepUp(): void {
    if (this.isFollowing()) {
      const scroller = this.scroller().nativeElement;
      scroller.scrollTop = scroller.scrollHeight;
    }
  }
}
