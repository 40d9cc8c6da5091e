import { Service, computed, effect, inject, signal, untracked } from '@angular/core';
import { Badges } from '../../core/attention/badges';
import { ReadMarkers } from '../../core/attention/read-markers';

/** What the reader had not read when they came. */
export interface Unread {
  readonly seq: number;
  readonly count: number;
}

/** How far the reader has read in one room: on this page at once, on all their devices a moment later. */
@Service({ autoProvided: false })
export class ReadMarker {
  private readonly badges = inject(Badges);
  private readonly markers = inject(ReadMarkers);
  private readonly roomId = signal<string | null>(null);
  private readonly read = signal(0);
  private readonly dividing = signal<number | null>(null);
  private readonly waiting = signal<Unread | null>(null);
  private readonly badge = computed(() => {
    const roomId = this.roomId();
    return roomId === null ? null : this.badges.of(roomId);
  });
  /** Until it is known what was unread when the reader came, nothing is told. */
  private isKnown = false;

  readonly upTo = this.read.asReadonly();
  /** The first message that is new to the reader: what they had not read when they came, or looked away. */
  readonly newFrom = this.dividing.asReadonly();
  /** What waits further up; null once the reader has been there, or does not want to go. */
  readonly unread = this.waiting.asReadonly();

  constructor() {
    effect(() => {
      const badge = this.badge();
      untracked(() => badge && this.learn(badge));
    });
  }

  open(roomId: string, head: number): void {
    this.read.set(head);
    this.roomId.set(roomId);
  }

  /** The reader has seen everything up to here. */
  seen(seq: number): void {
    this.read.update((read) => Math.max(read, seq));
    const roomId = this.roomId();
    if (this.isKnown && roomId !== null) {
      this.markers.room(roomId, this.read());
    }
  }

  /** A message came that the reader does not see at once. */
  startNew(seq: number): void {
    this.dividing.set(seq);
  }

  /** The reader takes part: nothing is new any more. */
  caughtUp(): void {
    this.dividing.set(null);
    this.waiting.set(null);
  }

  /** The reader has been where the unread begins, or has waved it away. */
  dismissUnread(): void {
    this.waiting.set(null);
  }

  private learn({ firstUnreadSeq, unread, lastReadSeq }: NonNullable<ReturnType<Badges['of']>>): void {
    if (this.isKnown) {
      this.read.update((read) => Math.max(read, lastReadSeq));
      return;
    }
    this.isKnown = true;
    if (firstUnreadSeq !== null && this.dividing() === null) {
      this.dividing.set(firstUnreadSeq);
      this.waiting.set({ seq: firstUnreadSeq, count: unread });
    }
  }
}
