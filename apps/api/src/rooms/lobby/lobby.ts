import type { ListRooms, RoomFacets, RoomList } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import * as z from 'zod';
import type { Caller } from '../../platform/caller.js';
import { Refusal } from '../../platform/errors/refusal.js';
import { decodeCursor, encodeCursor } from '../../platform/http/cursor.js';
import { Audience } from '../audience.js';
import { byViewers, type WatchedPlace } from './by-viewers.js';
import { RoomFilter } from './lobby-filter.js';
import { RoomCards } from './room-cards.js';

/** The orders that the database keeps: by what, and of which type it is. Rooms that are alike in it follow by their id. */
const COLUMNS = {
  activity: { column: 'r.last_activity_at', type: 'timestamptz' },
  newest: { column: 'r.created_at', type: 'timestamptz' },
  members: { column: 'r.person_count', type: 'int' },
} as const;

const At = z.iso.datetime();
const Id = z.uuid();
const PLACES = {
  activity: z.object({ sort: z.literal('activity'), by: At, id: Id }),
  newest: z.object({ sort: z.literal('newest'), by: At, id: Id }),
  members: z.object({
    sort: z.literal('members'),
    by: z
      .int()
      .min(0)
      .max(2 ** 31 - 1),
    id: Id,
  }),
  viewers: z.object({ sort: z.literal('viewers'), viewers: z.int().min(0), lastActivityAt: At, id: Id }),
} as const;

/** Where a page may end, with all that is needed to go on there. */
type Place = z.infer<(typeof PLACES)[keyof typeof PLACES]>;
type ViewersPlace = z.infer<typeof PLACES.viewers>;

const FACETS = 50;

/** The list of rooms: those that anyone may find, or the caller's own. */
@Injectable()
export class Lobby {
  constructor(
    private readonly dataSource: DataSource,
    private readonly cards: RoomCards,
    private readonly audience: Audience,
  ) {}

  async list(caller: Caller | null, query: ListRooms): Promise<RoomList> {
    if (query.scope === 'mine' && !caller) {
      throw new Refusal('unauthenticated', 'Sign in to see your rooms');
    }
    const places =
      query.sort === 'viewers'
        ? await this.placesByViewers(caller, query)
        : await this.placesByColumn(caller, query, query.sort);
    const page = places.slice(0, query.limit);
    const last = places.length > query.limit ? page.at(-1) : undefined;
    return {
      rooms: await this.cards.of(
        caller,
        page.map(({ id }) => id),
      ),
      nextCursor: last ? encodeCursor(last) : null,
    };
  }

  /** What public rooms are about, the most frequent first. */
  async facets(): Promise<RoomFacets> {
    const count = (values: string) =>
      this.dataSource.query<{ name: string; rooms: number }[]>(
        `SELECT name, count(*)::int AS rooms FROM (${values}) AS about WHERE name IS NOT NULL GROUP BY name ORDER BY rooms DESC, name LIMIT ${FACETS}`,
      );
    const findable = `FROM rooms WHERE visibility = 'public' AND archived_at IS NULL`;
    const [languages, topics] = await Promise.all([
      count(`SELECT language AS name ${findable}`),
      count(`SELECT unnest(topics) AS name ${findable}`),
    ]);
    return { languages, topics };
  }

  private async placesByColumn(caller: Caller | null, query: ListRooms, sort: keyof typeof COLUMNS): Promise<Place[]> {
    const { column, type } = COLUMNS[sort];
    const filter = new RoomFilter(caller, query);
    if (query.cursor !== undefined) {
      const after = decodeCursor(PLACES[sort], query.cursor);
      const [by, id] = [filter.parameter(after.by), filter.parameter(after.id)];
      filter.require(`${column} <= ${by}::${type} AND (${column} < ${by}::${type} OR r.id > ${id}::uuid)`);
    }
    const rows = await this.dataSource.query<{ id: string; by: Date | number }[]>(
      `SELECT r.id, ${column} AS by FROM rooms r WHERE ${filter.sql} ORDER BY ${column} DESC, r.id LIMIT ${query.limit + 1}`,
      filter.parameters,
    );
    return rows.map(({ id, by }) => ({ sort, by: by instanceof Date ? by.toISOString() : by, id }) as Place);
  }

  /** First the rooms that somebody watches, of which there are few; then the others, by what happened last. */
  private async placesByViewers(caller: Caller | null, query: ListRooms): Promise<Place[]> {
    const after = query.cursor === undefined ? null : decodeCursor(PLACES.viewers, query.cursor);
    const watched = await this.audience.watched();
    const places = after?.viewers === 0 ? [] : await this.watchedPlaces(caller, query, watched, after);
    const left = query.limit + 1 - places.length;
    return left > 0 ? [...places, ...(await this.unwatchedPlaces(caller, query, watched, after, left))] : places;
  }

  private async watchedPlaces(
    caller: Caller | null,
    query: ListRooms,
    watched: ReadonlyMap<string, number>,
    after: ViewersPlace | null,
  ): Promise<ViewersPlace[]> {
    if (watched.size === 0) {
      return [];
    }
    const filter = new RoomFilter(caller, query);
    filter.require(`r.id = ANY (${filter.parameter([...watched.keys()])}::uuid[])`);
    const rows = await this.dataSource.query<{ id: string; last_activity_at: Date }[]>(
      `SELECT r.id, r.last_activity_at FROM rooms r WHERE ${filter.sql}`,
      filter.parameters,
    );
    return rows
      .map((row): WatchedPlace => ({
        viewers: watched.get(row.id) ?? 0,
        lastActivityAt: row.last_activity_at.toISOString(),
        id: row.id,
      }))
      .sort(byViewers)
      .filter((place) => !after || byViewers(after, place) < 0)
      .slice(0, query.limit + 1)
      .map((place) => ({ sort: 'viewers', ...place }));
  }

  private async unwatchedPlaces(
    caller: Caller | null,
    query: ListRooms,
    watched: ReadonlyMap<string, number>,
    after: ViewersPlace | null,
    limit: number,
  ): Promise<ViewersPlace[]> {
    const filter = new RoomFilter(caller, query);
    if (watched.size > 0) {
      filter.require(`NOT (r.id = ANY (${filter.parameter([...watched.keys()])}::uuid[]))`);
    }
    if (after?.viewers === 0) {
      const [at, id] = [filter.parameter(after.lastActivityAt), filter.parameter(after.id)];
      filter.require(
        `r.last_activity_at <= ${at}::timestamptz AND (r.last_activity_at < ${at}::timestamptz OR r.id > ${id}::uuid)`,
      );
    }
    const rows = await this.dataSource.query<{ id: string; last_activity_at: Date }[]>(
      `SELECT r.id, r.last_activity_at FROM rooms r WHERE ${filter.sql} ORDER BY r.last_activity_at DESC, r.id LIMIT ${limit}`,
      filter.parameters,
    );
    return rows.map(({ id, last_activity_at }) => ({
      sort: 'viewers',
      viewers: 0,
      lastActivityAt: last_activity_at.toISOString(),
      id,
    }));
  }
}
