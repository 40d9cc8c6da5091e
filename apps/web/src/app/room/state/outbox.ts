import { DOCUMENT, Service, inject, signal } from '@angular/core';
import type { ChatMessage } from '@clawtank/contracts';
import { toApiProblem } from '../../core/problem/api-problem';
import { newCommandId } from '../connection/new-command-id';
import { RoomSocket } from '../connection/room-socket';

/** What the reader has said and the room's log does not show yet. */
export interface PendingMessage {
  readonly clientMessageId: string;
  readonly text: string;
  readonly visibility: ChatMessage['visibility'];
  readonly createdAt: string;
  /** Why the server did not take it; null while it is on its way. */
  readonly refusal: string | null;
  /** Stored by the server; only the broadcast is missing. */
  readonly isStored: boolean;
}

/** Refusals that pass by themselves. */
const TEMPORARY = ['rate_limited', 'unavailable'];
const TEMPORARY_WAIT = 2_000;

/**
 * Messages on their way, one at a time, so that they arrive in the order in which they were written. Each keeps its id
 * through repeats, interruptions and reloads of the page, so the room gets it exactly once.
 */
@Service({ autoProvided: false })
export class Outbox {
  private readonly socket = inject(RoomSocket);
  private readonly storage = inject(DOCUMENT).defaultView?.sessionStorage;
  private readonly list = signal<readonly PendingMessage[]>([]);
  private roomId = '';
  private key = '';
  private isSending = false;
  private knownUpTo: () => number = () => 0;

  readonly pending = this.list.asReadonly();

  /** Takes up what was left for this room and this person when the page was reloaded. `knownUpTo`: how much of the log is known. */
  open(roomId: string, readerId: string, knownUpTo: () => number): void {
    this.roomId = roomId;
    this.knownUpTo = knownUpTo;
    this.key = `clawtank.outbox.${readerId}.${roomId}`;
    this.list.set(this.stored());
  }

  add(text: string, visibility: ChatMessage['visibility']): void {
    const createdAt = new Date().toISOString();
    const message = { clientMessageId: newCommandId(), text, visibility, createdAt, refusal: null, isStored: false };
    this.change((pending) => [...pending, message]);
    void this.send();
  }

  /** Sends a refused message once more, after those that are waiting. */
  retry(clientMessageId: string): void {
    this.change((pending) => {
      const message = pending.find((one) => one.clientMessageId === clientMessageId);
      return message ? [...pending.filter((one) => one !== message), { ...message, refusal: null }] : pending;
    });
    void this.send();
  }

  discard(clientMessageId: string): void {
    this.change((pending) => pending.filter((one) => one.clientMessageId !== clientMessageId));
  }

  /** The room's log shows these now. */
  confirm(messages: readonly ChatMessage[]): void {
    const shown = new Set(messages.map(({ clientMessageId }) => clientMessageId));
    if (this.list().some(({ clientMessageId }) => shown.has(clientMessageId))) {
      this.change((pending) => pending.filter(({ clientMessageId }) => !shown.has(clientMessageId)));
    }
  }

  /** A fresh snapshot holds, or is newer than, whatever the server had stored before. */
  forgetStored(): void {
    this.change((pending) => pending.filter(({ isStored }) => !isStored));
  }

  /** Sends what is waiting. Stops at an interruption; call again once the room is joined. */
  async send(): Promise<void> {
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

  private next(): PendingMessage | undefined {
    return this.list().find(({ refusal, isStored }) => refusal === null && !isStored);
  }

  /** False if nothing can be delivered now. */
  private async deliver({ clientMessageId, text, visibility }: PendingMessage): Promise<boolean> {
    try {
      const request = { roomId: this.roomId, message: text, visibility, clientMessageId };
      const { seq } = await this.socket.ask('chat_message', request);
      if (seq <= this.knownUpTo()) {
        this.discard(clientMessageId);
      } else {
        this.update(clientMessageId, { isStored: true });
      }
      return true;
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
      return true;
    }
  }

  private update(clientMessageId: string, change: Partial<PendingMessage>): void {
    this.change((pending) =>
      pending.map((one) => (one.clientMessageId === clientMessageId ? { ...one, ...change } : one)),
    );
  }

  private change(change: (pending: readonly PendingMessage[]) => readonly PendingMessage[]): void {
    this.list.update(change);
    const unsent = this.list().filter(({ isStored }) => !isStored);
    try {
      if (unsent.length > 0) {
        this.storage?.setItem(this.key, JSON.stringify(unsent));
      } else {
        this.storage?.removeItem(this.key);
      }
    } catch {
      // Storage is full or blocked: the messages wait in memory.
    }
  }

  private stored(): readonly PendingMessage[] {
    try {
      const kept: unknown = JSON.parse(this.storage?.getItem(this.key) ?? '[]');
      return Array.isArray(kept) ? (kept as PendingMessage[]) : [];
    } catch {
      return [];
    }
  }
}
