import { Service, computed, inject, signal } from '@angular/core';
import { Router } from '@angular/router';
import type { Notification } from '@clawtank/contracts';
import { AttentionApi } from '../core/attention/attention-api';
import { Badges } from '../core/attention/badges';
import { LiveSocket } from '../core/connection/live-socket';
import { type ApiProblem, toApiProblem } from '../core/problem/api-problem';
import { whenReaderChanges } from '../core/session/when-reader-changes';
import { addressOf } from './notification-words';

/** What the reader was told, live: unread first, and read on all devices at once. */
@Service()
export class Notices {
  private readonly api = inject(AttentionApi);
  private readonly badges = inject(Badges);
  private readonly router = inject(Router);
  private readonly socket = inject(LiveSocket);
  private readonly known = signal<readonly Notification[] | null>(null);
  private readonly cursor = signal<string | null>(null);
  private readonly failure = signal<ApiProblem | null>(null);
  private readonly arrivals = new Set<(notification: Notification) => void>();
  private readonly departures = new Set<(ids: readonly string[]) => void>();

  readonly unread = this.badges.notifications;
  readonly problem = this.failure.asReadonly();
  readonly hasMore = computed(() => this.cursor() !== null);
  /** Null until they were asked for. */
  readonly list = computed(() => {
    const known = this.known();
    return known && [...known.filter(isUnread), ...known.filter((one) => !isUnread(one))];
  });

  constructor() {
    this.socket.on('notification', ({ notification }) => this.arrived(notification));
    this.socket.on('notifications_read', ({ ids }) => this.wereRead(ids));
    this.socket.whenConnected(() => {
      if (this.known()) {
        void this.read();
      }
    });
    whenReaderChanges(() => {
      this.known.set(null);
      this.cursor.set(null);
      this.failure.set(null);
    });
  }

  /** Calls `listener` with each notification as it comes. */
  whenArrived(listener: (notification: Notification) => void): void {
    this.arrivals.add(listener);
  }

  /** Calls `listener` with those that were read, on whatever device. */
  whenRead(listener: (ids: readonly string[]) => void): void {
    this.departures.add(listener);
  }

  /** Asks for the newest ones. */
  async read(): Promise<void> {
    this.failure.set(null);
    try {
      const { notifications, unread, nextCursor } = await this.api.notifications();
      this.known.set(notifications);
      this.cursor.set(nextCursor);
      this.badges.notificationsAre(unread);
    } catch (thrown) {
      this.failure.set(toApiProblem(thrown));
    }
  }

  async readMore(): Promise<void> {
    const { notifications, nextCursor } = await this.api.notifications(this.cursor());
    const ids = new Set(this.known()?.map(({ id }) => id));
    this.known.update((known) => [...(known ?? []), ...notifications.filter(({ id }) => !ids.has(id))]);
    this.cursor.set(nextCursor);
  }

  /** Goes to the thing itself; the notification has done its work. */
  async open(notification: Notification): Promise<void> {
    await this.router.navigateByUrl(addressOf(notification));
    if (isUnread(notification)) {
      await this.markRead([notification.id]);
    }
  }

  /** The named ones, or all of them. */
  async markRead(ids?: readonly string[]): Promise<void> {
    await this.api.readNotifications(ids);
    const read =
      ids ??
      this.known()
        ?.filter(isUnread)
        .map(({ id }) => id) ??
      [];
    this.wereRead(read);
    this.badges.notificationsAre(ids ? Math.max(0, this.unread() - ids.length) : 0);
  }

  /** The invitations to a room were answered. */
  async invitationAnswered(roomId: string): Promise<void> {
    const ids = this.known()
      ?.filter((one) => one.kind === 'invitation' && one.room.id === roomId && isUnread(one))
      .map(({ id }) => id);
    if (ids && ids.length > 0) {
      await this.markRead(ids);
    }
  }

  private arrived(notification: Notification): void {
    this.known.update((known) => known && [notification, ...known.filter(({ id }) => id !== notification.id)]);
    this.arrivals.forEach((listener) => listener(notification));
  }

  private wereRead(ids: readonly string[]): void {
    const read = new Set(ids);
    const now = new Date().toISOString();
    this.known.update(
      (known) => known && known.map((one) => (read.has(one.id) && isUnread(one) ? { ...one, readAt: now } : one)),
    );
    this.departures.forEach((listener) => listener(ids));
  }
}

const isUnread = ({ readAt }: Notification): boolean => readAt === null;
