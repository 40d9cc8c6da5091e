import { DestroyRef, Service, computed, inject, signal } from '@angular/core';
import type { DirectMessage, PresentMember } from '@clawtank/contracts';
import { ReadMarkers } from '../core/attention/read-markers';
import { LiveSocket } from '../core/connection/live-socket';
import { newCommandId } from '../core/connection/new-command-id';
import { type ApiProblem, toApiProblem } from '../core/problem/api-problem';
import { Session } from '../core/session/session';
import { DirectApi } from './direct-api';
import { DirectOutbox } from './direct-outbox';
import { EMPTY_TALK, talkOf, withChange, withMissed, withOlder } from './talk-state';

/** Who was not heard of for this long has stopped writing. */
const FORGET_AFTER = 5_000;
const TELL_EVERY = 3_000;

/** What the reader and one other member say to each other alone, live. Provided by its page. */
@Service({ autoProvided: false })
export class DirectStore {
  private readonly api = inject(DirectApi);
  private readonly markers = inject(ReadMarkers);
  private readonly outbox = inject(DirectOutbox);
  private readonly session = inject(Session);
  private readonly socket = inject(LiveSocket);

  private readonly talk = signal(EMPTY_TALK);
  private readonly stage = signal<'opening' | 'open' | ApiProblem>('opening');
  private readonly names = signal<{ readonly room: string; readonly member: PresentMember | null } | null>(null);
  private readonly writing = signal(false);
  private readonly readSeq = signal<number | null>(null);
  private readonly opened: (() => void)[] = [];
  private roomId = '';
  private memberId = '';
  private isCatchingUp = false;
  /** Something was missed after the question that is on its way. */
  private isBehind = false;
  private toldAt = -Infinity;
  private forgetting: ReturnType<typeof setTimeout> | undefined;

  readonly phase = this.stage.asReadonly();
  readonly messages = computed(() => this.talk().messages);
  readonly hasMore = computed(() => this.talk().hasMore);
  readonly roomName = computed(() => this.names()?.room ?? '');
  /** The other one as the room knows them; null if they have no seat, or it is not known yet. */
  readonly member = computed(() => this.names()?.member ?? null);
  /** The other one has no seat here any more: what was said stays, nothing can be added. */
  readonly isGone = computed(() => this.names() !== null && this.member() === null);
  readonly isWriting = this.writing.asReadonly();
  /** How far the reader had read when they came. */
  readonly readUpTo = this.readSeq.asReadonly();
  readonly isConnected = computed(() => this.socket.state().kind === 'connected');
  readonly readerId = computed(() => this.session.account()?.id ?? '');
  readonly pending = computed(() => {
    const arrived = new Set(this.messages().map(({ clientMessageId }) => clientMessageId));
    return this.outbox
      .pending(this.roomId, this.memberId)
      .filter(({ clientMessageId }) => !arrived.has(clientMessageId));
  });
  readonly name = computed(
    () => this.member()?.name ?? this.messages().find(({ userId }) => userId === this.memberId)?.author.name ?? '',
  );

  constructor() {
    inject(DestroyRef).onDestroy(() => {
      clearTimeout(this.forgetting);
      this.opened.forEach((stop) => stop());
    });
  }

  open(roomId: string, memberId: string): void {
    this.roomId = roomId;
    this.memberId = memberId;
    this.opened.push(
      this.socket.on('direct_message', ({ message }) => this.hear(message)),
      this.socket.on('typing', (push) => {
        if (push.direct && push.roomId === roomId && push.memberId === memberId) {
          this.otherWrites();
        }
      }),
      this.outbox.whenDelivered((message) => this.hear(message)),
      this.socket.whenConnected(() => void this.catchUp()),
    );
    void this.catchUp();
  }

  /** Asks for what was missed: everything the first time, what changed since afterwards. */
  async catchUp(): Promise<void> {
    this.isBehind = true;
    if (this.isCatchingUp) {
      return;
    }
    this.isCatchingUp = true;
    try {
      while (this.isBehind) {
        this.isBehind = false;
        await (this.stage() === 'open' ? this.readMissed() : this.readFirst());
      }
    } catch (thrown) {
      if (this.stage() !== 'open') {
        this.stage.set(toApiProblem(thrown));
      }
    } finally {
      this.isCatchingUp = false;
    }
  }

  async readOlder(): Promise<void> {
    const first = this.talk().messages[0];
    if (first) {
      const page = await this.api.messages(this.roomId, this.memberId, { before: first.seq });
      this.talk.update((talk) => withOlder(talk, page));
    }
  }

  /** Resolves once the words are kept on this device. */
  say(text: string): Promise<void> {
    this.toldAt = -Infinity;
    return this.outbox.add(this.roomId, this.memberId, text);
  }

  retry(clientMessageId: string): Promise<void> {
    return this.outbox.retry(clientMessageId);
  }

  discard(clientMessageId: string): Promise<void> {
    return this.outbox.discard(clientMessageId);
  }

  async edit({ id, roomId }: DirectMessage, text: string): Promise<void> {
    const request = { roomId, messageId: id, message: text, commandId: newCommandId() };
    this.hear(await this.socket.ask('edit_direct_message', request));
  }

  async delete({ id, roomId }: DirectMessage): Promise<void> {
    this.hear(await this.socket.ask('delete_direct_message', { roomId, messageId: id, commandId: newCommandId() }));
  }

  /** The reader has seen everything so far. */
  markRead(): void {
    const last = this.talk().messages.at(-1);
    if (last) {
      this.markers.conversation(this.roomId, this.memberId, last.seq);
    }
  }

  /** The reader writes. */
  tellWriting(): void {
    const now = performance.now();
    if (now - this.toldAt >= TELL_EVERY) {
      this.toldAt = now;
      this.socket.ask('typing', { roomId: this.roomId, toMemberId: this.memberId }).catch(() => undefined); // lossy
    }
  }

  private async readFirst(): Promise<void> {
    const [page, room] = await Promise.all([this.api.messages(this.roomId, this.memberId), this.api.room(this.roomId)]);
    this.talk.set(talkOf(page));
    this.readSeq.set(page.lastReadSeq);
    this.names.set({ room: room.name, member: room.members.find(({ id }) => id === this.memberId) ?? null });
    this.stage.set('open');
  }

  private async readMissed(): Promise<void> {
    for (let hasMore = true; hasMore;) {
      const page = await this.api.messages(this.roomId, this.memberId, { sinceRevision: this.talk().revision });
      this.talk.update((talk) => withMissed(talk, page));
      hasMore = page.hasMore && page.messages.length > 0;
    }
  }

  private hear(message: DirectMessage): void {
    const isOurs = message.roomId === this.roomId && message.memberIds.includes(this.memberId);
    if (!isOurs) {
      return;
    }
    if (this.stage() !== 'open') {
      // What is being read may have been put together before.
      this.isBehind = true;
      return;
    }
    if (message.userId === this.memberId) {
      this.writing.set(false);
    }
    const next = withChange(this.talk(), message);
    if (next === 'gap') {
      void this.catchUp();
    } else {
      this.talk.set(next);
    }
  }

  private otherWrites(): void {
    clearTimeout(this.forgetting);
    this.writing.set(true);
    this.forgetting = setTimeout(() => this.writing.set(false), FORGET_AFTER);
  }
}
