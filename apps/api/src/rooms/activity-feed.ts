import {
  type ActivityItem,
  type ActivityKind,
  activityKindOf,
  type ActivityPage,
  type ListActivity,
  ROOM_EVENT_TYPES,
} from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Caller } from '../platform/caller.js';
import { pageAfter, pageAround, pageBefore } from './domain/activity-page.js';
import { RoomAccess } from './room-access.js';
import { entryOf, LOG_COLUMNS, type LogRow } from './stream/log-entry.js';

type Filter = Pick<ListActivity, 'kind' | 'actorId'>;

const typesOf = (kind: ActivityKind): string[] => ROOM_EVENT_TYPES.filter((type) => activityKindOf(type) === kind);

/** What happened in a room besides chat: by kind and by person, and from any place in the log in both directions. */
@Injectable()
export class ActivityFeed {
  constructor(
    private readonly dataSource: DataSource,
    private readonly access: RoomAccess,
  ) {}

  async page(
    caller: Caller,
    roomId: string,
    { before, after, around, limit, ...filter }: ListActivity,
  ): Promise<ActivityPage> {
    await this.access.look(caller, roomId, 'read');
    // One more than asked for tells whether there is more.
    const upTo = (seq: number | null, count: number) => this.read(roomId, filter, 'upTo', seq, count);
    const since = (seq: number, count: number) => this.read(roomId, filter, 'since', seq, count);
    if (after !== undefined) {
      const [newer, [older]] = await Promise.all([since(after + 1, limit + 1), upTo(after, 1)]);
      return pageAfter(newer, older !== undefined, limit);
    }
    if (around !== undefined) {
      const [older, newer] = await Promise.all([upTo(around, limit + 1), since(around + 1, limit + 1)]);
      return pageAround(older, newer, limit);
    }
    const [older, [newer]] = await Promise.all([
      upTo(before === undefined ? null : before - 1, limit + 1),
      before === undefined ? [] : since(before, 1),
    ]);
    return pageBefore(older, newer !== undefined, limit);
  }

  /** Entries up to a place, newest first, or from a place on, oldest first. */
  private async read(
    roomId: string,
    { kind, actorId }: Filter,
    direction: 'upTo' | 'since',
    seq: number | null,
    limit: number,
  ): Promise<ActivityItem[]> {
    const [comparison, order] = direction === 'upTo' ? ['<=', 'DESC'] : ['>=', 'ASC'];
    const rows = await this.dataSource.query<LogRow[]>(
      `SELECT ${LOG_COLUMNS} FROM room_events
       WHERE room_id = $1 AND type NOT LIKE 'chat.%' AND type NOT IN ('task.receipt', 'task.paths') AND ($2::bigint IS NULL OR seq ${comparison} $2)
         AND ($3::text[] IS NULL OR type = ANY ($3)) AND ($4::uuid IS NULL OR actor_id = $4)
       ORDER BY seq ${order} LIMIT $5`,
      [roomId, seq, kind ? typesOf(kind) : null, actorId ?? null, limit],
    );
    return rows.map((row) => entryOf(row).event as ActivityItem);
  }
}
