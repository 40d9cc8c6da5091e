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
import { deletedMessage } from '@clawtank/room-state';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Work } from '../../platform/database/unit-of-work.js';
import { Telemetry } from '../../platform/telemetry.js';
import { type Address, addressesOf, wantedFor } from '../domain/addressing.js';
import { publicView } from '../domain/public-view.js';
import { AgentInbox } from '../inbox/agent-inbox.js';
import { readAgents, readAnswered } from '../inbox/agents-in-room.js';
import type { RoomEntity } from '../room.entity.js';
import {
  entriesAfter,
  entryOf,
  LOG_COLUMNS,
  type LogEntry,
  type LogRow,
  placed,
  publicEventOf,
  storedPayload,
  trustOf,
} from './log-entry.js';
import { RoomFeed } from './room-feed.js';

/** What a feature adds to the log; the log adds its place and time. */
export type NewEvent = {
  [Type in RoomEventType]: {
    readonly id?: string;
    readonly type: Type;
    readonly actor: Actor;
    readonly data: RoomEventData[Type];
    /** True if strangers must not hear of it although its type is public: it is about something they never saw. */
    readonly isPrivate?: boolean;
    /** The agents whom it does not wake although it names or answers them: it is in the log for them, and nothing more. */
    readonly unreached?: 'all' | ReadonlySet<string>;
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
    private readonly inbox: AgentInbox,
    private readonly telemetry: Telemetry,
  ) {}

  /** Adds an event to the room's log; everybody in the room hears of it once the transaction has committed. */
  async append(
    work: Work,
    room: RoomEntity,
    { id = randomUUID(), type, actor, data, isPrivate = false, unreached = new Set() }: NewEvent,
  ): Promise<RoomEvent> {
    const unplaced = { seq: 0, id, type, actor, timestamp: '', data } as RoomEvent;
    const view = room.isWatchable && !isPrivate ? publicView(unplaced) : null;
    const addresses = unreached === 'all' ? [] : await this.addresses(work, room.id, unplaced, unreached);
    const [place] = await work.manager.query<Pick<LogRow, 'seq' | 'public_seq' | 'created_at' | 'trust'>[]>(
      `WITH head AS (
         UPDATE rooms SET last_seq = last_seq + 1, last_public_seq = last_public_seq + $9::int,
                last_event_at = greatest(last_event_at, $10),
                last_activity_at = CASE WHEN $9::int = 1 OR visibility = 'private' THEN $10 ELSE last_activity_at END
         WHERE id = $1 RETURNING last_seq, last_public_seq, last_event_at
       )
       INSERT INTO room_events (room_id, seq, id, type, actor_type, actor_id, actor_name, payload, visibility, public_seq, public_payload, created_at, addressed, trust)
       SELECT $1, last_seq, $2, $3, $4, $5, $6, $7::jsonb, CASE WHEN $9::int = 1 THEN 'public' ELSE 'members' END,
              CASE WHEN $9::int = 1 THEN last_public_seq END, $8::jsonb, last_event_at, $11,
              (SELECT 'owner' FROM room_members WHERE $12 AND room_id = $1 AND member_id = $13 AND role = 'host')
       FROM head RETURNING seq, public_seq, created_at, trust`,
      [
        room.id,
        id,
        type,
        actor.type,
        actor.id,
        actor.name,
        JSON.stringify(storedPayload(unplaced)),
        view && JSON.stringify(view),
        view ? 1 : 0,
        work.now,
        addresses.length > 0 ? addresses.map(({ agentId }) => agentId) : null,
        actor.type === 'human' && type !== 'chat.message',
        actor.id,
      ],
    );
    if (!place) {
      throw new Error(`Room ${room.id} vanished while its log was written`);
    }
    const event = placed(unplaced, Number(place.seq), place.created_at.toISOString());
    room.lastSeq = event.seq;
    this.inbox.deliver(work, event, room.id, addresses);
    this.publishAfterCommit(work, room, {
      event,
      addressed: addresses.map(({ agentId }) => agentId),
      trust: trustOf(event, place.trust),
      publicEvent: publicEventOf({ id, ...place, public_payload: view }),
    });
    return event;
  }

  /** Lets the entry of an edited message say what the message says now, so that late readers find what stands. */
  async restate(work: Work, room: RoomEntity, message: ChatMessage): Promise<void> {
    const rows = await work.manager.query<LogRow[]>(
      `SELECT ${LOG_COLUMNS} FROM room_events WHERE room_id = $1 AND seq = $2`,
      [room.id, message.seq],
    );
    await this.rewrite(work, room, rows, (before) => ({
      ...before,
      message: message.message,
      mentions: message.mentions,
      mentionsHere: message.mentionsHere,
      editedAt: message.editedAt,
    }));
  }

  /**
   * Takes what a deleted message said out of the log: out of its own entry and of those that report its edits and where it
   * led, for members and for the public. The entries keep their places, so that nobody misses one.
   */
  async redact(work: Work, room: RoomEntity, message: Pick<ChatMessage, 'id' | 'seq'>): Promise<void> {
    const rows = await work.manager.query<LogRow[]>(
      `SELECT ${LOG_COLUMNS} FROM room_events WHERE room_id = $1 AND seq = $2
       UNION ALL
       SELECT ${LOG_COLUMNS} FROM room_events WHERE type = 'chat.edited' AND payload -> 'message' ->> 'id' = $3 AND room_id = $1`,
      [room.id, message.seq, message.id],
    );
    await this.rewrite(work, room, rows, (before) => deletedMessage(before, work.now.toISOString()));
    const previews = await work.manager.query<{ seq: string }[]>(
      `WITH emptied AS (
         UPDATE room_events SET payload = payload || '{"preview": null}'
         WHERE type = 'chat.previewed' AND payload ->> 'messageId' = $2::text AND room_id = $1 RETURNING seq
       ) SELECT seq FROM emptied`,
      [room.id, message.id],
    );
    this.forgetEntries(work, room, [...rows, ...previews]);
  }

  /** Takes the title and the description of a task out of every entry that tells of it: they were said in a message that is gone. */
  async redactTask(work: Work, room: RoomEntity, taskId: string, title: string): Promise<void> {
    const rows = await work.manager.query<{ seq: string }[]>(
      `WITH rewritten AS (
         UPDATE room_events SET
           payload = jsonb_set(payload, '{task}', payload -> 'task' || jsonb_build_object('title', $3::text, 'description', '')),
           public_payload = CASE WHEN public_payload ? 'title' THEN public_payload || jsonb_build_object('title', $3::text) ELSE public_payload END
         WHERE payload ? 'task' AND payload -> 'task' ->> 'id' = $2 AND room_id = $1 RETURNING seq
       ) SELECT seq FROM rewritten`,
      [room.id, taskId, title],
    );
    this.forgetEntries(work, room, rows);
  }

  /** What came after `seq`, oldest first, at most `limit` entries. */
  after(
    roomId: string,
    seq: number,
    limit: number,
    manager: EntityManager = this.dataSource.manager,
  ): Promise<LogEntry[]> {
    return entriesAfter(manager, roomId, seq, limit);
  }

  /** The newest entries that do not concern chat, before `before`, oldest first. */
  async activity(
    roomId: string,
    limit: number,
    before: number | undefined,
    manager: EntityManager = this.dataSource.manager,
  ): Promise<ActivityItem[]> {
    const rows = await manager.query<LogRow[]>(
      `SELECT ${LOG_COLUMNS} FROM room_events WHERE room_id = $1 AND type NOT LIKE 'chat.%' AND type NOT IN ('task.receipt', 'task.paths') AND ($2::bigint IS NULL OR seq < $2)
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

  /** A chat message of the room as it stands, deleted or not; null if the room has none of this id. */
  async message(roomId: string, messageId: string, manager: EntityManager): Promise<ChatMessage | null> {
    const [row] = await manager.query<LogRow[]>(
      `SELECT ${LOG_COLUMNS} FROM room_events WHERE id = $2 AND room_id = $1 AND type = 'chat.message'`,
      [roomId, messageId],
    );
    const event = row && entryOf(row).event;
    return event?.type === 'chat.message' ? event.data.message : null;
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

  /** Has what is kept of these entries outside the database forgotten: here at once, elsewhere until it has succeeded. */
  private forgetEntries(work: Work, room: RoomEntity, rows: readonly { readonly seq: string }[]): void {
    const seqs = rows.map(({ seq }) => Number(seq));
    this.inbox.forgetEntries(work, room.id, seqs);
    work.announce({ name: 'rooms.entries_redacted', data: { roomId: room.id, epoch: room.epoch, seqs } });
    work.afterCommit(() => this.feed.redact(room.id, seqs));
  }

  /** Whom the event is meant for, as the room is now. Asks the database only where that may be somebody. */
  private async addresses(
    { manager }: Work,
    roomId: string,
    event: RoomEvent,
    unreached: ReadonlySet<string>,
  ): Promise<readonly Address[]> {
    const wanted = wantedFor(event);
    const agents = wanted.agents ? await readAgents(manager, roomId) : [];
    const answered =
      wanted.answered && agents.length > 0 && event.type === 'chat.message'
        ? await readAnswered(manager, event.data.message)
        : new Set<string>();
    return addressesOf(event, agents, answered).filter(({ agentId }) => !unreached.has(agentId));
  }

  /** Rewrites entries that carry a message. What they told the public follows; nothing becomes public that was not. */
  private async rewrite(
    work: Work,
    room: RoomEntity,
    rows: readonly LogRow[],
    change: (message: ChatMessage) => ChatMessage,
  ): Promise<void> {
    const rewritten = rows.map((row) => {
      const { event } = entryOf(row);
      if (event.type !== 'chat.message' && event.type !== 'chat.edited') {
        throw new Error(`Entry ${row.seq} of room ${room.id} carries no message`);
      }
      const message = change(event.data.message);
      // What is written while nobody may watch stays hidden when the room becomes public again.
      const told = room.isWatchable ? message : { ...message, message: '' };
      const view = publicView({ ...event, data: { message: told } });
      return {
        seq: row.seq,
        payload: JSON.stringify(storedPayload({ type: event.type, data: { message } })),
        view: view && JSON.stringify(view),
      };
    });
    await work.manager.query(
      `UPDATE room_events SET payload = new.payload, public_payload = CASE WHEN public_seq IS NOT NULL THEN new.view END
       FROM unnest($2::bigint[], $3::jsonb[], $4::jsonb[]) AS new (seq, payload, view)
       WHERE room_id = $1 AND room_events.seq = new.seq`,
      [
        room.id,
        rewritten.map(({ seq }) => seq),
        rewritten.map(({ payload }) => payload),
        rewritten.map(({ view }) => view),
      ],
    );
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
