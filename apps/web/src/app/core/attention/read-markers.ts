import { DOCUMENT, Service, inject } from '@angular/core';
import { LiveSocket } from '../connection/live-socket';
import { toApiProblem } from '../problem/api-problem';
import { whenReaderChanges } from '../session/when-reader-changes';
import { Badges } from './badges';

/** Reading is told at most this often: it goes on with every line that scrolls by. */
const TELL_AFTER = 500;

/** Tells the server, and through it the reader's other devices, how far they have read. What could not be told is told when there is a connection again. */
@Service()
export class ReadMarkers {
  private readonly socket = inject(LiveSocket);
  private readonly badges = inject(Badges);
  private readonly rooms = new Map<string, { roomId: string; seq: number }>();
  private readonly direct = new Map<string, { roomId: string; memberId: string; seq: number }>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.socket.whenConnected(() => this.tell());
    inject(DOCUMENT).addEventListener('visibilitychange', () => this.tell());
    whenReaderChanges(() => {
      this.rooms.clear();
      this.direct.clear();
    });
  }

  /** Everything in the room up to `seq` has been read. */
  room(roomId: string, seq: number): void {
    if (seq > (this.badges.of(roomId)?.lastReadSeq ?? 0) && seq > (this.rooms.get(roomId)?.seq ?? 0)) {
      this.rooms.set(roomId, { roomId, seq });
      this.tellSoon();
    }
    this.badges.readUpTo(roomId, seq);
  }

  /** Everything up to `seq` of what the reader and the member wrote to each other has been read. */
  conversation(roomId: string, memberId: string, seq: number): void {
    const key = `${roomId}/${memberId}`;
    if (seq > (this.direct.get(key)?.seq ?? 0)) {
      this.direct.set(key, { roomId, memberId, seq });
      this.tellSoon();
    }
    this.badges.directRead(roomId, memberId, seq);
  }

  private tellSoon(): void {
    this.timer ??= setTimeout(() => this.tell(), TELL_AFTER);
  }

  private tell(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    for (const [key, mark] of this.rooms) {
      void this.told(this.rooms, key, mark, this.socket.ask('mark_read', mark));
    }
    for (const [key, mark] of this.direct) {
      void this.told(this.direct, key, mark, this.socket.ask('mark_direct_read', mark));
    }
  }

  private async told<Mark>(marks: Map<string, Mark>, key: string, mark: Mark, answer: Promise<unknown>): Promise<void> {
    try {
      await answer;
    } catch (thrown) {
      if (toApiProblem(thrown).code === 'offline') {
        return; // told again with the next one, or on the next connection
      }
    }
    if (marks.get(key) === mark) {
      marks.delete(key);
    }
  }
}
