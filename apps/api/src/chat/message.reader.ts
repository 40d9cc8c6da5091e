import type {
  ChatMessage,
  LinkPreview,
  ListMessages,
  MessageHistory,
  MessagePage,
  Reaction,
} from '@clawtank/contracts';
import { SNAPSHOT_LIMITS } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { notFound } from '../platform/errors/refusal.js';
import { RoomSnapshot } from '../rooms/index.js';
import { presentAttachment, type StoredAttachment } from './attachments/attachment-address.js';
import { pageOf, type Side } from './domain/message-page.js';

interface MessageRow {
  id: string;
  room_id: string;
  seq: string;
  author_type: 'human' | 'agent' | 'spectator';
  author_id: string;
  author_name: string;
  promoted_from_id: string | null;
  promoted_by_name: string | null;
  body: string;
  mentions: string[];
  mentions_here: boolean;
  visibility: ChatMessage['visibility'];
  trust: ChatMessage['trust'];
  client_message_id: string | null;
  reply_to_id: string | null;
  thread_id: string | null;
  created_at: Date;
  edited_at: Date | null;
  deleted_at: Date | null;
  pinned_at: Date | null;
  reactions: Reaction[] | null;
  attachments: StoredAttachment[] | null;
  preview: LinkPreview | null;
  replies: number;
  last_reply_at: Date | null;
}

/** Messages with all that belongs to them; `chosen` selects them, as `m`. */
const messagesOf = (chosen: string): string => `
  SELECT m.id, m.room_id, m.seq, m.author_type, m.author_id, m.author_name, m.promoted_from_id, m.promoted_by_name, m.body, m.mentions, m.mentions_here, m.visibility, m.trust,
         m.client_message_id, m.reply_to_id, m.thread_id, m.created_at, m.edited_at, m.deleted_at, m.pinned_at,
         answers.reactions, files.attachments, link.preview, coalesce(thread.replies, 0) AS replies, thread.last_reply_at
  FROM (${chosen}) m
  LEFT JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_object('emoji', emoji, 'memberIds', members) ORDER BY first) AS reactions
    FROM (SELECT emoji, jsonb_agg(member_id ORDER BY number) AS members, min(number) AS first
          FROM message_reactions WHERE message_id = m.id GROUP BY emoji) AS by_emoji
  ) answers ON true
  LEFT JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_object('id', id, 'kind', kind, 'name', name, 'mediaType', media_type, 'bytes', bytes,
                                        'width', width, 'height', height, 'secret', secret) ORDER BY position) AS attachments
    FROM attachments WHERE message_id = m.id
  ) files ON true
  LEFT JOIN LATERAL (
    SELECT jsonb_build_object('url', url, 'title', title, 'description', description, 'site', site) AS preview
    FROM message_previews WHERE message_id = m.id
  ) link ON true
  LEFT JOIN LATERAL (
    SELECT count(*)::int AS replies, (array_agg(created_at ORDER BY seq DESC))[1] AS last_reply_at
    FROM messages WHERE thread_id = m.id AND deleted_at IS NULL
  ) thread ON m.thread_id IS NULL`;

/** Reads what was said in rooms. Who may read was settled by the caller. */
@Injectable()
export class MessageReader {
  constructor(
    private readonly dataSource: DataSource,
    snapshots: RoomSnapshot,
  ) {
    snapshots.contribute('messages', (manager, roomId) => this.newest(manager, roomId, SNAPSHOT_LIMITS.messages));
  }

  /** The message of this room; refuses if there is none. */
  async get(roomId: string, messageId: string, manager: EntityManager = this.dataSource.manager): Promise<ChatMessage> {
    const [message] = await this.byId([messageId], manager);
    if (message?.roomId !== roomId) {
      throw notFound('message in this room');
    }
    return message;
  }

  /** Those of the messages that there are, in no particular order. */
  async byId(ids: readonly string[], manager: EntityManager = this.dataSource.manager): Promise<ChatMessage[]> {
    const rows = await manager.query<MessageRow[]>(messagesOf('SELECT * FROM messages WHERE id = ANY($1::uuid[])'), [
      ids,
    ]);
    return rows.map(present);
  }

  /** A page of the room, of one of its threads, or of what is pinned. */
  page(roomId: string, { before, after, around, threadId, pinned, limit }: ListMessages): Promise<MessagePage> {
    return pageOf({ before, after, around }, limit, (side, count) =>
      this.beside(roomId, side, count, threadId, pinned === 'true'),
    );
  }

  /** Every text the message has had, oldest first. */
  async history(roomId: string, messageId: string): Promise<MessageHistory> {
    return this.dataSource.transaction('REPEATABLE READ', async (manager) => {
      const message = await this.get(roomId, messageId, manager);
      const versions = await manager.query<{ body: string; created_at: Date }[]>(
        `SELECT body, created_at FROM message_versions WHERE message_id = $1 ORDER BY version`,
        [messageId],
      );
      const now = { message: message.message, at: message.deletedAt ?? message.editedAt ?? message.timestamp };
      return {
        versions: [...versions.map(({ body, created_at }) => ({ message: body, at: created_at.toISOString() })), now],
      };
    });
  }

  private async newest(manager: EntityManager, roomId: string, limit: number): Promise<ChatMessage[]> {
    const rows = await manager.query<MessageRow[]>(
      `${messagesOf('SELECT * FROM messages WHERE room_id = $1 ORDER BY seq DESC LIMIT $2')} ORDER BY m.seq`,
      [roomId, limit],
    );
    return rows.map(present);
  }

  /** The nearest messages on one side of a place, oldest first. A thread begins with the message it hangs on. */
  private async beside(
    roomId: string,
    { direction, seq }: Side,
    limit: number,
    threadId: string | undefined,
    isPinned: boolean,
  ): Promise<ChatMessage[]> {
    const isLater = direction === 'after';
    const chosen = `
      SELECT * FROM messages
      WHERE room_id = $1 AND ($2::bigint IS NULL OR seq ${isLater ? '>' : '<'} $2)
        ${threadId === undefined ? '' : 'AND (thread_id = $4 OR id = $4)'}
        ${isPinned ? 'AND pinned_at IS NOT NULL' : ''}
      ORDER BY seq ${isLater ? 'ASC' : 'DESC'} LIMIT $3`;
    const rows = await this.dataSource.query<MessageRow[]>(`${messagesOf(chosen)} ORDER BY m.seq`, [
      roomId,
      seq,
      limit,
      ...(threadId === undefined ? [] : [threadId]),
    ]);
    return rows.map(present);
  }
}

function present(row: MessageRow): ChatMessage {
  return {
    type: 'chat_message',
    id: row.id,
    roomId: row.room_id,
    seq: Number(row.seq),
    userId: row.author_id,
    author: {
      type: row.author_type,
      id: row.author_type === 'spectator' ? null : row.author_id,
      name: row.author_name,
    },
    promotedBy: row.promoted_by_name === null ? null : { type: 'human', id: row.author_id, name: row.promoted_by_name },
    spectatorMessageId: row.promoted_from_id,
    message: row.body,
    mentions: row.mentions,
    mentionsHere: row.mentions_here,
    visibility: row.visibility,
    trust: row.trust,
    replyTo: row.reply_to_id,
    threadId: row.thread_id,
    thread: row.last_reply_at && { replies: row.replies, lastReplyAt: row.last_reply_at.toISOString() },
    attachments: (row.attachments ?? []).map(presentAttachment),
    preview: row.preview,
    reactions: row.reactions ?? [],
    clientMessageId: row.client_message_id,
    timestamp: row.created_at.toISOString(),
    editedAt: row.edited_at?.toISOString() ?? null,
    deletedAt: row.deleted_at?.toISOString() ?? null,
    pinnedAt: row.pinned_at?.toISOString() ?? null,
  };
}
