import { Service, inject, signal } from '@angular/core';
import type { DirectMessage } from '@clawtank/contracts';
import { LiveSocket } from '../core/connection/live-socket';
import { newCommandId } from '../core/connection/new-command-id';
import { toApiProblem } from '../core/problem/api-problem';
import { whenReaderChanges } from '../core/session/when-reader-changes';

/** What the reader has written to somebody and the server has not taken yet. */
export interface PendingDirect {
  readonly clientMessageId: string;
  readonly roomId: string;
  readonly memberId: string;
  readonly text: string;
  readonly createdAt: string;
  /** Why the server did not take it; null while it is on its way. */
  readonly refusal: string | null;
}

const TEMPORARY = ['rate_limited', 'unavailable'];
const TEMPORARY_WAIT = 2_000;

/**
 * Direct messages on their way, one at a time, so that they arrive in the order in which they were written; each keeps its id
 * through repeats, so that it arrives once. They wait while the reader looks at other pages and while there is no connection.
 */
@Service()
export class DirectOutbox {
  private readonly socket = inject(LiveSocket);
  private readonly list = signal<readonly PendingDirect[]>([]);
  private isSending = false;
  private delivered: (message: DirectMessage) => void = () => undefined;

  readonly pending = this.list.asReadonly();

  constructor() {
    this.socket.whenConnected(() => void this.send());
    whenReaderChanges(() => this.list.set([]));
  }

  /** Calls `listener` with what the server made of each message, until what it returns is called. */
  whenDelivered(listener: (message: DirectMessage) => void): () => void {
    this.delivered = listener;
    return () => (this.delivered = () => undefined);
  }

  add(roomId: string, memberId: string, text: string): void {
    const createdAt = new Date().toISOString();
    const message = { clientMessageId: newCommandId(), roomId, memberId, text, createdAt, refusal: null };
    this.list.update((list) => [...list, message]);
    void this.send();
  }

  retry(clientMessageId: string): void {
    this.update(clientMessageId, { refusal: null });
    void this.send();
  }

  discard(clientMessageId: string): void {
    this.list.update((list) => list.filter((one) => one.clientMessageId !== clientMessageId));
  }

  private async send(): Promise<void> {
    if (this.isSending) {
      return;
    }
    this.isSending = true;
    try {
      for (let next = this.next(); next && (await this.deliver(next)); next = this.next());
    } finally {
      this.isSending = false;
    }
  }

  private next(): PendingDirect | undefined {
    return this.list().find(({ refusal }) => refusal === null);
  }

  /** False if nothing can be delivered now. */
  private async deliver({ clientMessageId, roomId, memberId, text }: PendingDirect): Promise<boolean> {
    try {
      const request = { roomId, toMemberId: memberId, message: text, clientMessageId };
      this.delivered(await this.socket.ask('direct_message', request));
      this.discard(clientMessageId);
    } catch (thrown) {
      const { code, detail, retryAfter } = toApiProblem(thrown);
      if (code === 'offline') {
        return false;
      }
      if (TEMPORARY.includes(code)) {
        await new Promise((resolve) => setTimeout(resolve, retryAfter ?? TEMPORARY_WAIT));
      } else {
        this.update(clientMessageId, { refusal: detail });
      }
    }
    return true;
  }

  private update(clientMessageId: string, change: Partial<PendingDirect>): void {
    this.list.update((list) =>
      list.map((one) => (one.clientMessageId === clientMessageId ? { ...one, ...change } : one)),
    );
  }
}
