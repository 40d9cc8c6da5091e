import type { Actor, RoomBadge } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { causeOfMessage, Notifications } from './notifications.service.js';

interface FirstUnreadRow {
  user_id: string;
  room_id: string;
  id: string;
  seq: string;
  author: Actor;
  created_at: Date;
}

/**
 * Tells people who want to hear of all messages of a room that it has unread ones: once, by the first of them, until they have
 * read. One word for each message would teach them to mute the room. Only those who are connected are told; the others find
 * the badge.
 */
@Injectable()
export class UnreadRooms {
  /** Of which first unread message somebody was told, by person and room. */
  private readonly told = new Map<string, Map<string, number>>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly notifications: Notifications,
  ) {}

  /** To be called with the badges that just grew. What calls the person by name is told by itself. */
  async tell(badges: readonly { userId: string; badge: RoomBadge }[]): Promise<void> {
    const fresh = badges.filter(
      ({ userId, badge }) =>
        badge.level === 'all' &&
        badge.mentions === 0 &&
        badge.firstUnreadSeq !== null &&
        this.told.get(userId)?.get(badge.roomId) !== badge.firstUnreadSeq,
    );
    if (fresh.length === 0) {
      return;
    }
    const rows = await this.dataSource.query<FirstUnreadRow[]>(
      `SELECT asked.user_id, said.room_id, said.id, said.seq, said.created_at,
              json_build_object('type', said.author_type, 'id', CASE WHEN said.author_type <> 'spectator' THEN said.author_id END,
                                'name', said.author_name) AS author
       FROM unnest($1::uuid[], $2::uuid[], $3::bigint[]) AS asked (user_id, room_id, seq)
       JOIN messages said ON said.room_id = asked.room_id AND said.seq = asked.seq AND said.deleted_at IS NULL`,
      [
        fresh.map(({ userId }) => userId),
        fresh.map(({ badge }) => badge.roomId),
        fresh.map(({ badge }) => badge.firstUnreadSeq),
      ],
    );
    await this.notifications.tell(
      rows.map((row) => ({
        userId: row.user_id,
        cause: causeOfMessage(row.id),
        kind: 'message',
        roomId: row.room_id,
        actor: row.author,
        messageId: row.id,
        directMessageId: null,
        seq: Number(row.seq),
        createdAt: row.created_at,
        isRead: false,
      })),
    );
    for (const { userId, badge } of fresh) {
      const rooms = this.told.get(userId) ?? new Map<string, number>();
      rooms.set(badge.roomId, badge.firstUnreadSeq ?? 0);
      this.told.set(userId, rooms);
    }
  }

  leave(userId: string): void {
    this.told.delete(userId);
  }
}
