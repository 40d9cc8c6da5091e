import { DOCUMENT, Service, computed, effect, inject, signal, untracked } from '@angular/core';
import type { Attachment, ChatMessage } from '@clawtank/contracts';
import { LiveSocket } from '../../core/connection/live-socket';
import { newCommandId } from '../../core/connection/new-command-id';
import { type ApiProblem, toApiProblem } from '../../core/problem/api-problem';
import { Session } from '../../core/session/session';
import { type OutgoingMessage, OutboxStorage } from './outbox-storage';
import { type OutboxNews, OutboxTabs } from './outbox-tabs';

/** What the reader has said and the room's log does not show yet. */
export interface PendingMessage extends OutgoingMessage {
  /** Stored by the server; only the broadcast is missing. */
  readonly isStored: boolean;
}

/** What the reader says, and where. */
export interface Words {
  readonly text: string;
  readonly visibility: ChatMessage['visibility'];
  readonly replyTo?: string | null;
  readonly threadId?: string | null;
  readonly attachments?: readonly Attachment[];
}

/** The server asks for patience: until when, and why. */
export interface Pause {
  readonly until: number;
  readonly code: ApiProblem['code'];
}

/** Refusals that pass by themselves. */
const TEMPORARY: readonly ApiProblem['code'][] = ['rate_limited', 'slow_mode', 'unavailable'];
const TEMPORARY_WAIT = 2_000;

/**
 * Everything the reader has said that is still on its way, in whatever room. Each room's messages go one at a time, so that
 * they arrive in the order in which they were written; each keeps its id through repeats, interruptions, reloads and changes
 * of tab, so that the room gets it exactly once.
 */
@Service()
export class Outbox {
  private readonly socket = inject(LiveSocket);
  private readonly storage = inject(OutboxStorage);
  private readonly tabs = inject(OutboxTabs);
  private readonly session = inject(Session);
  private readonly former = inject(DOCUMENT).defaultView?.sessionStorage;
  private readonly list = signal<readonly PendingMessage[]>([]);
  private readonly pauses = signal<ReadonlyMap<string, Pause>>(new Map());
  private readonly sending = new Map<string, Promise<void>>();
  /** Rooms that this tab shows, and how much of their logs it knows; they say themselves when to send. */
  private readonly shown = new Map<string, () => number>();
  private readonly readerId = computed(() => this.session.account()?.id ?? '');
  /** Being written down at this moment. */
  private readonly writing = new Set<string>();
  private loaded: Promise<void> = Promise.resolve();

  constructor() {
    effect(() => {
      const readerId = this.readerId();
      untracked(() => {
        this.loaded = this.load(readerId);
      });
    });
    this.tabs.listen(({ stored }) => {
      if (stored) {
        this.markStored(stored);
      }
      void this.load(this.readerId());
    });
    this.socket.whenConnected(() => void this.sendElsewhere());
  }

  /** What waits in this room, oldest first. */
  pending(roomId: string): readonly PendingMessage[] {
    return this.list().filter((message) => message.roomId === roomId);
  }

  /** Set while the server asks for patience in this room. */
  pause(roomId: string): Pause | null {
    return this.pauses().get(roomId) ?? null;
  }

  /** Leaves the room's messages to whoever shows it, until what it returns is called. `knownUpTo`: how much of the log is known. */
  open(roomId: string, knownUpTo: () => number): () => void {
    this.shown.set(roomId, knownUpTo);
    return () => void (this.shown.get(roomId) === knownUpTo && this.shown.delete(roomId));
  }

  /** Resolves once the message is kept on this device; it is on its way then. */
  async add(roomId: string, { text, visibility, replyTo, threadId, attachments }: Words): Promise<void> {
    const message: OutgoingMessage = {
      clientMessageId: newCommandId(),
      readerId: this.readerId(),
      roomId,
      text,
      visibility,
      replyTo: replyTo ?? null,
      threadId: threadId ?? null,
      attachments: attachments ?? [],
      createdAt: new Date().toISOString(),
      refusal: null,
    };
    this.list.update((list) => [...list, { ...message, isStored: false }]);
    await this.keep(message);
  }

  /** Sends a refused message once more, after those that are waiting. */
  async retry(clientMessageId: string): Promise<void> {
    const message = this.list().find((one) => one.clientMessageId === clientMessageId);
    if (message) {
      const again: PendingMessage = { ...message, refusal: null };
      this.list.update((list) => [...list.filter((one) => one !== message), again]);
      await this.keep(again);
    }
  }

  async discard(clientMessageId: string): Promise<void> {
    this.remove(new Set([clientMessageId]));
    await this.storage.delete(clientMessageId);
    this.tabs.tell({ stored: null });
  }

  /** The room's log shows these now. */
  confirm(messages: readonly ChatMessage[]): void {
    const shown = new Set(messages.flatMap(({ clientMessageId }) => clientMessageId ?? []));
    const done = this.list().filter(({ clientMessageId }) => shown.has(clientMessageId));
    if (done.length > 0) {
      this.remove(shown);
      done.forEach(({ clientMessageId }) => void this.storage.delete(clientMessageId));
    }
  }

  /** A fresh snapshot of this room holds, or is newer than, whatever the server had stored before. */
  forgetStored(roomId: string): void {
    this.list.update((list) => list.filter((one) => one.roomId !== roomId || !one.isStored));
  }

  /** Sends what waits in this room. Stops at an interruption; call again once the room is joined. */
  send(roomId: string): Promise<void> {
    const readerId = this.readerId();
    const sending =
      this.sending.get(roomId) ??
      this.tabs
        .oneAtATime(readerId, roomId, () => this.deliverAll(readerId, roomId))
        .finally(() => this.sending.delete(roomId));
    this.sending.set(roomId, sending);
    return sending;
  }

  private async keep(message: OutgoingMessage): Promise<void> {
    this.writing.add(message.clientMessageId);
    await this.storage.add(message);
    this.writing.delete(message.clientMessageId);
    this.tabs.tell({ stored: null });
    void this.send(message.roomId);
  }

  private async sendElsewhere(): Promise<void> {
    await this.loaded;
    const rooms = new Set(this.list().map(({ roomId }) => roomId));
    for (const roomId of rooms) {
      if (!this.shown.has(roomId)) {
        void this.send(roomId);
      }
    }
  }

  private async deliverAll(readerId: string, roomId: string): Promise<void> {
    for (;;) {
      const waiting = await this.storage.all(readerId);
      const next = waiting.find((one) => one.roomId === roomId && one.refusal === null);
      if (!next || !(await this.deliver(next))) {
        return;
      }
    }
  }

  /** False if nothing can be delivered now. */
  private async deliver(message: OutgoingMessage): Promise<boolean> {
    const { clientMessageId, roomId } = message;
    try {
      const { seq } = await this.socket.ask('chat_message', requestOf(message));
      const stored = { clientMessageId, roomId, seq };
      this.markStored(stored);
      await this.storage.delete(clientMessageId);
      this.tabs.tell({ stored });
      return true;
    } catch (thrown) {
      return this.notDelivered(message, toApiProblem(thrown));
    }
  }

  /** The server has it: shown until the room's log shows it, if anybody looks at the log. */
  private markStored({ clientMessageId, roomId, seq }: NonNullable<OutboxNews['stored']>): void {
    if (seq <= (this.shown.get(roomId)?.() ?? Infinity)) {
      this.remove(new Set([clientMessageId]));
    } else {
      this.update(clientMessageId, { isStored: true });
    }
  }

  private async notDelivered(
    { clientMessageId, roomId }: OutgoingMessage,
    { code, detail, retryAfter }: ApiProblem,
  ): Promise<boolean> {
    if (code === 'offline') {
      return false;
    }
    if (TEMPORARY.includes(code)) {
      const wait = retryAfter ?? TEMPORARY_WAIT;
      this.pauses.update((pauses) => new Map(pauses).set(roomId, { until: Date.now() + wait, code }));
      await new Promise((resolve) => setTimeout(resolve, wait));
      this.pauses.update((pauses) => new Map([...pauses].filter(([id]) => id !== roomId)));
    } else {
      this.update(clientMessageId, { refusal: detail });
      await this.storage.refuse(clientMessageId, detail);
      this.tabs.tell({ stored: null });
    }
    return true;
  }

  /** Shows what is kept on this device, and what only this page knows: what the server has, and what is being written down. */
  private async load(readerId: string): Promise<void> {
    if (readerId === '') {
      this.list.set([]);
      return;
    }
    const former = await this.takeUpFormer(readerId);
    const kept = await this.storage.all(readerId);
    if (readerId !== this.readerId()) {
      return;
    }
    this.list.update((list) => {
      const stored = list.filter((one) => one.readerId === readerId && one.isStored);
      const writing = list.filter((one) => one.readerId === readerId && this.writing.has(one.clientMessageId));
      const known = new Set([...stored, ...writing].map(({ clientMessageId }) => clientMessageId));
      const waiting = kept.filter(({ clientMessageId }) => !known.has(clientMessageId));
      return [...stored, ...waiting.map((one) => ({ ...one, isStored: false })), ...writing];
    });
    former.forEach((roomId) => void this.send(roomId));
  }

  /** Before there was an outbox for all tabs, each kept its own. */
  private async takeUpFormer(readerId: string): Promise<string[]> {
    const prefix = `clawtank.outbox.${readerId}.`;
    const keys = Object.keys(this.former ?? {}).filter((key) => key.startsWith(prefix));
    for (const key of keys) {
      const kept = JSON.parse(this.former?.getItem(key) ?? '[]') as readonly Partial<OutgoingMessage>[];
      const blank = { readerId, roomId: key.slice(prefix.length), replyTo: null, threadId: null, attachments: [] };
      for (const message of kept) {
        await this.storage.add({ ...blank, ...message } as OutgoingMessage);
      }
      this.former?.removeItem(key);
    }
    return keys.map((key) => key.slice(prefix.length));
  }

  private remove(ids: ReadonlySet<string>): void {
    this.list.update((list) => list.filter(({ clientMessageId }) => !ids.has(clientMessageId)));
  }

  private update(clientMessageId: string, change: Partial<PendingMessage>): void {
    this.list.update((list) =>
      list.map((one) => (one.clientMessageId === clientMessageId ? { ...one, ...change } : one)),
    );
  }
}

const requestOf = ({ roomId, text, visibility, replyTo, threadId, attachments, clientMessageId }: OutgoingMessage) => ({
  roomId,
  message: text,
  visibility,
  clientMessageId,
  ...(replyTo && { replyTo }),
  ...(threadId && { threadId }),
  ...(attachments.length > 0 && { attachmentIds: attachments.map(({ id }) => id) }),
});
