import {
  Component,
  DOCUMENT,
  DestroyRef,
  ElementRef,
  Injector,
  afterNextRender,
  afterRenderEffect,
  computed,
  effect,
  inject,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import { RouterLink } from '@angular/router';
import { LucideArrowDown, LucideArrowUp, LucideBot, LucideX } from '../../shared/icon/icons';
import { toApiProblem } from '../../core/problem/api-problem';
import { Button } from '../../shared/button';
import { Skeleton } from '../../shared/skeleton';
import { StateMessage } from '../../shared/state/state-message';
import { MessageKeys } from '../message/message-keys';
import { MessageView } from '../message/message-view';
import { History } from '../state/history';
import { Jump } from '../state/jump';
import { ReadMarker } from '../state/read-marker';
import { RoomStore } from '../state/room-store';
import { Talk } from '../talk/talk';
import { Announcements } from './announcements';
import { DayLabel } from './day-label';
import { GoneLine } from './gone-line';
import { NewLabel } from './new-label';
import { RepliesLine } from './replies-line';
import { type Row, keyAt, lastOwn, rowsOf } from './rows';
import { ScrollAnchor } from './scroll-anchor';
import { WorkLineView } from './work-line-view';

/** This near the end, the reader follows what comes. */
const NEAR_END = 48;
/** This near the beginning or the end of what was read, more of it is fetched. */
const NEAR_EDGE = 400;
/** A message that was jumped to stands out for so long. */
const LIT_FOR = 2_500;

type Direction = 'back' | 'on';

/** What was said and done, oldest first. Follows the newest while the reader is there; holds still while they read elsewhere. */
@Component({
  selector: 'ct-conversation',
  imports: [
    Announcements,
    Button,
    DayLabel,
    GoneLine,
    LucideArrowDown,
    LucideArrowUp,
    LucideBot,
    LucideX,
    MessageKeys,
    MessageView,
    NewLabel,
    RepliesLine,
    RouterLink,
    Skeleton,
    StateMessage,
    WorkLineView,
  ],
  templateUrl: './conversation.html',
  styleUrl: './conversation.css',
})
export class Conversation {
  private readonly document = inject(DOCUMENT);
  private readonly injector = inject(Injector);
  private readonly history = inject(History);
  private readonly jump = inject(Jump);
  protected readonly marker = inject(ReadMarker);
  protected readonly store = inject(RoomStore);
  protected readonly talk = inject(Talk);
  private readonly scroller = viewChild.required<ElementRef<HTMLElement>>('scroller');
  private readonly content = viewChild.required<ElementRef<HTMLElement>>('content');
  private readonly keys = viewChild.required(MessageKeys);
  private readonly anchor = computed(
    () => new ScrollAnchor(this.scroller().nativeElement, this.content().nativeElement),
  );
  /** Where a jump leads, until it is on screen. */
  private revealing: string | null = null;
  private dimming: ReturnType<typeof setTimeout> | undefined;

  protected readonly isFollowing = signal(true);
  protected readonly reading = signal<Direction | null>(null);
  protected readonly problem = signal<{ readonly direction: Direction; readonly detail: string } | null>(null);
  protected readonly lit = signal<string | null>(null);
  protected readonly rows = computed<Row[]>(() =>
    rowsOf(this.store.entries(), this.history.isAtNewest() ? this.store.pending() : [], {
      actor: { type: 'human', id: this.store.readerId(), name: this.store.ownSeat()?.name ?? 'You' },
      newFrom: this.marker.newFrom(),
      names: this.store.seats().map(({ name }) => name),
    }),
  );
  protected readonly isQuiet = computed(() => this.rows().every(({ kind }) => kind === 'day' || kind === 'work'));
  protected readonly hasAgent = computed(() => this.store.seats().some(({ type }) => type === 'agent'));
  protected readonly isAtNewest = this.history.isAtNewest;
  /** Something came after what the reader has seen, though nobody spoke. */
  protected readonly hasNewWork = computed(() => (this.store.state()?.seq ?? 0) > this.store.readUpTo());
  /** The message that the Tab key reaches: the one that had the focus last, or the newest. */
  protected readonly currentKey = computed(() => {
    const speech = this.rows().filter(({ kind }) => kind === 'speech');
    const chosen = this.keys().current();
    return (speech.find(({ key }) => key === chosen) ?? speech.at(-1))?.key ?? null;
  });

  constructor() {
    afterRenderEffect(() => {
      this.rows();
      untracked(() => this.settle());
    });
    effect(() => {
      const target = this.jump.target();
      untracked(() => target && void this.goTo(target.seq));
    });
    this.talk.lastOwnIs(() => lastOwn(this.rows(), this.store.readerId()));
    this.followSize();
    this.followEvents();
    inject(DestroyRef).onDestroy(() => clearTimeout(this.dimming));
  }

  /** Shows the newest, as after the reader has said something. */
  toEnd(): void {
    this.history.toNewest();
    this.isFollowing.set(true);
    this.settle();
  }

  protected scrolled(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller().nativeElement;
    const toEnd = scrollHeight - scrollTop - clientHeight;
    this.isFollowing.set(toEnd < NEAR_END && this.history.isAtNewest());
    this.anchor().remember();
    this.markSeen();
    if (scrollTop < NEAR_EDGE) {
      void this.readFurther('back');
    }
    if (toEnd < NEAR_EDGE && !this.history.isAtNewest()) {
      void this.readFurther('on');
    }
  }

  /** The reader opens something in place: it grows downwards, also at the end. */
  protected holdStill(): void {
    this.anchor().remember('top');
    this.isFollowing.set(false);
  }

  protected toFirstUnread(seq: number): void {
    this.marker.dismissUnread();
    void this.goTo(seq);
  }

  protected async readFurther(direction: Direction): Promise<void> {
    const isDone = direction === 'back' ? this.history.hasAllEntries() : this.history.isAtNewest();
    if (this.reading() !== null || isDone) {
      return;
    }
    this.reading.set(direction);
    this.problem.set(null);
    try {
      await (direction === 'back' ? this.history.readOlder() : this.history.readNewer());
    } catch (thrown) {
      this.problem.set({ direction, detail: toApiProblem(thrown).detail });
    } finally {
      this.reading.set(null);
    }
  }

  /** Shows the place in the middle, points it out, and takes the keyboard there. */
  private async goTo(seq: number): Promise<void> {
    try {
      await this.history.goTo(seq);
    } catch (thrown) {
      this.problem.set({ direction: 'back', detail: toApiProblem(thrown).detail });
      return;
    }
    this.isFollowing.set(false);
    const key = keyAt(this.rows(), seq);
    this.lit.set(key);
    clearTimeout(this.dimming);
    this.dimming = setTimeout(() => this.lit.set(null), LIT_FOR);
    this.revealing = key;
    afterNextRender(() => key !== null && this.reveal(key), { injector: this.injector });
  }

  private reveal(key: string): void {
    const row = this.anchor().row(key);
    row?.scrollIntoView({ block: 'center' });
    row?.querySelector<HTMLElement>(':scope > article')?.focus({ preventScroll: true });
    this.revealing = null;
    this.anchor().remember();
    this.followAtEnd();
  }

  /** Puts the view where it belongs after the rows have changed. */
  private settle(): void {
    const scroller = this.scroller().nativeElement;
    if (this.isFollowing()) {
      scroller.scrollTop = scroller.scrollHeight;
    } else {
      this.anchor().restore();
      this.followAtEnd();
    }
    this.anchor().remember();
    this.markSeen();
    if (scroller.scrollTop < NEAR_EDGE && !this.problem()) {
      void this.readFurther('back');
    }
  }

  /** A reader who is at the very end follows, however they came there. */
  private followAtEnd(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller().nativeElement;
    if (this.revealing === null && this.history.isAtNewest() && scrollHeight - scrollTop - clientHeight < 1) {
      this.isFollowing.set(true);
    }
  }

  private markSeen(): void {
    if (this.isWatching()) {
      this.store.markRead();
    }
    const label = this.content().nativeElement.querySelector('ct-new-label');
    if (label && this.marker.unread() && this.anchor().isSeen(label)) {
      this.marker.dismissUnread();
    }
  }

  private readonly isWatching = (): boolean => this.isFollowing() && !this.document.hidden;

  private followSize(): void {
    const observer = typeof ResizeObserver === 'undefined' ? null : new ResizeObserver(() => this.settle());
    afterRenderEffect(() => {
      observer?.observe(this.content().nativeElement);
      observer?.observe(this.scroller().nativeElement);
    });
    const look = () => this.markSeen();
    this.document.addEventListener('visibilitychange', look);
    inject(DestroyRef).onDestroy(() => {
      observer?.disconnect();
      this.document.removeEventListener('visibilitychange', look);
    });
  }

  /** The first message that comes while nobody looks is where the new ones begin. */
  private followEvents(): void {
    const stop = this.store.follow(({ type, seq, actor }) => {
      const isNew = type === 'chat.message' && actor.id !== this.store.readerId();
      if (isNew && !this.isWatching() && this.store.unread() === 1) {
        this.marker.startNew(seq);
      }
    });
    inject(DestroyRef).onDestroy(stop);
  }
}
