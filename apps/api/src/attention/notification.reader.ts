import {
  Id,
  Instant,
  type ListNotifications,
  MAX_BADGE,
  type Notification,
  type NotificationPage,
} from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import * as z from 'zod';
import { decodeCursor, encodeCursor } from '../platform/http/cursor.js';
import { publicText } from '../rooms/index.js';
import { excerptOf } from './domain/excerpt.js';

interface NotificationRow {
  id: string;
  kind: Notification['kind'];
  room_id: string;
  room_name: string;
  actor: Notification['actor'];
  message_id: string | null;
  seq: string | null;
  body: string | null;
  created_at: Date;
  read_at: Date | null;
}

/** By what they are ordered. */
const PLACE = z.tuple([Instant, Id]);

const COLUMNS = `told.id, told.kind, told.room_id, room.name AS room_name, told.actor, told.seq, told.created_at, told.read_at,
  coalesce(told.message_id, told.direct_message_id) AS message_id, coalesce(said.body, whispered.body) AS body`;

/**
 * The notifications that still stand: of a message that was not deleted and that came in the seat the person has now, or of an
 * invitation that can still be accepted. What does not stand is not there, whoever has not yet cleared it away.
 */
const STANDING = `
  FROM notifications told
  JOIN rooms room ON room.id = told.room_id
  LEFT JOIN room_members seat ON seat.room_id = told.room_id AND seat.member_id = told.user_id
  LEFT JOIN messages said ON said.id = told.message_id
  LEFT JOIN direct_messages whispered ON whispered.id = told.direct_message_id
  WHERE CASE told.kind
    WHEN 'invitation' THEN seat.member_id IS NULL AND EXISTS (
      SELECT FROM invitations
      WHERE id = substr(told.cause, ${'invitation:'.length + 1})::uuid AND invitee_id = told.user_id
        AND uses = 0 AND revoked_at IS NULL AND declined_at IS NULL AND expires_at > now())
    ELSE seat.joined_at <= told.created_at AND said.deleted_at IS NULL AND whispered.deleted_at IS NULL
  END`;

/** What people were told. What was said is read now, from where it stands, so that an edit shows and a deletion leaves nothing. */
@Injectable()
export class NotificationReader {
  constructor(private readonly dataSource: DataSource) {}

  async page(userId: string, { cursor, limit, unread }: ListNotifications): Promise<NotificationPage> {
    const [createdAt, id] = cursor === undefined ? [null, null] : decodeCursor(PLACE, cursor);
    const rows = await this.dataSource.query<NotificationRow[]>(
      `SELECT ${COLUMNS} ${STANDING} AND told.user_id = $1 AND ($2::timestamptz IS NULL OR (told.created_at, told.id) < ($2, $3::uuid))
         AND ($4::boolean IS NOT TRUE OR told.read_at IS NULL)
       ORDER BY told.created_at DESC, told.id DESC LIMIT $5`,
      [userId, createdAt, id, unread === 'true', limit + 1],
    );
    const notifications = rows.slice(0, limit).map(present);
    const last = notifications.at(-1);
    return {
      notifications,
      unread: (await this.unreadOf([userId])).get(userId) ?? 0,
      nextCursor: rows.length > limit && last ? encodeCursor([last.createdAt, last.id]) : null,
    };
  }

  /** Those of these that stand. */
  async those(ids: readonly string[]): Promise<Map<string, Notification>> {
    const rows = await this.dataSource.query<NotificationRow[]>(
      `SELECT ${COLUMNS} ${STANDING} AND told.id = ANY ($1::uuid[])`,
      [ids],
    );
    return new Map(rows.map((row) => [row.id, present(row)]));
  }

  /** How many each of these people have not read; at most MAX_BADGE. */
  async unreadOf(userIds: readonly string[]): Promise<Map<string, number>> {
    const rows = await this.dataSource.query<{ user_id: string; unread: number }[]>(
      `SELECT person.id AS user_id, counted.unread FROM unnest($1::uuid[]) AS person (id)
       CROSS JOIN LATERAL (
         SELECT count(*)::int AS unread FROM (
           SELECT ${STANDING} AND told.user_id = person.id AND told.read_at IS NULL LIMIT $2) AS standing
       ) AS counted`,
      [userIds, MAX_BADGE],
    );
    return new Map(rows.map(({ user_id, unread }) => [user_id, unread]));
  }
}

function present(row: NotificationRow): Notification {
  return {
    id: row.id,
    kind: row.kind,
    room: { id: row.room_id, name: row.room_name },
    actor: row.actor,
    messageId: row.message_id,
    seq: row.seq === null ? null : Number(row.seq),
    // It may show on a locked screen.
    excerpt: excerptOf(publicText(row.body ?? '')),
    createdAt: row.created_at.toISOString(),
    readAt: row.read_at?.toISOString() ?? null,
  };
}
