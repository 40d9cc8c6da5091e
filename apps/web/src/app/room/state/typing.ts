import { DestroyRef, Service, inject, signal } from '@angular/core';
import type { RoomEvent } from '@clawtank/contracts';
import { LiveSocket } from '../../core/connection/live-socket';
import { Session } from '../../core/session/session';

/** Others are told at most this often that the reader writes. */
const TELL_EVERY = 3_000;
/** Who was not heard of for this long has stopped. */
const FORGET_AFTER = 5_000;

export interface Writer {
  readonly memberId: string;
  readonly name: string;
  readonly threadId: string | null;
}

/** Who is writing in one room. Lossy: it comes and goes by itself. */
@Service({ autoProvided: false })
export class Typing {
  private readonly socket = inject(LiveSocket);
  private readonly session = inject(Session);
  private readonly list = signal<readonly Writer[]>([]);
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
  private roomId = '';
  private toldAt = -Infinity;
  private later: ReturnType<typeof setTimeout> | undefined;

  readonly writers = this.list.asReadonly();

  constructor() {
    const stop = this.socket.on('typing', ({ roomId, memberId, name, threadId, direct }) => {
      if (roomId === this.roomId && !direct && memberId !== this.session.account()?.id) {
        this.writes({ memberId, name, threadId });
      }
    });
    inject(DestroyRef).onDestroy(() => {
      stop();
      clearTimeout(this.later);
      this.timers.forEach((timer) => clearTimeout(timer));
    });
  }

  open(roomId: string): void {
    this.roomId = roomId;
  }

  /** What was being written is there. */
  apply(event: RoomEvent): void {
    if (event.type === 'chat.message' && event.actor.id) {
      this.forget(event.actor.id);
    }
  }

  /** The reader writes. Within the pause after the last word of it, the next one goes out at the pause's end. */
  tell(threadId: string | null): void {
    clearTimeout(this.later);
    const wait = this.toldAt + TELL_EVERY - performance.now();
    if (wait > 0) {
      this.later = setTimeout(() => this.tell(threadId), wait);
      return;
    }
    this.toldAt = performance.now();
    this.socket.ask('typing', { roomId: this.roomId, ...(threadId && { threadId }) }).catch(() => undefined); // the next key says it again
  }

  /** The reader has sent it. */
  sent(): void {
    clearTimeout(this.later);
  }

  private writes(writer: Writer): void {
    const { memberId } = writer;
    clearTimeout(this.timers.get(memberId));
    this.timers.set(
      memberId,
      setTimeout(() => this.forget(memberId), FORGET_AFTER),
    );
    this.list.update((list) => [...list.filter((one) => one.memberId !== memberId), writer]);
  }

  private forget(memberId: string): void {
    clearTimeout(this.timers.get(memberId));
    this.timers.delete(memberId);
    if (this.list().some((one) => one.memberId === memberId)) {
      this.list.update((list) => list.filter((one) => one.memberId !== memberId));
    }
  }
}
