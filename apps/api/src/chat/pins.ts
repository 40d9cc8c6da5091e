import type { ChatMessage, PinMessage } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { actorOf, type HumanCaller } from '../platform/caller.js';
import { UnitOfWork, type Work } from '../platform/database/unit-of-work.js';
import { Refusal } from '../platform/errors/refusal.js';
import { RoomAccess, RoomLog } from '../rooms/index.js';
import { ChangedMessages } from './changed-messages.js';

/** More would no longer be at hand. */
const MAX_PINS = 50;

/** Messages that a room keeps at hand. */
@Injectable()
export class Pins {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly rooms: RoomAccess,
    private readonly log: RoomLog,
    private readonly messages: ChangedMessages,
  ) {}

  /** Pins the message or lets go of it. What is so already changes nothing and is told to nobody. */
  pin(caller: HumanCaller, request: PinMessage): Promise<ChatMessage> {
    const key = { actorId: caller.id, commandId: request.commandId, name: 'pin_message', request };
    return this.unitOfWork.runOnce(
      key,
      async (work) => {
        const { room } = await this.rooms.enter(work, caller, request.roomId, 'pin_message');
        const { message } = await this.messages.standing(work, room, request.messageId);
        if ((message.pinnedAt !== null) === request.pinned) {
          return message;
        }
        if (request.pinned) {
          await this.refuseTooMany(work, room.id);
        }
        const pinnedAt = request.pinned ? work.now.toISOString() : null;
        await work.manager.query(`UPDATE messages SET pinned_at = $2 WHERE id = $1`, [message.id, pinnedAt]);
        const actor = actorOf(caller);
        await this.log.append(
          work,
          room,
          pinnedAt === null
            ? { type: 'chat.unpinned', actor, data: { messageId: message.id } }
            : { type: 'chat.pinned', actor, data: { messageId: message.id, pinnedAt } },
        );
        return { ...message, pinnedAt };
      },
      this.messages.kept,
    );
  }

  private async refuseTooMany({ manager }: Work, roomId: string): Promise<void> {
    const [row] = await manager.query<{ pins: number }[]>(
      `SELECT count(*)::int AS pins FROM messages WHERE room_id = $1 AND pinned_at IS NOT NULL`,
      [roomId],
    );
    if ((row?.pins ?? 0) >= MAX_PINS) {
      throw new Refusal('quota_exceeded', `A room has at most ${MAX_PINS} pinned messages; let go of one first`);
    }
  }
}
