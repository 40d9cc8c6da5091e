import type { ChatMessage, SearchHit, SearchMessages, SearchResults } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import * as z from 'zod';
import type { Caller } from '../../platform/caller.js';
import { invalidInput } from '../../platform/errors/parse.js';
import { Refusal } from '../../platform/errors/refusal.js';
import { decodeCursor, encodeCursor } from '../../platform/http/cursor.js';
import { type Limiter, RateLimits } from '../../platform/rate-limits.js';
import { FOUND_FROM, FOUND_TO, highlightsIn } from '../domain/highlights.js';
import { asksNothing, parseSearchQuery, type SearchableContent, type SearchQuery } from '../domain/search-query.js';
import { MessageReader } from '../message.reader.js';

interface Room {
  readonly id: string;
  readonly name: string;
}

interface HitRow {
  readonly id: string;
  readonly room_id: string;
  readonly created_at: Date;
  readonly marked: string | null;
  readonly before_id: string | null;
  readonly after_id: string | null;
}

/** Where a page ended. */
const Place = z.object({ at: z.iso.datetime(), id: z.uuid() });

const SEARCHES = { points: 60, seconds: 60 };
/** A question that takes longer is too broad to be worth the wait, and the database’s time. */
const PATIENCE_MS = 5000;
const CANCELLED = '57014';

/** Each has an index of its own over exactly this expression. */
const HAS: Readonly<Record<SearchableContent, string>> = {
  code: "strpos(m.body, '`') > 0 AND m.body ~ '`[^`]+`'",
  link: "strpos(m.body, '://') > 0 AND m.body ~* 'https?://[^[:space:]]'",
  image: "EXISTS (SELECT 1 FROM attachments a WHERE a.message_id = m.id AND a.kind = 'image')",
};

/**
 * Finds messages in the rooms in which the asker has a seat at this moment, and in no others. Words are compared as they are
 * written, without regard to case: rooms speak many languages and much code, which the word stems of one language would spoil.
 */
@Injectable()
export class MessageSearch {
  private readonly limiter: Limiter;

  constructor(
    private readonly dataSource: DataSource,
    private readonly reader: MessageReader,
    limits: RateLimits,
  ) {
    this.limiter = limits.named('searches', SEARCHES);
  }

  async search(caller: Caller, { q, roomId, cursor, limit }: SearchMessages): Promise<SearchResults> {
    const query = parseSearchQuery(q);
    if ('problem' in query) {
      throw invalidInput([{ path: ['q'], message: query.problem }]);
    }
    const place = cursor === undefined ? null : decodeCursor(Place, cursor);
    await this.limiter.consume(caller.id);
    return this.dataSource
      .transaction('REPEATABLE READ', async (manager) => {
        await manager.query(`SET LOCAL statement_timeout = ${PATIENCE_MS}`);
        const rooms = await this.roomsOf(manager, caller, query, roomId);
        const rows =
          rooms.length === 0 || asksNothing(query) ? [] : await this.find(manager, rooms, query, place, limit + 1);
        const page = rows.slice(0, limit);
        const last = rows.length > limit ? page.at(-1) : undefined;
        return {
          hits: await this.present(manager, rooms, page),
          nextCursor: last ? encodeCursor({ at: last.created_at.toISOString(), id: last.id }) : null,
        };
      })
      .catch((error: unknown) => {
        throw (error as { code?: string }).code === CANCELLED
          ? new Refusal('unavailable', 'This takes too long; look for something rarer, or in one room')
          : error;
      });
  }

  /** The asker's rooms, as far as they are meant. */
  private roomsOf(manager: EntityManager, caller: Caller, query: SearchQuery, roomId?: string): Promise<Room[]> {
    return manager.query<Room[]>(
      `SELECT r.id, r.name FROM room_members s JOIN rooms r ON r.id = s.room_id
       WHERE s.member_id = $1 AND ($2::uuid IS NULL OR r.id = $2)
         AND (cardinality($3::text[]) = 0 OR lower(r.name) = ANY($3) OR r.id::text = ANY($3))`,
      [caller.id, roomId ?? null, query.in.map((room) => room.toLowerCase())],
    );
  }

  private find(
    manager: EntityManager,
    rooms: readonly Room[],
    query: SearchQuery,
    place: z.infer<typeof Place> | null,
    limit: number,
  ): Promise<HitRow[]> {
    const values: unknown[] = [];
    const bind = (value: unknown): string => `$${values.push(value)}`;
    const phrase = (text: string): string => `phraseto_tsquery('simple', ${bind(text)})`;
    const wanted = query.terms.filter(({ isExcluded }) => !isExcluded).map(({ text }) => phrase(text));
    const unwanted = query.terms.filter(({ isExcluded }) => isExcluded).map(({ text }) => phrase(text));
    const conditions = [
      'm.deleted_at IS NULL',
      ...wanted.map((one) => `m.search @@ ${one}`),
      ...unwanted.map((one) => `NOT m.search @@ ${one}`),
      ...(query.from.length > 0
        ? [`lower(m.author_name) = ANY(${bind(query.from.map((name) => name.toLowerCase()))})`]
        : []),
      ...(query.before !== null ? [`m.created_at < ${bind(query.before)}::timestamptz`] : []),
      ...(query.since !== null ? [`m.created_at >= ${bind(query.since)}::timestamptz`] : []),
      ...query.has.map((content) => HAS[content]),
      ...(query.isTask ? ['EXISTS (SELECT 1 FROM tasks t WHERE t.source_message_id = m.id)'] : []),
      ...(place ? [`(m.created_at, m.id) < (${bind(place.at)}::timestamptz, ${bind(place.id)}::uuid)`] : []),
    ];
    const inRooms = bind(rooms.map(({ id }) => id));
    const marks = `'HighlightAll=true, StartSel=${FOUND_FROM}, StopSel=${FOUND_TO}'`;
    const marked =
      wanted.length > 0
        ? `ts_headline('simple', translate(hit.body, '${FOUND_FROM}${FOUND_TO}', '  '), ${wanted.join(' && ')}, ${marks})`
        : 'NULL';
    // Each room for itself, so that the newest of each are taken from the index in order, or a rare word from its own.
    return manager.query<HitRow[]>(
      `SELECT hit.id, hit.room_id, hit.created_at, ${marked} AS marked,
              CASE WHEN hit.thread_id IS NULL THEN (
                SELECT id FROM messages WHERE room_id = hit.room_id AND seq < hit.seq AND thread_id IS NULL AND deleted_at IS NULL
                ORDER BY seq DESC LIMIT 1
              ) ELSE coalesce((
                SELECT id FROM messages WHERE thread_id = hit.thread_id AND seq < hit.seq AND deleted_at IS NULL ORDER BY seq DESC LIMIT 1
              ), (SELECT id FROM messages WHERE id = hit.thread_id AND deleted_at IS NULL)) END AS before_id,
              CASE WHEN hit.thread_id IS NULL THEN (
                SELECT id FROM messages WHERE room_id = hit.room_id AND seq > hit.seq AND thread_id IS NULL AND deleted_at IS NULL
                ORDER BY seq LIMIT 1
              ) ELSE (
                SELECT id FROM messages WHERE thread_id = hit.thread_id AND seq > hit.seq AND deleted_at IS NULL ORDER BY seq LIMIT 1
              ) END AS after_id
       FROM (
         SELECT found.* FROM unnest(${inRooms}::uuid[]) AS room (id) CROSS JOIN LATERAL (
           SELECT m.id, m.room_id, m.seq, m.thread_id, m.created_at, m.body FROM messages m
           WHERE m.room_id = room.id AND ${conditions.join(' AND ')}
           ORDER BY m.created_at DESC, m.id DESC LIMIT ${bind(limit)}
         ) found
         ORDER BY found.created_at DESC, found.id DESC LIMIT ${bind(limit)}
       ) hit
       ORDER BY hit.created_at DESC, hit.id DESC`,
      values,
    );
  }

  private async present(manager: EntityManager, rooms: readonly Room[], rows: readonly HitRow[]): Promise<SearchHit[]> {
    const ids = rows.flatMap(({ id, before_id, after_id }) => [id, before_id, after_id].filter((one) => one !== null));
    const messages = new Map((await this.reader.byId(ids, manager)).map((message) => [message.id, message]));
    const messageOf = (id: string | null): ChatMessage | null => (id === null ? null : (messages.get(id) ?? null));
    return rows.flatMap((row) => {
      const [message, room] = [messageOf(row.id), rooms.find(({ id }) => id === row.room_id)];
      return message && room
        ? [
            {
              room,
              message,
              highlights: row.marked === null ? [] : highlightsIn(row.marked),
              before: messageOf(row.before_id),
              after: messageOf(row.after_id),
            },
          ]
        : [];
    });
  }
}
