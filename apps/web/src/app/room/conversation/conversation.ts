import {
  Component,
  DOCUMENT,
  DestroyRef,
  ElementRef,
  afterRenderEffect,
  computed,
  inject,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import { LucideArrowDown, LucideBot } from '@lucide/angular';
import { RouterLink } from '@angular/router';
import { toApiProblem } from '../../core/problem/api-problem';
import { Button } from '../../shared/button';
import { Skeleton } from '../../shared/skeleton';
import { StateMessage } from '../../shared/state/state-message';
import { RoomStore } from '../state/room-store';
import { DayLabel } from './day-label';
import { type Row, rowsOf } from './rows';
import { SpeechView } from './speech-view';
import { WorkLineView } from './work-line-view';

/** This near the end, the reader follows what comes. */
const NEAR_END = 48;
/** This near the beginning, more of the past is fetched. */
const NEAR_START = 400;

type Edge = 'top' | 'bottom';

/** What was said and done, oldest first. Follows the newest while the reader is there; holds still while they read elsewhere. */
@Component({
  selector: 'ct-conversation',
  imports: [Button, DayLabel, LucideArrowDown, LucideBot, RouterLink, Skeleton, SpeechView, StateMessage, WorkLineView],
  templateUrl: './conversation.html',
  styleUrl: './conversation.css',
})
export class Conversation {
  protected readonly store = inject(RoomStore);
  private readonly document = inject(DOCUMENT);
  private readonly scroller = viewChild.required<ElementRef<HTMLElement>>('scroller');
  private readonly content = viewChild.required<ElementRef<HTMLElement>>('content');

  /** What stays where it is on screen while rows come and go: an edge of the topmost row. */
  private anchor: { readonly key: string; readonly edge: Edge; readonly at: number } | null = null;

  protected readonly isFollowing = signal(true);
  protected readonly isReadingBack = signal(false);
  protected readonly backProblem = signal('');
  protected readonly rows = computed<Row[]>(() => {
    const seat = this.store.ownSeat();
    const reader = { type: 'human' as const, id: this.store.readerId(), name: seat?.name ?? 'You' };
    return rowsOf(this.store.entries(), this.store.pending(), reader);
  });
  protected readonly isQuiet = computed(() => this.rows().every(({ kind }) => kind !== 'speech'));
  protected readonly hasAgent = computed(() => this.store.seats().some(({ type }) => type === 'agent'));
  private readonly newestSeq = computed(() => this.store.entries().at(-1)?.seq ?? 0);
  /** Something came after what the reader has seen, though nobody spoke. */
  protected readonly hasNewWork = computed(() => this.newestSeq() > this.store.readUpTo());

  constructor() {
    afterRenderEffect(() => {
      this.rows();
      untracked(() => this.settle());
    });
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

  /** Shows the newest, as after the reader has said something. */
  toEnd(): void {
    this.isFollowing.set(true);
    this.settle();
  }

  protected scrolled(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller().nativeElement;
    this.isFollowing.set(scrollHeight - scrollTop - clientHeight < NEAR_END);
    this.rememberAnchor();
    this.markSeen();
    if (scrollTop < NEAR_START) {
      void this.readFurtherBack();
    }
  }

  /** The reader opens something in place: it grows downwards, also at the end. */
  protected holdStill(): void {
    this.rememberAnchor('top');
    this.isFollowing.set(false);
  }

  protected async readFurtherBack(): Promise<void> {
    if (this.isReadingBack() || this.store.hasAllEntries()) {
      return;
    }
    this.isReadingBack.set(true);
    this.backProblem.set('');
    try {
      await this.store.readFurtherBack();
    } catch (thrown) {
      this.backProblem.set(toApiProblem(thrown).detail);
    } finally {
      this.isReadingBack.set(false);
    }
  }

  /** Puts the view where it belongs after the rows have changed. */
  private settle(): void {
    const scroller = this.scroller().nativeElement;
    if (this.isFollowing()) {
      scroller.scrollTop = scroller.scrollHeight;
    } else if (this.anchor) {
      const row = this.rowElements().find(({ dataset }) => dataset['key'] === this.anchor?.key);
      if (row) {
        scroller.scrollTop += this.placeOf(row, this.anchor.edge) - this.anchor.at;
      }
    }
    this.rememberAnchor();
    this.markSeen();
    if (scroller.scrollTop < NEAR_START && !this.backProblem()) {
      void this.readFurtherBack();
    }
  }

  private markSeen(): void {
    if (this.isFollowing() && !this.document.hidden) {
      this.store.markRead();
    }
  }

  /** The lower edge by default: when older rows arrive, the topmost one may lose its author's name, and shrink. */
  private rememberAnchor(edge: Edge = 'bottom'): void {
    const row = this.rowElements().find((element) => this.placeOf(element, 'bottom') > 0);
    this.anchor = row ? { key: row.dataset['key'] ?? '', edge, at: this.placeOf(row, edge) } : null;
  }

  /** All but the labels of days, which move to the beginning of their day when more of it is read. */
  private rowElements(): HTMLElement[] {
    return [...this.content().nativeElement.querySelectorAll<HTMLElement>(':scope > [data-key]:not(ct-day-label)')];
  }

  private placeOf(row: HTMLElement, edge: Edge): number {
    return row.getBoundingClientRect()[edge] - this.scroller().nativeElement.getBoundingClientRect().top;
  }
}
