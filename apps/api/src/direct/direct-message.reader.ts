import type { DirectBadge, DirectMessage, DirectMessagePage, ListDirectMessages } from '@clawtank/contracts';
import { MAX_BADGE } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { notFound } from '../platform/errors/refusal.js';
import { pairOf } from './domain/pair.js';

export interface DirectRow {
  id: string;
  room_id: string;
  low_id: string;
  high_id: string;
  seq: string;
  revision: string;
  author_type: 'human' | 'agent';
  author_id: string;
  author_name: string;
  body: string;
  client_message_id: string | null;
  created_at: Date;
  edited_at: Date | null;
  deleted_at: Date | null;
}

interface BadgeRow {
  user_id: string;
  room_id: string;
  member_id: string;
  member_name: string;
  member_type: 'human' | 'agent';
  unread: number;
  last_read_seq: string;
  last_message_at: Date;
}

export const DIRECT_COLUMNS =
  'id, room_id, low_id, high_id, seq, revision, author_type, author_id, author_name, body, client_message_id, created_at, edited_at, deleted_at';

const IN_CONVERSATION = 'room_id = $1 AND low_id = $2 AND high_id = $3';

/** Reads conversations between two, for one of the two. Who asks, and that they have a seat, was settled by the caller. */
@Injectable()
export class DirectMessageReader {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * What each of these members has not read, conversation by conversation, where they have a seat; the newest first. Whoever
   * they talked to is named even if they are gone: what was said is still there to be read.
   */
  async badgesOf(memberIds: readonly string[], roomId?: string): Promise<Map<string, DirectBadge[]>> {
    const rows = await this.dataSource.query<BadgeRow[]>(
      `SELECT asked.id AS user_id, talk.room_id, talk.member_id, coalesce(agent.name, person.username, '') AS member_name,
              CASE WHEN agent.id IS NULL THEN 'human' ELSE 'agent' END AS member_type,
              unread.count AS unread, talk.last_read_seq, talk.last_message_at
       FROM unnest($1::uuid[]) AS asked (id)
       CROSS JOIN LATERAL (
         SELECT room_id, low_id, high_id, high_id AS member_id, low_read_seq AS last_read_seq, last_message_at
         FROM direct_conversations WHERE low_id = asked.id
         UNION ALL
         SELECT room_id, low_id, high_id, low_id, high_read_seq, last_message_at
         FROM direct_conversations WHERE high_id = asked.id
       ) AS talk
       JOIN room_members seat ON seat.room_id = talk.room_id AND seat.member_id = asked.id
       LEFT JOIN agents agent ON agent.id = talk.member_id
       LEFT JOIN users person ON person.id = talk.member_id
       CROSS JOIN LATERAL (
         SELECT count(*)::int AS count FROM (
           SELECT FROM direct_messages
           WHERE room_id = talk.room_id AND low_id = talk.low_id AND high_id = talk.high_id AND seq > talk.last_read_seq
             AND author_id = talk.member_id AND deleted_at IS NULL
           LIMIT $3
         ) AS others
       ) AS unread
       WHERE $2::uuid IS NULL OR talk.room_id = $2
       ORDER BY talk.last_message_at DESC, talk.room_id, talk.member_id`,
      [memberIds, roomId ?? null, MAX_BADGE],
    );
    const badges = new Map<string, DirectBadge[]>();
    for (const row of rows) {
      const own = badges.get(row.user_id) ?? [];
      own.push({
        roomId: row.room_id,
        member: { id: row.member_id, name: row.member_name, type: row.member_type },
        unread: row.unread,
        lastReadSeq: Number(row.last_read_seq),
        lastMessageAt: row.last_message_at.toISOString(),
      });
      badges.set(row.user_id, own);
    }
    return badges;
  }

  /** With `sinceRevision`, what changed since, in the order of the changes; otherwise what was said, oldest first. */
  async page(
    readerId: string,
    memberId: string,
    roomId: string,
    { before, sinceRevision, limit }: ListDirectMessages,
  ): Promise<DirectMessagePage> {
    const { lowId, highId } = pairOf(readerId, memberId);
    // First: what comes in between shows in the messages and not in the revision, and is asked for again, rather than missed.
    const [talk] = await this.dataSource.query<{ revision: string; low_read_seq: string; high_read_seq: string }[]>(
      `SELECT revision, low_read_seq, high_read_seq FROM direct_conversations WHERE ${IN_CONVERSATION}`,
      [roomId, lowId, highId],
    );
    const rows =
      sinceRevision === undefined
        ? await this.dataSource.query<DirectRow[]>(
            `SELECT ${DIRECT_COLUMNS} FROM direct_messages WHERE ${IN_CONVERSATION} AND ($4::bigint IS NULL OR seq < $4)
             ORDER BY seq DESC LIMIT $5`,
            [roomId, lowId, highId, before ?? null, limit + 1],
          )
        : await this.dataSource.query<DirectRow[]>(
            `SELECT ${DIRECT_COLUMNS} FROM direct_messages WHERE ${IN_CONVERSATION} AND revision > $4 ORDER BY revision LIMIT $5`,
            [roomId, lowId, highId, sinceRevision, limit + 1],
          );
    const messages = rows.slice(0, limit).map(presentDirect);
    return {
      messages: sinceRevision === undefined ? messages.reverse() : messages,
      hasMore: rows.length > limit,
      revision: Number(talk?.revision ?? 0),
      lastReadSeq: Number((readerId === lowId ? talk?.low_read_seq : talk?.high_read_seq) ?? 0),
    };
  }

  /** Those of the messages that there are, for whoever they were written to. */
  async byId(ids: readonly string[]): Promise<DirectMessage[]> {
    const rows = await this.dataSource.query<DirectRow[]>(
      `SELECT ${DIRECT_COLUMNS} FROM direct_messages WHERE id = ANY ($1::uuid[])`,
      [ids],
    );
    return rows.map(presentDirect);
  }

  /** A message of a conversation of this member's; others hear that there is none. */
  async get(manager: EntityManager, roomId: string, messageId: string, memberId: string): Promise<DirectMessage> {
    const [row] = await manager.query<DirectRow[]>(
      `SELECT ${DIRECT_COLUMNS} FROM direct_messages WHERE id = $1 AND room_id = $2 AND (low_id = $3 OR high_id = $3)`,
      [messageId, roomId, memberId],
    );
    if (!row) {
      throw notFound('message');
    }
    return presentDirect(row);
  }
}

export function presentDirect(row: DirectRow): DirectMessage {
  return {
    type: 'direct_message',
    id: row.id,
    roomId: row.room_id,
    memberIds: [row.low_id, row.high_id],
    seq: Number(row.seq),
    userId: row.author_id,
    author: { type: row.author_type, id: row.author_id, name: row.author_name },
    message: row.body,
    clientMessageId: row.client_message_id,
    timestamp: row.created_at.toISOString(),
    editedAt: row.edited_at?.toISOString() ?? null,
    deletedAt: row.deleted_at?.toISOString() ?? null,
    revision: Number(row.revision),
  };
}
