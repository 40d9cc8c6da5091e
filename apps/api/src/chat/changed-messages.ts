import type { ChatMessage } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { KeptByName, Work } from '../platform/database/unit-of-work.js';
import { Refusal } from '../platform/errors/refusal.js';
import type { RoomEntity } from '../rooms/index.js';
import { MessageReader } from './message.reader.js';

interface Kept {
  readonly roomId: string;
  readonly messageId: string;
}

/** What everything that happens to a message has in common. */
@Injectable()
export class ChangedMessages {
  constructor(private readonly reader: MessageReader) {}

  /** Replies to commands about messages are kept by the message's name: its text is copied nowhere, so that it can be deleted. */
  readonly kept: KeptByName<ChatMessage> = {
    name: ({ roomId, id }) => ({ roomId, messageId: id }) satisfies Kept,
    read: (manager: EntityManager, name) => this.reader.get((name as Kept).roomId, (name as Kept).messageId, manager),
  };

  /** The message of the room, which is held, and whether strangers were told of it. Refuses one that was deleted. */
  async standing(
    work: Work,
    room: RoomEntity,
    messageId: string,
  ): Promise<{ message: ChatMessage; isPublic: boolean }> {
    const message = await this.reader.get(room.id, messageId, work.manager);
    if (message.deletedAt !== null) {
      throw new Refusal('message_deleted', 'This message was deleted');
    }
    const [entry] = await work.manager.query<{ public_seq: string | null }[]>(
      `SELECT public_seq FROM room_events WHERE room_id = $1 AND seq = $2`,
      [room.id, message.seq],
    );
    return { message, isPublic: entry !== undefined && entry.public_seq !== null };
  }
}
