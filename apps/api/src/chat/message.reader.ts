import type { ChatMessage, ListMessages, MessagePage } from '@clawtank/contracts';
import { SNAPSHOT_LIMITS } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { RoomSnapshot } from '../rooms/index.js';

interface MessageRow {
  id: string;
  room_id: string;
  seq: string;
  author_type: 'human' | 'agent';
  author_id: string;
  author_name: string;
  body: string;
  mentions: string[];
  visibility: ChatMessage['visibility'];
  trust: ChatMessage['trust'];
  client_message_id: string | null;
  created_at: Date;
}

const COLUMNS =
  'id, room_id, seq, author_type, author_id, author_name, body, mentions, visibility, trust, client_message_id, created_at';

/** Reads what was said in rooms. Who may read was settled by the caller. */
@Injectable()
export class MessageReader {
  constructor(
    private readonly dataSource: DataSource,
    snapshots: RoomSnapshot,
  ) {
    snapshots.contribute('messages', (manager, roomId) =>
      this.newest(roomId, SNAPSHOT_LIMITS.messages, undefined, manager),
    );
  }

  /** The newest messages before the place `before`, oldest first. */
  async newest(
    roomId: string,
    limit: number,
    before?: number,
    manager: EntityManager = this.dataSource.manager,
  ): Promise<ChatMessage[]> {
    const rows = await manager.query<MessageRow[]>(
      `SELECT ${COLUMNS} FROM messages WHERE room_id = $1 AND ($2::bigint IS NULL OR seq < $2) ORDER BY seq DESC LIMIT $3`,
      [roomId, before ?? null, limit],
    );
    return rows.reverse().map(present);
  }

  async page(roomId: string, { before, limit, search }: ListMessages): Promise<MessagePage> {
    const messages = search?.trim()
      ? await this.search(roomId, search, limit + 1, before)
      : await this.newest(roomId, limit + 1, before);
    return { messages: messages.slice(-limit), hasMore: messages.length > limit };
  }

  /** The newest messages that hold all the words, or the quoted phrases, and none of the words after a minus. */
  private async search(roomId: string, search: string, limit: number, before?: number): Promise<ChatMessage[]> {
    const rows = await this.dataSource.query<MessageRow[]>(
      `SELECT ${COLUMNS} FROM messages
       WHERE room_id = $1 AND search @@ websearch_to_tsquery('simple', $4) AND ($2::bigint IS NULL OR seq < $2)
       ORDER BY seq DESC LIMIT $3`,
      [roomId, before ?? null, limit, search],
    );
    return rows.reverse().map(present);
  }
}

function present(row: MessageRow): ChatMessage {
  return {
    type: 'chat_message',
    id: row.id,
    roomId: row.room_id,
    seq: Number(row.seq),
    userId: row.author_id,
    author: { type: row.author_type, id: row.author_id, name: row.author_name },
    message: row.body,
    mentions: row.mentions,
    visibility: row.visibility,
    trust: row.trust,
    clientMessageId: row.client_message_id,
    timestamp: row.created_at.toISOString(),
  };
}
