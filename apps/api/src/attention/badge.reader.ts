import { MAX_BADGE, type NotificationLevel, type RoomBadge } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** Somebody and a room they may have something to read in. */
export interface Pair {
  readonly userId: string;
  readonly roomId: string;
}

interface BadgeRow {
  user_id: string;
  room_id: string;
  level: NotificationLevel;
  last_read_seq: string;
  unread: number;
  first_unread_seq: string | null;
  mentions: number;
}

/** One query for as many as this; a process with more asks one after the other, and holds no more than one connection meanwhile. */
const MOST_AT_ONCE = 5000;

/**
 * What is unread, for any people and rooms at once. A seat begins at its own place: what was said before it, or between two
 * seats of one person, is not unread. Both counts stop at MAX_BADGE and read `messages` in its index by place alone.
 */
const BADGES = `
  SELECT asked.user_id, asked.room_id, coalesce(marker.level, 'all') AS level, place.last_read_seq,
         unread.count AS unread, unread.first AS first_unread_seq, mentioned.count AS mentions
  FROM unnest($1::uuid[], $2::uuid[]) AS asked (user_id, room_id)
  JOIN room_members seat ON seat.room_id = asked.room_id AND seat.member_id = asked.user_id
  LEFT JOIN room_reads marker ON marker.user_id = asked.user_id AND marker.room_id = asked.room_id
  CROSS JOIN LATERAL (SELECT greatest(marker.last_read_seq, seat.joined_seq) AS last_read_seq) AS place
  CROSS JOIN LATERAL (
    SELECT count(*)::int AS count, min(seq) AS first FROM (
      SELECT seq FROM messages
      WHERE room_id = asked.room_id AND seq > place.last_read_seq AND author_id <> asked.user_id AND deleted_at IS NULL
      ORDER BY seq LIMIT $3
    ) AS others
  ) AS unread
  CROSS JOIN LATERAL (
    SELECT count(*)::int AS count FROM (
      SELECT FROM message_mentions mention
      JOIN messages said ON said.room_id = mention.room_id AND said.seq = mention.seq
      WHERE mention.member_id = asked.user_id AND mention.room_id = asked.room_id AND mention.seq > place.last_read_seq
        AND said.author_id <> asked.user_id AND said.deleted_at IS NULL
      LIMIT $3
    ) AS calls
  ) AS mentioned`;

/** Computes badges: from what was said and what was read, at every asking, so that there is no counter to go wrong. */
@Injectable()
export class BadgeReader {
  constructor(private readonly dataSource: DataSource) {}

  /** The badges of those pairs where the person has a seat, in no particular order. */
  async of(pairs: readonly Pair[]): Promise<{ userId: string; badge: RoomBadge }[]> {
    const rows: BadgeRow[] = [];
    for (let first = 0; first < pairs.length; first += MOST_AT_ONCE) {
      const asked = pairs.slice(first, first + MOST_AT_ONCE);
      rows.push(
        ...(await this.dataSource.query<BadgeRow[]>(BADGES, [
          asked.map(({ userId }) => userId),
          asked.map(({ roomId }) => roomId),
          MAX_BADGE,
        ])),
      );
    }
    return rows.map((row) => ({
      userId: row.user_id,
      badge: {
        roomId: row.room_id,
        unread: row.unread,
        mentions: row.mentions,
        lastReadSeq: Number(row.last_read_seq),
        firstUnreadSeq: row.first_unread_seq === null ? null : Number(row.first_unread_seq),
        level: row.level,
      },
    }));
  }

  /** The badges of all rooms in which the person sits. */
  async ofPerson(userId: string): Promise<RoomBadge[]> {
    const seats = await this.seatsOf([userId]);
    return (await this.of(seats)).map(({ badge }) => badge);
  }

  /** The seats of these people, with the heads of the rooms. */
  async seatsOf(userIds: readonly string[]): Promise<(Pair & { readonly headSeq: number })[]> {
    const rows = await this.dataSource.query<{ user_id: string; room_id: string; last_seq: string }[]>(
      `SELECT seat.user_id, seat.room_id, room.last_seq FROM room_members seat JOIN rooms room ON room.id = seat.room_id
       WHERE seat.user_id = ANY ($1::uuid[]) AND seat.agent_id IS NULL ORDER BY seat.joined_at, seat.room_id`,
      [userIds],
    );
    return rows.map(({ user_id, room_id, last_seq }) => ({
      userId: user_id,
      roomId: room_id,
      headSeq: Number(last_seq),
    }));
  }
}
