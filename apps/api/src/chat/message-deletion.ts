import type { Actor, ChatMessage, DeleteMessage } from '@clawtank/contracts';
import { deletedMessage } from '@clawtank/room-state';
import { Injectable } from '@nestjs/common';
import type { DomainEventMap } from '../events/domain-events.js';
import { actorOf, type Caller } from '../platform/caller.js';
import { UnitOfWork, type Work } from '../platform/database/unit-of-work.js';
import { Refusal } from '../platform/errors/refusal.js';
import { AuditLog, type Entered, RoomAccess, type RoomEntity, RoomLog } from '../rooms/index.js';
import { ChangedMessages } from './changed-messages.js';
import { MessageReader } from './message.reader.js';

type DeletedWords = DomainEventMap['spectators.message_deleted'];

/**
 * Takes messages back, everywhere and for good. What remains is an empty place in the log: who said something when, and nothing
 * of what. Nothing is hidden on the way out: it is taken out of every row that holds it, in the transaction that deletes it, and
 * other features, which hold no text but what they copied on purpose, do the same when they hear of it.
 */
@Injectable()
export class MessageDeletion {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly rooms: RoomAccess,
    private readonly log: RoomLog,
    private readonly audit: AuditLog,
    private readonly messages: ChangedMessages,
    private readonly reader: MessageReader,
  ) {}

  delete(caller: Caller, request: DeleteMessage): Promise<ChatMessage> {
    const key = { actorId: caller.id, commandId: request.commandId, name: 'delete_message', request };
    return this.unitOfWork.runOnce(
      key,
      async (work) => {
        // Somebody who is muted may still take back what they said.
        const entered = await this.rooms.enter(work, caller, request.roomId, 'read');
        const { message, isPublic } = await this.messages.standing(work, entered.room, request.messageId);
        this.decide(caller, entered, message);
        if (message.userId !== caller.id) {
          await this.audit.record(work, {
            roomId: entered.room.id,
            action: 'message.deleted',
            actor: actorOf(caller),
            target: message.author.name,
            details: { messageId: message.id, seq: message.seq },
          });
        }
        await this.empty(work, entered.room, message, isPublic, actorOf(caller));
        return deletedMessage(message, work.now.toISOString());
      },
      this.messages.kept,
    );
  }

  /** Takes out of the room what was promoted of a spectator's message that is gone. A second call finds nothing more to do. */
  async deletePromoted({ roomId, spectatorMessageId, deletedBy }: DeletedWords): Promise<void> {
    await this.unitOfWork.run(async (work) => {
      const [room] = await this.rooms.holdAll(work, [roomId]);
      const [promoted] = await work.manager.query<{ id: string }[]>(
        `SELECT id FROM messages WHERE promoted_from_id = $1 AND deleted_at IS NULL`,
        [spectatorMessageId],
      );
      if (room && promoted) {
        const { message, isPublic } = await this.messages.standing(work, room, promoted.id);
        await this.empty(work, room, message, isPublic, deletedBy);
      }
    });
  }

  private decide(caller: Caller, { room, abilities }: Entered, message: ChatMessage): void {
    if (room.archivedAt) {
      throw new Refusal('room_archived', 'This room is archived: it can be read, and nothing more happens in it');
    }
    if (message.userId !== caller.id && !abilities.includes('delete_any_message')) {
      throw new Refusal('forbidden', 'Only its author and those who moderate the room may delete a message');
    }
  }

  private async empty(
    work: Work,
    room: RoomEntity,
    { id, seq, threadId }: ChatMessage,
    isPublic: boolean,
    actor: Actor,
  ): Promise<void> {
    const { manager, now } = work;
    await manager.query(
      `UPDATE messages SET body = '', mentions = '{}', mentions_here = false, reply_to_id = NULL, edited_at = NULL, pinned_at = NULL,
              author_name = CASE WHEN author_type = 'spectator' THEN '' ELSE author_name END, deleted_at = $2 WHERE id = $1`,
      [id, now],
    );
    for (const table of [
      'message_versions',
      'message_mentions',
      'message_reactions',
      'message_previews',
      'attachments',
    ]) {
      await manager.query(`DELETE FROM ${table} WHERE message_id = $1`, [id]);
    }
    await this.log.redact(work, room, { id, seq });
    const thread = threadId === null ? null : (await this.reader.get(room.id, threadId, manager)).thread;
    await this.log.append(work, room, {
      type: 'chat.deleted',
      actor,
      data: { messageId: id, threadId, thread },
      isPrivate: !isPublic,
    });
    work.announce({ name: 'chat.message_deleted', data: { roomId: room.id, messageId: id } });
  }
}
