import type {
  Actor,
  ChatMessage,
  PublicEvent,
  PublicView,
  RoomEvent,
  RoomEventOf,
  RoomEventType,
  Trust,
} from '@clawtank/contracts';
import { USUAL_MESSAGE } from '@clawtank/room-state';
import type { EntityManager } from 'typeorm';

/** One entry of a room's log with its place in the public sequence, if it has one. */
export interface LogEntry {
  readonly event: RoomEvent;
  readonly publicEvent: PublicEvent | null;
  /** The agents that it is meant for. */
  readonly addressed: readonly string[];
  /** How far to rely on what its actor wrote. */
  readonly trust: Trust;
}

/** A row of `room_events` as the driver returns it. */
export interface LogRow {
  readonly room_id: string;
  readonly seq: string;
  readonly id: string;
  readonly type: RoomEventType;
  readonly actor_type: Actor['type'];
  readonly actor_id: string | null;
  readonly actor_name: string;
  readonly payload: StoredPayload;
  readonly public_seq: string | null;
  readonly public_payload: PublicView | null;
  readonly created_at: Date;
  readonly addressed: string[] | null;
  readonly trust: Trust | null;
}

/** What an entry says beyond its columns; of a message only what is not usual. */
type StoredPayload = Exclude<RoomEvent, { type: 'chat.message' }>['data'] | { readonly message: Partial<ChatMessage> };

export const LOG_COLUMNS =
  'room_id, seq, id, type, actor_type, actor_id, actor_name, payload, public_seq, public_payload, created_at, addressed, trust';

export function entryOf(row: LogRow): LogEntry {
  const entry = {
    seq: Number(row.seq),
    id: row.id,
    type: row.type,
    actor: { type: row.actor_type, id: row.actor_id, name: row.actor_name },
    timestamp: row.created_at.toISOString(),
    data: row.payload,
  };
  const event = (
    row.type === 'chat.message' ? { ...entry, data: { message: wholeMessage(entry, row) } } : entry
  ) as RoomEvent;
  return { event, publicEvent: publicEventOf(row), addressed: row.addressed ?? [], trust: trustOf(event, row.trust) };
}

/** A message says it itself; of the others the row does where the kind of their actor does not. */
export function trustOf(event: RoomEvent, stored: Trust | null): Trust {
  if (event.type === 'chat.message' || event.type === 'chat.edited') {
    return event.data.message.trust;
  }
  return stored ?? trustByActor(event.actor);
}

export const trustByActor = ({ type }: Actor): Trust =>
  type === 'agent' || type === 'webhook' || type === 'spectator' ? type : 'member';

/** What the columns of a message's entry say. */
const SAID_BY_COLUMNS: ReadonlySet<string> = new Set(['type', 'id', 'roomId', 'seq', 'userId', 'author', 'timestamp']);

/** What the log keeps of an event as its payload. */
export function storedPayload({ type, data }: Pick<RoomEvent, 'type' | 'data'>): StoredPayload {
  return type === 'chat.message' ? { message: unusualOf((data as RoomEventOf<'chat.message'>['data']).message) } : data;
}

function unusualOf(message: ChatMessage): Partial<ChatMessage> {
  const unusual: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(message)) {
    const isUsual =
      value === USUAL_MESSAGE[field as keyof typeof USUAL_MESSAGE] || (Array.isArray(value) && value.length === 0);
    if (!isUsual && (!SAID_BY_COLUMNS.has(field) || (field === 'author' && message.promotedBy !== null))) {
      unusual[field] = value;
    }
  }
  return unusual;
}

function wholeMessage(
  { seq, id, actor, timestamp }: Pick<RoomEvent, 'seq' | 'id' | 'actor' | 'timestamp'>,
  { room_id: roomId, payload }: LogRow,
): ChatMessage {
  const said = (payload as { message: Partial<ChatMessage> }).message;
  // What a spectator said is the deed of the member who promoted it, and not that member's words.
  const author = said.author ?? actor;
  const own = { type: 'chat_message', id, roomId, seq, userId: actor.id, author, timestamp };
  return { ...USUAL_MESSAGE, ...said, ...own } as ChatMessage;
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

/** The event in its place and at its time, which a message says too and which are known only once the log has given them. */
export function placed(event: RoomEvent, seq: number, timestamp: string): RoomEvent {
  return event.type === 'chat.message'
    ? { ...event, seq, timestamp, data: { message: { ...event.data.message, seq, timestamp } } }
    : { ...event, seq, timestamp };
}
