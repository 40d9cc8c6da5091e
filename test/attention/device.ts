import type { Badges, Notification, RoomBadge } from '@clawtank/contracts';
import { eventually, type Person, type RoomSocket } from '../support/people.js';

/** One of a person's connections, with everything it was told of what is unread. */
export class Device {
  readonly frames: Badges[] = [];
  readonly notifications: Notification[] = [];
  readonly cleared: string[] = [];

  private constructor(readonly socket: RoomSocket) {
    socket.on('badges_changed', (badges) => this.frames.push(badges));
    socket.on('notification', ({ notification }) => this.notifications.push(notification));
    socket.on('notifications_read', ({ ids }) => this.cleared.push(...ids));
  }

  static async of(person: Person): Promise<Device> {
    const device = new Device(await person.connect());
    // The server learns where somebody sits a moment after they connect.
    await new Promise((resolve) => setTimeout(resolve, 1100));
    return device;
  }

  /** What this device was last told of the room. */
  badge(roomId: string): RoomBadge | undefined {
    return this.frames.flatMap(({ rooms }) => rooms).findLast((badge) => badge.roomId === roomId);
  }

  async hears(roomId: string, what: Partial<RoomBadge>, withinMs = 5000): Promise<RoomBadge> {
    return eventually(() => {
      const badge = this.badge(roomId);
      return badge && Object.entries(what).every(([name, value]) => badge[name as keyof RoomBadge] === value) && badge;
    }, withinMs);
  }

  async isTold(what: Partial<Notification>, withinMs = 5000): Promise<Notification> {
    return eventually(
      () =>
        this.notifications.find((told) =>
          Object.entries(what).every(([name, value]) => told[name as keyof Notification] === value),
        ),
      withinMs,
    );
  }

  close(): void {
    this.socket.close();
  }
}

/** Long enough for whatever would have come to have come. */
export const aWhile = (milliseconds = 1500): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
