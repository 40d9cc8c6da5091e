import type { UnplacedMessage } from './domain/plain-message.js';

/** More would hold rooms for longer than others should wait: half a thousand take PostgreSQL some 30 ms. */
const MAX_BATCH = 500;

/**
 * Messages that are stored in turn, many at a time. There is no timer: idle means at once; while a flush is under way others queue
 * up, and the next flush takes them all.
 */
export class MessageFlow<Waiting extends { readonly message: UnplacedMessage }, Stored> {
  private waiting: Waiting[] = [];
  private isFlushing = false;

  constructor(
    private readonly store: (batch: readonly Waiting[]) => Promise<Stored>,
    private readonly tell: (batch: readonly Waiting[], stored: Stored) => void,
    private readonly giveUp: (batch: readonly Waiting[], error: unknown) => void,
  ) {}

  add(waiting: Waiting): void {
    this.waiting.push(waiting);
    if (!this.isFlushing) {
      this.flush();
    }
  }

  private flush(): void {
    const batch = this.take();
    this.isFlushing = batch.length > 0;
    if (!this.isFlushing) {
      return;
    }
    // The database works on the next flush while this process tells of the last.
    this.store(batch).then(
      (stored) => {
        this.flush();
        this.tell(batch, stored);
      },
      (error: unknown) => {
        this.flush();
        this.giveUp(batch, error);
      },
    );
  }

  /** Takes what waits, oldest first. A repeat comes after the flush of what it repeats, which finds it. */
  private take(): Waiting[] {
    const batch: Waiting[] = [];
    const left: Waiting[] = [];
    const keys = new Set<string>();
    for (const place of this.waiting) {
      const { id, userId, clientMessageId } = place.message;
      const key = clientMessageId === null ? id : `${userId} ${clientMessageId}`;
      if (batch.length < MAX_BATCH && !keys.has(key)) {
        keys.add(key);
        batch.push(place);
      } else {
        left.push(place);
      }
    }
    this.waiting = left;
    return batch;
  }
}
