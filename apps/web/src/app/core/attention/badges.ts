import { Service, computed, inject, signal } from '@angular/core';
import type { Badges as BadgesView, DirectBadge, NotificationLevel, RoomBadge, RoomEvent } from '@clawtank/contracts';
import { badgeAfter, messageAsEvent } from '@clawtank/room-state';
import { LiveSocket } from '../connection/live-socket';
import { Session } from '../session/session';
import { whenReaderChanges } from '../session/when-reader-changes';
import { AttentionApi } from './attention-api';

/** What happens within this time is asked about once. */
const GATHER = 300;
/** The server counts anew at every asking: a busy room is asked about no more often than this. */
const MOST_OFTEN = 2_000;

/**
 * What the reader has not read, in every room and of everybody who writes to them directly. The server counts; this keeps
 * what it last said, and asks again wherever it is not told: after a connection, and for the rooms that this page follows.
 */
@Service()
export class Badges {
  private readonly api = inject(AttentionApi);
  private readonly socket = inject(LiveSocket);
  private readonly session = inject(Session);
  private readonly byRoom = signal<ReadonlyMap<string, RoomBadge>>(new Map());
  private readonly byConversation = signal<ReadonlyMap<string, DirectBadge>>(new Map());
  private readonly notices = signal(0);
  private readonly heads = new Map<string, number>();
  private askedAt = -Infinity;
  private timer: ReturnType<typeof setTimeout> | undefined;

  readonly rooms = this.byRoom.asReadonly();
  /** Whom the reader talks to, the latest first. */
  readonly direct = computed(() =>
    [...this.byConversation().values()].sort((a, b) => b.lastMessageAt.localeCompare(a.lastMessageAt)),
  );
  /** Unread notifications. */
  readonly notifications = this.notices.asReadonly();
  /** What waits for the reader: messages to them, and in each room what they want to be told of. */
  readonly waiting = computed(
    () =>
      [...this.byRoom().values()].reduce((sum, badge) => sum + waitingIn(badge), 0) +
      this.direct().reduce((sum, { unread }) => sum + unread, 0),
  );
  /** Somebody wants the reader in particular. */
  readonly isCalled = computed(
    () =>
      this.direct().some(({ unread }) => unread > 0) ||
      [...this.byRoom().values()].some(({ mentions, level }) => mentions > 0 && level !== 'none'),
  );

  constructor() {
    whenReaderChanges(() => this.forget());
    this.socket.whenConnected(() => void this.ask());
    this.socket.on('badges_changed', (push) => this.hear(push));
    this.socket.on('room_joined', () => this.askSoon());
    this.socket.on('room_closed', ({ roomId }) => this.drop(roomId));
    this.socket.on('message_broadcast', ({ roomId, message }) => this.happened(roomId, messageAsEvent(message)));
    this.socket.on('activity_update', ({ roomId, activity }) =>
      activity.forEach((event) => this.happened(roomId, event)),
    );
  }

  of(roomId: string): RoomBadge | null {
    return this.byRoom().get(roomId) ?? null;
  }

  levelOf(roomId: string): NotificationLevel {
    return this.of(roomId)?.level ?? 'all';
  }

  unreadFrom(roomId: string, memberId: string): number {
    return this.byConversation().get(keyOf(roomId, memberId))?.unread ?? 0;
  }

  /** The reader has read the room up to `seq`, as the server is being told. */
  readUpTo(roomId: string, seq: number): void {
    const badge = this.of(roomId);
    if (!badge || seq <= badge.lastReadSeq) {
      return;
    }
    if (seq >= (this.heads.get(roomId) ?? 0)) {
      this.put([{ ...badge, unread: 0, mentions: 0, lastReadSeq: seq, firstUnreadSeq: null }], []);
    } else {
      this.askSoon();
    }
  }

  /** The reader has read all that `memberId` wrote to them. */
  directRead(roomId: string, memberId: string, seq: number): void {
    const badge = this.byConversation().get(keyOf(roomId, memberId));
    if (badge && badge.unread > 0) {
      this.put([], [{ ...badge, unread: 0, lastReadSeq: seq }]);
    }
  }

  async prefer(roomId: string, level: NotificationLevel): Promise<void> {
    await this.api.prefer(roomId, level);
    const badge = this.of(roomId);
    if (badge) {
      this.put([{ ...badge, level }], []);
    }
  }

  notificationsAre(unread: number): void {
    this.notices.set(unread);
  }

  /** Asks the server, in a moment and not too often. */
  askSoon(): void {
    if (this.timer === undefined) {
      const wait = Math.max(GATHER, this.askedAt + MOST_OFTEN - Date.now());
      this.timer = setTimeout(() => void this.ask(), wait);
    }
  }

  private async ask(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.askedAt = Date.now();
    const readerId = this.session.account()?.id;
    try {
      const { rooms, direct, notifications } = await this.api.badges();
      if (this.session.account()?.id !== readerId) {
        return;
      }
      const known = this.byRoom();
      this.byRoom.set(new Map(rooms.map((badge) => [badge.roomId, later(known.get(badge.roomId), badge)])));
      this.byConversation.set(new Map(direct.map((badge) => [keyOf(badge.roomId, badge.member.id), badge])));
      this.notices.set(notifications);
    } catch {
      // The badges stay as they are until the next connection, push or message.
    }
  }

  private hear({ rooms, direct, notifications }: BadgesView): void {
    this.put(rooms, direct);
    this.notices.set(notifications);
  }

  /** In a room that this page follows the server leaves the counting to it: a first guess at once, the truth a moment later. */
  private happened(roomId: string, event: RoomEvent): void {
    this.heads.set(roomId, Math.max(event.seq, this.heads.get(roomId) ?? 0));
    const badge = this.of(roomId);
    const reader = this.session.account();
    if (!badge || !reader) {
      return;
    }
    const after = badgeAfter(badge, event, { id: reader.id, name: reader.username, messages: [] });
    if (after === badge) {
      return;
    }
    if (after !== 'ask') {
      this.put([after], []);
    }
    // Whoever shows the message says in this same turn if it is being read.
    queueMicrotask(() => {
      if ((this.of(roomId)?.lastReadSeq ?? 0) < event.seq) {
        this.askSoon();
      }
    });
  }

  private put(rooms: readonly RoomBadge[], direct: readonly DirectBadge[]): void {
    if (rooms.length > 0) {
      this.byRoom.update((known) => new Map([...known, ...rooms.map((badge) => [badge.roomId, badge] as const)]));
    }
    if (direct.length > 0) {
      const changed = direct.map((badge) => [keyOf(badge.roomId, badge.member.id), badge] as const);
      this.byConversation.update((known) => new Map([...known, ...changed]));
    }
  }

  private drop(roomId: string): void {
    this.byRoom.update((known) => new Map([...known].filter(([id]) => id !== roomId)));
    this.byConversation.update((known) => new Map([...known].filter(([, badge]) => badge.roomId !== roomId)));
  }

  private forget(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.heads.clear();
    this.byRoom.set(new Map());
    this.byConversation.set(new Map());
    this.notices.set(0);
  }
}

const keyOf = (roomId: string, memberId: string): string => `${roomId}/${memberId}`;

/** What was read here while the answer was on its way stays read. */
const later = (known: RoomBadge | undefined, told: RoomBadge): RoomBadge =>
  known && known.lastReadSeq > told.lastReadSeq ? known : told;

function waitingIn({ level, unread, mentions }: RoomBadge): number {
  return { all: unread, mentions, none: 0 }[level];
}
