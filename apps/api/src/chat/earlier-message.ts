import type { ChatMessage, SendMessage } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Caller } from '../platform/caller.js';
import { Refusal } from '../platform/errors/refusal.js';
import { RoomLog } from '../rooms/index.js';

interface EarlierRow {
  room_id: string;
  seq: string;
  body: string;
  visibility: ChatMessage['visibility'];
  reply_to_id: string | null;
  thread_id: string | null;
  deleted_at: Date | null;
  attachment_ids: string[];
}

/** Recognises messages that were sent before: a sender's `clientMessageId` names one message for ever. */
@Injectable()
export class EarlierMessage {
  constructor(private readonly log: RoomLog) {}

  /** The message that the sender stored under this id; null if there is none. Refuses another message under the same id. */
  async find(manager: EntityManager, caller: Caller, request: SendMessage): Promise<ChatMessage | null> {
    if (request.clientMessageId === undefined) {
      return null;
    }
    const [row] = await manager.query<EarlierRow[]>(
      // What was said at first stands in the oldest version, once it has been edited.
      `SELECT room_id, seq, visibility, reply_to_id, thread_id, deleted_at,
              coalesce((SELECT first.body FROM message_versions first WHERE first.message_id = m.id ORDER BY version LIMIT 1), body) AS body,
              ARRAY(SELECT id::text FROM attachments a WHERE a.message_id = m.id ORDER BY position) AS attachment_ids
       FROM messages m WHERE author_id = $1 AND client_message_id = $2`,
      [caller.id, request.clientMessageId],
    );
    if (!row) {
      return null;
    }
    if (!isSame(row, request)) {
      throw new Refusal('command_id_reused', 'This message id was used for another message');
    }
    const [entry] = await this.log.after(row.room_id, Number(row.seq) - 1, 1, manager);
    if (entry?.event.type !== 'chat.message') {
      throw new Error(`The log of room ${row.room_id} has no message at ${row.seq}`);
    }
    return entry.event.data.message;
  }
}

/** A deleted message left nothing that could be compared but its place. */
function isSame(row: EarlierRow, request: SendMessage): boolean {
  return (
    row.room_id === request.roomId &&
    (row.deleted_at !== null ||
      (row.body === request.message &&
        row.visibility === request.visibility &&
        row.reply_to_id === (request.replyTo ?? null) &&
        row.thread_id === (request.threadId ?? null) &&
        row.attachment_ids.join() === (request.attachmentIds ?? []).join()))
  );
}
