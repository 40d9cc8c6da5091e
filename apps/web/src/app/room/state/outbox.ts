import { DOCUMENT, Service, effect, inject, signal, untracked } from '@angular/core';
import type { Attachment, ChatMessage } from '@clawtank/contracts';
import { LiveSocket } from '../../core/connection/live-socket';
import { newCommandId } from '../../core/connection/new-command-id';
import type { Outgoing } from '../../core/outbox/outbox-storage';
import { type Pause, SendingQueue } from '../../core/outbox/sending-queue';

/** What the reader has said and the room's log does not show yet. */
export interface PendingMessage extends Outgoing {
  readonly roomId: string;
  readonly text: string;
  readonly visibility: ChatMessage['visibility'];
  readonly replyTo: string | null;
  readonly threadId: string | null;
  readonly attachments: readonly Attachment[];
}

/** What the reader says, and where. */
export interface Words {
  readonly text: string;
  readonly visibility: ChatMessage['visibility'];
  readonly replyTo?: string | null;
  readonly threadId?: string | null;
  readonly attachments?: readonly Attachment[];
}

/** Everything the reader has said that is still on its way, in whatever room. Each room's messages go one at a time. */
@Service()
export class Outbox {
  private readonly socket = inject(LiveSocket);
  private readonly former = inject(DOCUMENT).defaultView?.sessionStorage;
  private readonly queue = new SendingQueue<PendingMessage, { readonly seq: number }>({
    names: { database: 'clawtank', tabs: 'clawtank.outbox' },
    laneOf: ({ roomId }) => roomId,
    deliver: async (message) => ({ seq: (await this.socket.ask('chat_message', requestOf(message))).seq }),
    taken: (message, { seq }) => this.taken(message, seq),
  });
  /** What the server has and the logs that this tab shows do not show yet. */
  private readonly stored = signal<readonly PendingMessage[]>([]);
  /** Rooms that this tab shows, and how much of their logs it knows; they say themselves when to send. */
  private readonly shown = new Map<string, () => number>();

  constructor() {
    effect(() => {
      const readerId = this.queue.readerId();
      untracked(() => void this.takeUpFormer(readerId));
    });
    this.socket.whenConnected(() => void this.queue.sendAll((roomId) => this.shown.has(roomId)));
  }

  /** What waits in this room, oldest first. */
  pending(roomId: string): readonly PendingMessage[] {
    const readerId = this.queue.readerId();
    return [...this.stored(), ...this.queue.waiting()].filter(
      (message) => message.roomId === roomId && message.readerId === readerId,
    );
  }

  /** Set while the server asks for patience in this room. */
  pause(roomId: string): Pause | null {
    return this.queue.pause(roomId);
  }

  /** Leaves the room's messages to whoever shows it, until what it returns is called. `knownUpTo`: how much of the log is known. */
  open(roomId: string, knownUpTo: () => number): () => void {
    this.shown.set(roomId, knownUpTo);
    return () => void (this.shown.get(roomId) === knownUpTo && this.shown.delete(roomId));
  }

  /** Resolves once the message is kept on this device; it is on its way then. */
  add(roomId: string, { text, visibility, replyTo, threadId, attachments }: Words): Promise<void> {
    return this.queue.add({
      clientMessageId: newCommandId(),
      readerId: this.queue.readerId(),
      roomId,
      text,
      visibility,
      replyTo: replyTo ?? null,
      threadId: threadId ?? null,
      attachments: attachments ?? [],
      createdAt: new Date().toISOString(),
      refusal: null,
    });
  }

  /** Sends a refused message once more, after those that are waiting. */
  retry(clientMessageId: string): Promise<void> {
    return this.queue.retry(clientMessageId);
  }

  discard(clientMessageId: string): Promise<void> {
    return this.queue.discard(clientMessageId);
  }

  /** The room's log shows these now. */
  confirm(messages: readonly ChatMessage[]): void {
    const shown = new Set(messages.flatMap(({ clientMessageId }) => clientMessageId ?? []));
    const isShown = ({ clientMessageId }: PendingMessage) => shown.has(clientMessageId);
    this.stored.update((list) => (list.some(isShown) ? list.filter((one) => !isShown(one)) : list));
    const done = this.queue.waiting().filter(isShown);
    done.forEach(({ clientMessageId }) => void this.queue.discard(clientMessageId));
  }

  /** A fresh snapshot of this room holds, or is newer than, whatever the server had stored before. */
  forgetStored(roomId: string): void {
    this.stored.update((list) => list.filter((one) => one.roomId !== roomId));
  }

  /** Sends what waits in this room. Stops at an interruption; call again once the room is joined. */
  send(roomId: string): Promise<void> {
    return this.queue.send(roomId);
  }

  /** Shown until the room's log shows it, if anybody looks at the log. */
  private taken(message: PendingMessage, seq: number): void {
    if (seq > (this.shown.get(message.roomId)?.() ?? Infinity)) {
      this.stored.update((list) => [...list, message]);
    }
  }

  /** Before there was an outbox for all tabs, each kept its own. */
  private async takeUpFormer(readerId: string): Promise<void> {
    const prefix = `clawtank.outbox.${readerId}.`;
    const keys = Object.keys(this.former ?? {}).filter((key) => readerId !== '' && key.startsWith(prefix));
    for (const key of keys) {
      const kept = JSON.parse(this.former?.getItem(key) ?? '[]') as readonly Partial<PendingMessage>[];
      const blank = { readerId, roomId: key.slice(prefix.length), replyTo: null, threadId: null, attachments: [] };
      for (const message of kept) {
        await this.queue.add({ ...blank, ...message } as PendingMessage);
      }
      this.former?.removeItem(key);
    }
  }
}

const requestOf = ({ roomId, text, visibility, replyTo, threadId, attachments, clientMessageId }: PendingMessage) => ({
  roomId,
  message: text,
  visibility,
  clientMessageId,
  ...(replyTo && { replyTo }),
  ...(threadId && { threadId }),
  ...(attachments.length > 0 && { attachmentIds: attachments.map(({ id }) => id) }),
});
