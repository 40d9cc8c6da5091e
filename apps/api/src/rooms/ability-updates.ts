import type { Ability } from '@clawtank/contracts';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Connection } from '../platform/sockets/connection.js';
import { RoomAccess, type Standing } from './room-access.js';
import { RoomFeed } from './stream/room-feed.js';

/** Timers cannot run for as long as a mute may; what is further away is looked at again then. */
const LONGEST_WAIT_MS = 3_600_000;

interface Followed {
  /** What each connection of this process was last told it may do. */
  readonly told: Map<Connection, readonly Ability[]>;
  /** The next look at a room in which somebody is muted, and when it is due. */
  timer: NodeJS.Timeout | undefined;
  dueAt: number;
  reading: Promise<void> | null;
  isDirty: boolean;
}

/**
 * Tells every connection that follows a room what its caller may do there whenever that changes: by a role, a mute, its end, or
 * because the room was archived. Each process learns of it from the room's log and tells its own connections.
 */
@Injectable()
export class AbilityUpdates implements OnApplicationShutdown {
  private readonly logger = new Logger(AbilityUpdates.name);
  private readonly rooms = new Map<string, Followed>();

  constructor(
    private readonly access: RoomAccess,
    feed: RoomFeed,
  ) {
    feed.listen({
      entries: (roomId, _epoch, entries) => {
        if (entries.some(({ event }) => event.type === 'member.updated' || event.type === 'room.updated')) {
          this.refresh(roomId);
        }
      },
      ended: () => undefined, // whoever followed the room leaves it, one by one
    });
  }

  onApplicationShutdown(): void {
    this.rooms.forEach(({ timer }) => clearTimeout(timer));
  }

  /** The connection follows the room from now on, and was told of `abilities`. */
  follow(roomId: string, connection: Connection, abilities: readonly Ability[]): void {
    const room: Followed = this.rooms.get(roomId) ?? {
      told: new Map(),
      timer: undefined,
      dueAt: Infinity,
      reading: null,
      isDirty: false,
    };
    this.rooms.set(roomId, room);
    room.told.set(connection, abilities);
  }

  /** How its caller stands now, as read after `follow`: what changed in between was not heard of. */
  settle(roomId: string, connection: Connection, standing: Standing): void {
    const room = this.rooms.get(roomId);
    if (room?.told.has(connection)) {
      this.tell(room, roomId, connection, standing.abilities);
      this.lookAgainAt(room, roomId, standing.mutedUntil);
    }
  }

  unfollow(roomId: string, connection: Connection): void {
    const room = this.rooms.get(roomId);
    if (room?.told.delete(connection) && room.told.size === 0) {
      clearTimeout(room.timer);
      this.rooms.delete(roomId);
    }
  }

  /** Reads the room once for all its connections here; what changes meanwhile is read again. */
  private refresh(roomId: string): void {
    const room = this.rooms.get(roomId);
    if (!room) {
      return;
    }
    room.isDirty = true;
    room.reading ??= this.readWhileDirty(roomId, room)
      .catch((error: unknown) => this.logger.error(error))
      .finally(() => (room.reading = null));
  }

  private async readWhileDirty(roomId: string, room: Followed): Promise<void> {
    while (room.isDirty) {
      room.isDirty = false;
      const callers = new Set([...room.told.keys()].map(({ caller }) => caller.id));
      const standings = await this.access.standingOf(roomId, [...callers]);
      for (const connection of [...room.told.keys()]) {
        const standing = standings.get(connection.caller.id);
        if (standing) {
          this.tell(room, roomId, connection, standing.abilities);
          this.lookAgainAt(room, roomId, standing.mutedUntil);
        }
      }
    }
  }

  private tell(room: Followed, roomId: string, connection: Connection, abilities: readonly Ability[]): void {
    const told = room.told.get(connection) ?? [];
    if (told.length !== abilities.length || !told.every((ability) => abilities.includes(ability))) {
      room.told.set(connection, abilities);
      connection.push('abilities_changed', { roomId, abilities });
    }
  }

  /** Looks at the room again when the first of its mutes ends. */
  private lookAgainAt(room: Followed, roomId: string, mutedUntil: Date | null): void {
    const now = Date.now();
    const dueAt = Math.min(mutedUntil?.getTime() ?? Infinity, now + LONGEST_WAIT_MS);
    if (!mutedUntil || mutedUntil.getTime() <= now || dueAt >= room.dueAt) {
      return;
    }
    clearTimeout(room.timer);
    room.dueAt = dueAt;
    room.timer = setTimeout(
      () => {
        room.dueAt = Infinity;
        this.refresh(roomId);
      },
      Math.max(1, dueAt - now + 1),
    ).unref();
  }
}
