import { randomUUID } from 'node:crypto';
import type { ChatMessage, PromoteSpectatorMessage } from '@clawtank/contracts';
import { USUAL_MESSAGE } from '@clawtank/room-state';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { actorOf, type HumanCaller } from '../platform/caller.js';
import { UnitOfWork, type Work } from '../platform/database/unit-of-work.js';
import { notFound, Refusal } from '../platform/errors/refusal.js';
import { type Entered, RoomAccess, RoomLog } from '../rooms/index.js';
import { ChangedMessages } from './changed-messages.js';
import { MessageReader } from './message.reader.js';

interface SpectatorsWords {
  readonly id: string;
  readonly display_name: string;
  readonly body: string;
  readonly deleted_at: Date | null;
}

/**
 * Brings what a spectator said into the room, once: an entry of its own that quotes the words as the spectator's and names the member
 * who promoted them. Nothing is looked for in the words. They mention nobody, answer nothing and ask for nothing, whatever they say,
 * so that no agent is addressed and none has work from them; agents read them as what they are, by `trust`.
 */
@Injectable()
export class Promotion {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly rooms: RoomAccess,
    private readonly log: RoomLog,
    private readonly reader: MessageReader,
    private readonly messages: ChangedMessages,
  ) {}

  promote(caller: HumanCaller, request: PromoteSpectatorMessage): Promise<ChatMessage> {
    const { roomId, spectatorMessageId } = request;
    const key = { actorId: caller.id, commandId: request.commandId, name: 'promote_spectator_message', request };
    return this.unitOfWork.runOnce(
      key,
      async (work) => {
        const entered = await this.rooms.enter(work, caller, roomId, 'promote_spectator_message');
        const promoted = await this.promoted(work.manager, spectatorMessageId);
        return promoted
          ? this.reader.get(roomId, promoted, work.manager)
          : this.quote(work, caller, entered, spectatorMessageId);
      },
      this.messages.kept,
    );
  }

  private async quote(
    work: Work,
    caller: HumanCaller,
    { room, abilities }: Entered,
    spectatorMessageId: string,
  ): Promise<ChatMessage> {
    const { spectatorChat } = room.settings;
    const isSeen = spectatorChat === 'visible' || spectatorChat === 'interactive';
    if (!isSeen && !abilities.includes('delete_any_message')) {
      throw new Refusal('forbidden', 'The spectators of this room keep their chat to themselves');
    }
    const words = await this.standing(work.manager, room.id, spectatorMessageId);
    const message: ChatMessage = {
      ...USUAL_MESSAGE,
      type: 'chat_message',
      id: randomUUID(),
      roomId: room.id,
      seq: room.lastSeq + 1,
      userId: caller.id,
      author: { type: 'spectator', id: null, name: words.display_name },
      message: words.body,
      promotedBy: actorOf(caller),
      spectatorMessageId,
      trust: 'spectator',
      timestamp: work.now.toISOString(),
    };
    const { id } = message;
    await this.log.append(work, room, {
      id,
      type: 'chat.message',
      actor: actorOf(caller),
      data: { message },
      unreached: 'all',
    });
    await this.insert(work, message);
    return message;
  }

  /** The message, which nobody takes back until the quote of it is stored; then whoever takes it back finds the quote. */
  private async standing(manager: EntityManager, roomId: string, id: string): Promise<SpectatorsWords> {
    const [words] = await manager.query<SpectatorsWords[]>(
      `SELECT id, display_name, body, deleted_at FROM spectator_messages WHERE id = $1 AND room_id = $2 FOR SHARE`,
      [id, roomId],
    );
    if (!words) {
      throw notFound('message in the spectators’ chat');
    }
    if (words.deleted_at !== null) {
      throw new Refusal('message_deleted', 'This message was deleted');
    }
    return words;
  }

  private async promoted(manager: EntityManager, spectatorMessageId: string): Promise<string | null> {
    const [row] = await manager.query<{ id: string }[]>(`SELECT id FROM messages WHERE promoted_from_id = $1`, [
      spectatorMessageId,
    ]);
    return row?.id ?? null;
  }

  private async insert({ manager }: Work, message: ChatMessage): Promise<void> {
    await manager.query(
      `INSERT INTO messages (id, room_id, seq, author_type, author_id, author_name, body, visibility, trust, promoted_from_id,
                             promoted_by_name, created_at)
       VALUES ($1, $2, $3, 'spectator', $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        message.id,
        message.roomId,
        message.seq,
        message.userId,
        message.author.name,
        message.message,
        message.visibility,
        message.trust,
        message.spectatorMessageId,
        message.promotedBy?.name,
        message.timestamp,
      ],
    );
  }
}
