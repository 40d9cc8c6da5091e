import type { Actor, PublicEvent, PublicView, RoomEvent, RoomEventType } from '@clawtank/contracts';
import type { EntityManager } from 'typeorm';

/** One entry of a room's log with its place in the public sequence, if it has one. */
export interface LogEntry {
  readonly event: RoomEvent;
  readonly publicEvent: PublicEvent | null;
}

/** A row of `room_events` as the driver returns it. */
export interface LogRow {
  readonly seq: string;
  readonly id: string;
  readonly type: RoomEventType;
  readonly actor_type: Actor['type'];
  readonly actor_id: string | null;
  readonly actor_name: string;
  readonly payload: RoomEvent['data'];
  readonly public_seq: string | null;
  readonly public_payload: PublicView | null;
  readonly created_at: Date;
}

export const LOG_COLUMNS =
  'seq, id, type, actor_type, actor_id, actor_name, payload, public_seq, public_payload, created_at';

export function entryOf(row: LogRow): LogEntry {
  const event = placed({
    seq: Number(row.seq),
    id: row.id,
    type: row.type,
    actor: { type: row.actor_type, id: row.actor_id, name: row.actor_name },
    timestamp: row.created_at.toISOString(),
    data: row.payload,
  } as RoomEvent);
  return { event, publicEvent: publicEventOf(row) };
}

/** What a room's log has after `seq`, oldest first, at most `limit` entries. */
export async function entriesAfter(
  database: Pick<EntityManager, 'query'>,
  roomId: string,
  seq: number,
  limit: number,
): Promise<LogEntry[]> {
  const rows = await database.query<LogRow[]>(
    `SELECT ${LOG_COLUMNS} FROM room_events WHERE room_id = $1 AND seq > $2 ORDER BY seq LIMIT $3`,
    [roomId, seq, limit],
  );
  return rows.map(entryOf);
}

export function publicEventOf(
  row: Pick<LogRow, 'id' | 'public_seq' | 'public_payload' | 'created_at'>,
): PublicEvent | null {
  return row.public_seq !== null && row.public_payload
    ? {
        ...row.public_payload,
        public_seq: Number(row.public_seq),
        event_id: row.id,
        timestamp: row.created_at.toISOString(),
      }
    : null;
}

/** A message says its own place, which is known only once the log has given it. */
export function placed(event: RoomEvent): RoomEvent {
  return event.type === 'chat.message'
    ? { ...event, data: { message: { ...event.data.message, seq: event.seq } } }
    : event;
}
