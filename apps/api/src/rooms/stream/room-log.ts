import { randomUUID } from 'node:crypto';
import type {
  ActivityItem,
  Actor,
  ChatMessage,
  PublicEvent,
  RoomEvent,
  RoomEventData,
  RoomEventType,
} from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Work } from '../../platform/database/unit-of-work.js';
import { Telemetry } from '../../platform/telemetry.js';
import { publicView } from '../domain/public-view.js';
import type { RoomEntity } from '../room.entity.js';
import { entryOf, LOG_COLUMNS, type LogEntry, type LogRow, placed, publicEventOf } from './log-entry.js';
import { RoomFeed } from './room-feed.js';

/** What a feature adds to the log; the log adds its place and time. */
export type NewEvent = {
  [Type in RoomEventType]: {
    readonly id?: string;
    readonly type: Type;
    readonly actor: Actor;
    readonly data: RoomEventData[Type];
  };
}[RoomEventType];

/**
 * The one log of each room. `seq` is given out by the transaction that makes the change, under the room's row lock: without
 * gaps, because a transaction that fails gives its numbers back, and without ties, because writers take turns.
 */
@Injectable()
export class RoomLog {
  private readonly appended = new WeakMap<Work, Map<string, { epoch: string; entries: LogEntry[] }>>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly feed: RoomFeed,
    private readonly telemetry: Telemetry,
  ) {}

  /** Adds an event to the room's log; everybody in the room hears of it once the transaction has committed. */
  async append(work: Work, room: RoomEntity, { id = randomUUID(), type, actor, data }: NewEvent): Promise<RoomEvent> {
    const unplaced = { seq: 0, id, type, actor, timestamp: work.now.toISOString(), data } as RoomEvent;
    const view = room.isWatchable ? publicView(unplaced) : null;
    const [place] = await work.manager.query<{ seq: string; public_seq: string | null }[]>(
      `WITH head AS (
         UPDATE rooms SET last_seq = last_seq + 1, last_public_seq = last_public_seq + $9::int,
                last_activity_at = CASE WHEN $9::int = 1 OR visibility = 'private' THEN $10 ELSE last_activity_at END
         WHERE id = $1 RETURNING last_seq, last_public_seq
       )
       INSERT INTO room_events (room_id, seq, id, type, actor_type, actor_id, actor_name, payload, visibility, public_seq, public_payload, created_at)
       SELECT $1, last_seq, $2, $3, $4, $5, $6, $7::jsonb, CASE WHEN $9::int = 1 THEN 'public' ELSE 'members' END,
              CASE WHEN $9::int = 1 THEN last_public_seq END, $8::jsonb, $10
       FROM head RETURNING seq, public_seq`,
      [
        room.id,
        id,
        type,
        actor.type,
        actor.id,
        actor.name,
        JSON.stringify(data),
        view && JSON.stringify(view),
        view ? 1 : 0,
        work.now,
      ],
    );
    if (!place) {
      throw new Error(`Room ${room.id} vanished while its log was written`);
    }
    const event = placed({ ...unplaced, seq: Number(place.seq) });
    room.lastSeq = event.seq;
    this.publishAfterCommit(work, room, {
      event,
      publicEvent: publicEventOf({ id, public_seq: place.public_seq, public_payload: view, created_at: work.now }),
    });
    return event;
  }

  /** What came after `seq`, oldest first, at most `limit` entries. */
  async after(
    roomId: string,
    seq: number,
    limit: number,
    manager: EntityManager = this.dataSource.manager,
  ): Promise<LogEntry[]> {
    const rows = await manager.query<LogRow[]>(
      `SELECT ${LOG_COLUMNS} FROM room_events WHERE room_id = $1 AND seq > $2 ORDER BY seq LIMIT $3`,
      [roomId, seq, limit],
    );
    return rows.map(entryOf);
  }

  /** The newest entries other than chat before `before`, oldest first. */
  async activity(
    roomId: string,
    limit: number,
    before: number | undefined,
    manager: EntityManager = this.dataSource.manager,
  ): Promise<ActivityItem[]> {
    const rows = await manager.query<LogRow[]>(
      `SELECT ${LOG_COLUMNS} FROM room_events WHERE room_id = $1 AND type <> 'chat.message' AND ($2::bigint IS NULL OR seq < $2)
       ORDER BY seq DESC LIMIT $3`,
      [roomId, before ?? null, limit],
    );
    return rows.reverse().map((row) => entryOf(row).event as ActivityItem);
  }

  /** Everything the log says of a task, oldest first. */
  async aboutTask(roomId: string, taskId: string): Promise<RoomEvent[]> {
    const rows = await this.dataSource.query<LogRow[]>(
      `SELECT ${LOG_COLUMNS} FROM room_events
       WHERE payload ? 'task' AND payload -> 'task' ->> 'id' = $2 AND room_id = $1 ORDER BY seq LIMIT 500`,
      [roomId, taskId],
    );
    return rows.map((row) => entryOf(row).event);
  }

  /** The newest chat messages up to and including `seq`, oldest first. */
  async messagesUpTo(roomId: string, seq: number, limit: number, manager: EntityManager): Promise<ChatMessage[]> {
    const rows = await manager.query<LogRow[]>(
      `SELECT ${LOG_COLUMNS} FROM room_events WHERE room_id = $1 AND type = 'chat.message' AND seq <= $2 ORDER BY seq DESC LIMIT $3`,
      [roomId, seq, limit],
    );
    return rows.reverse().flatMap((row) => {
      const { event } = entryOf(row);
      return event.type === 'chat.message' ? [event.data.message] : [];
    });
  }

  /** Public entries after `publicSeq`, oldest first. Reads the public columns only. */
  async publicAfter(roomId: string, publicSeq: number, limit: number): Promise<PublicEvent[]> {
    const rows = await this.dataSource.query<LogRow[]>(
      `SELECT id, public_seq, public_payload, created_at FROM room_events
       WHERE room_id = $1 AND public_seq > $2 ORDER BY public_seq LIMIT $3`,
      [roomId, publicSeq, limit],
    );
    return rows.flatMap((row) => publicEventOf(row) ?? []);
  }

  /** The newest public entries, oldest first. */
  async publicNewest(
    roomId: string,
    limit: number,
    manager: EntityManager = this.dataSource.manager,
  ): Promise<PublicEvent[]> {
    const rows = await manager.query<LogRow[]>(
      `SELECT id, public_seq, public_payload, created_at FROM room_events
       WHERE room_id = $1 AND public_seq IS NOT NULL ORDER BY public_seq DESC LIMIT $2`,
      [roomId, limit],
    );
    return rows.reverse().flatMap((row) => publicEventOf(row) ?? []);
  }

  /** All that one transaction adds to a room goes out together, in order. */
  private publishAfterCommit(work: Work, room: RoomEntity, entry: LogEntry): void {
    const rooms = this.appended.get(work) ?? new Map<string, { epoch: string; entries: LogEntry[] }>();
    this.appended.set(work, rooms);
    const known = rooms.get(room.id);
    if (known) {
      known.entries.push(entry);
      return;
    }
    const batch = { epoch: room.epoch, entries: [entry] };
    rooms.set(room.id, batch);
    work.afterCommit(() => {
      batch.entries.forEach(({ event }) => this.telemetry.roomEvents.inc({ type: event.type }));
      this.feed.publish(room.id, batch.epoch, batch.entries);
    });
  }
}
