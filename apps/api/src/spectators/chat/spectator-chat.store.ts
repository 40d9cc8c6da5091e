import type {
  ListSpectatorMessages,
  SpectatorAuthorType,
  SpectatorChatMessage,
  SpectatorMessagePage,
  SpectatorMessageView,
} from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Work } from '../../platform/database/unit-of-work.js';
import { notFound } from '../../platform/errors/refusal.js';
import { spectatorIdOf } from './domain/who-speaks.js';

export interface SpectatorMessageRow {
  readonly id: string;
  readonly room_id: string;
  readonly seq: string;
  readonly revision: string;
  readonly speaker: string;
  readonly author_type: SpectatorAuthorType;
  readonly display_name: string;
  readonly body: string;
  readonly reply_to_id: string | null;
  readonly origin: string | null;
  readonly created_at: Date;
  readonly deleted_at: Date | null;
  readonly promoted_as: string | null;
}

export interface NewSpectatorMessage {
  readonly id: string;
  readonly roomId: string;
  readonly speaker: string;
  readonly authorType: SpectatorAuthorType;
  readonly displayName: string;
  readonly body: string;
  readonly replyTo: string | null;
  readonly requestId: string | null;
  readonly origin: string | null;
}

const COLUMNS = `said.id, said.room_id, said.seq, said.revision, said.speaker, said.author_type, said.display_name, said.body,
  said.reply_to_id, said.origin, said.created_at, said.deleted_at, quote.id AS promoted_as`;
const MESSAGES = `spectator_messages said LEFT JOIN messages quote ON quote.promoted_from_id = said.id`;

/** The spectators' chat in the database: an order of its own for each room, given out under the row of the room's chat. */
@Injectable()
export class SpectatorChatStore {
  constructor(private readonly dataSource: DataSource) {}

  /** Holds the room's chat until the transaction ends, and gives out the next revision. Never holds the room itself. */
  async nextRevision({ manager }: Work, roomId: string): Promise<number> {
    const [chat] = await manager.query<{ revision: string }[]>(
      `INSERT INTO spectator_chats AS chat (room_id, revision) SELECT id, 1 FROM rooms WHERE id = $1
       ON CONFLICT (room_id) DO UPDATE SET revision = chat.revision + 1 RETURNING revision`,
      [roomId],
    );
    if (!chat) {
      throw notFound('room');
    }
    return Number(chat.revision);
  }

  /** What the speaker said with this id before. */
  async earlier(
    { manager }: Work,
    roomId: string,
    speaker: string,
    requestId: string,
  ): Promise<SpectatorMessageRow | null> {
    const [row] = await manager.query<SpectatorMessageRow[]>(
      `SELECT ${COLUMNS} FROM ${MESSAGES} WHERE said.room_id = $1 AND said.speaker = $2 AND said.request_id = $3`,
      [roomId, speaker, requestId],
    );
    return row ?? null;
  }

  /** Keeps a message in a chat that is held. */
  async insert({ manager, now }: Work, revision: number, message: NewSpectatorMessage): Promise<SpectatorMessageRow> {
    const [row] = await manager.query<SpectatorMessageRow[]>(
      `WITH head AS (UPDATE spectator_chats SET last_seq = last_seq + 1 WHERE room_id = $2 RETURNING last_seq)
       INSERT INTO spectator_messages AS said (id, room_id, seq, revision, speaker, author_type, display_name, body, reply_to_id, request_id, origin, created_at)
       SELECT $1, $2, last_seq, $3, $4, $5, $6, $7, $8, $9, $10, $11 FROM head
       RETURNING said.*, NULL::uuid AS promoted_as`,
      [
        message.id,
        message.roomId,
        revision,
        message.speaker,
        message.authorType,
        message.displayName,
        message.body,
        message.replyTo,
        message.requestId,
        message.origin,
        now,
      ],
    );
    return row!;
  }

  /** Empties a message in a chat that is held: nothing of what was said or by whom is left. */
  async empty({ manager, now }: Work, revision: number, id: string): Promise<void> {
    await manager.query(
      `UPDATE spectator_messages SET body = '', display_name = '', origin = NULL, reply_to_id = NULL, deleted_at = $3, revision = $2
       WHERE id = $1`,
      [id, revision, now],
    );
  }

  /** The message of this room, if there is one; deleted ones too. */
  async find(
    roomId: string,
    id: string,
    manager: EntityManager = this.dataSource.manager,
  ): Promise<SpectatorMessageRow | null> {
    const [row] = await manager.query<SpectatorMessageRow[]>(
      `SELECT ${COLUMNS} FROM ${MESSAGES} WHERE said.id = $2 AND said.room_id = $1`,
      [roomId, id],
    );
    return row ?? null;
  }

  /** What changed after `revision`, in the order of the changes. */
  async since(roomId: string, revision: number, limit: number): Promise<SpectatorMessageRow[]> {
    return this.dataSource.query<SpectatorMessageRow[]>(
      `SELECT ${COLUMNS} FROM ${MESSAGES} WHERE said.room_id = $1 AND said.revision > $2 ORDER BY said.revision LIMIT $3`,
      [roomId, revision, limit],
    );
  }

  /** The newest changes, oldest first. */
  async latestChanges(roomId: string, limit: number): Promise<SpectatorMessageRow[]> {
    const rows = await this.dataSource.query<SpectatorMessageRow[]>(
      `SELECT ${COLUMNS} FROM ${MESSAGES} WHERE said.room_id = $1 ORDER BY said.revision DESC LIMIT $2`,
      [roomId, limit],
    );
    return rows.reverse();
  }

  /** Who may say nothing in the room's chat at this moment, and until when. */
  async mutes(roomId: string, now: Date): Promise<ReadonlyMap<string, Date>> {
    const rows = await this.dataSource.query<{ subject: string; muted_until: Date }[]>(
      `SELECT subject, muted_until FROM spectator_mutes WHERE room_id = $1 AND muted_until > $2`,
      [roomId, now],
    );
    return new Map(rows.map(({ subject, muted_until }) => [subject, muted_until]));
  }

  async page(roomId: string, { before, sinceRevision, limit }: ListSpectatorMessages): Promise<SpectatorMessagePage> {
    const revision = (await this.heads([roomId])).get(roomId) ?? 0;
    const rows =
      sinceRevision === undefined
        ? await this.newest(roomId, before, limit + 1)
        : await this.since(roomId, sinceRevision, limit + 1);
    const hasMore = rows.length > limit;
    const page = sinceRevision === undefined ? rows.slice(hasMore ? 1 : 0) : rows.slice(0, limit);
    return { messages: page.map(presentToMembers), hasMore, revision };
  }

  /** How far the chats of these rooms have come; nothing for those in which nobody ever spoke. */
  async heads(roomIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const rows = await this.dataSource.query<{ room_id: string; revision: string }[]>(
      `SELECT room_id, revision FROM spectator_chats WHERE room_id = ANY ($1::uuid[])`,
      [roomIds],
    );
    return new Map(rows.map(({ room_id, revision }) => [room_id, Number(revision)]));
  }

  /** When the speaker said something last. */
  async lastSaidAt({ manager }: Work, roomId: string, speaker: string): Promise<Date | null> {
    const [last] = await manager.query<{ created_at: Date }[]>(
      `SELECT created_at FROM spectator_messages WHERE room_id = $1 AND speaker = $2 ORDER BY created_at DESC LIMIT 1`,
      [roomId, speaker],
    );
    return last?.created_at ?? null;
  }

  /** Until when any of the subjects may say nothing here; null if they may. */
  async mutedUntil(
    roomId: string,
    subjects: readonly string[],
    now: Date,
    manager: EntityManager = this.dataSource.manager,
  ): Promise<Date | null> {
    const [mute] = await manager.query<{ until: Date | null }[]>(
      `SELECT max(muted_until) AS until FROM spectator_mutes WHERE room_id = $1 AND subject = ANY ($2) AND muted_until > $3`,
      [roomId, subjects, now],
    );
    return mute?.until ?? null;
  }

  /** Mutes the subjects until then, or no longer if there is no such moment. */
  async mute({ manager }: Work, roomId: string, subjects: readonly string[], until: Date | null): Promise<void> {
    if (until === null) {
      await manager.query(`DELETE FROM spectator_mutes WHERE room_id = $1 AND subject = ANY ($2)`, [roomId, subjects]);
      return;
    }
    await manager.query(
      `INSERT INTO spectator_mutes (room_id, subject, muted_until) SELECT $1, unnest($2::text[]), $3
       ON CONFLICT (room_id, subject) DO UPDATE SET muted_until = excluded.muted_until`,
      [roomId, subjects, until],
    );
  }

  /** Forgets where people without an account came from, and mutes that are over. */
  async forgetOrigins(before: Date, now: Date): Promise<void> {
    await this.dataSource.query(
      `UPDATE spectator_messages SET origin = NULL WHERE origin IS NOT NULL AND created_at <= $1`,
      [before],
    );
    await this.dataSource.query(`DELETE FROM spectator_mutes WHERE muted_until <= $1`, [now]);
  }

  /** The newest messages that stand, oldest first. */
  async newest(roomId: string, before: number | undefined, limit: number): Promise<SpectatorMessageRow[]> {
    const rows = await this.dataSource.query<SpectatorMessageRow[]>(
      `SELECT ${COLUMNS} FROM ${MESSAGES} WHERE said.room_id = $1 AND ($2::bigint IS NULL OR said.seq < $2) AND said.deleted_at IS NULL
       ORDER BY said.seq DESC LIMIT $3`,
      [roomId, before ?? null, limit],
    );
    return rows.reverse();
  }
}

export const presentToSpectators = (row: SpectatorMessageRow): SpectatorChatMessage => ({
  room_id: row.room_id,
  message_id: row.id,
  seq: Number(row.seq),
  revision: Number(row.revision),
  spectator_id: spectatorIdOf(row.speaker),
  display_name: row.display_name,
  author_type: row.author_type,
  message: row.body,
  timestamp: row.created_at.toISOString(),
  reply_to: row.reply_to_id,
});

export const presentToMembers = (row: SpectatorMessageRow): SpectatorMessageView => ({
  id: row.id,
  roomId: row.room_id,
  seq: Number(row.seq),
  revision: Number(row.revision),
  authorType: row.author_type,
  author: row.display_name,
  message: row.body,
  replyTo: row.reply_to_id,
  timestamp: row.created_at.toISOString(),
  deletedAt: row.deleted_at?.toISOString() ?? null,
  promotedAs: row.promoted_as,
});
