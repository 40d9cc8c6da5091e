import { type ChatMessage, MAX_REACTIONS, type React } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { actorOf, type Caller } from '../platform/caller.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { Refusal } from '../platform/errors/refusal.js';
import { RoomAccess, RoomLog } from '../rooms/index.js';
import { ChangedMessages } from './changed-messages.js';
import { MessageReader } from './message.reader.js';

/** Answers to messages by emoji. */
@Injectable()
export class Reactions {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly rooms: RoomAccess,
    private readonly log: RoomLog,
    private readonly messages: ChangedMessages,
    private readonly reader: MessageReader,
  ) {}

  /** Answers the message with the emoji, or takes that back. What is so already changes nothing and is told to nobody. */
  react(caller: Caller, request: React): Promise<ChatMessage> {
    const key = { actorId: caller.id, commandId: request.commandId, name: 'react', request };
    return this.unitOfWork.runOnce(
      key,
      async (work) => {
        const { room } = await this.rooms.enter(work, caller, request.roomId, 'chat');
        const { message } = await this.messages.standing(work, room, request.messageId);
        const isOn = message.reactions.some(
          ({ emoji, memberIds }) => emoji === request.emoji && memberIds.includes(caller.id),
        );
        if (isOn === request.on) {
          return message;
        }
        if (request.on) {
          refuseTooMany(message, request.emoji);
        }
        await work.manager.query(
          request.on
            ? `INSERT INTO message_reactions (message_id, member_id, emoji) VALUES ($1, $2, $3)`
            : `DELETE FROM message_reactions WHERE message_id = $1 AND member_id = $2 AND emoji = $3`,
          [message.id, caller.id, request.emoji],
        );
        const after = await this.reader.get(room.id, message.id, work.manager);
        await this.log.append(work, room, {
          type: 'chat.reacted',
          actor: actorOf(caller),
          data: { messageId: message.id, reactions: after.reactions },
        });
        return after;
      },
      this.messages.kept,
    );
  }
}

function refuseTooMany({ reactions }: ChatMessage, emoji: string): void {
  if (reactions.length >= MAX_REACTIONS && !reactions.some((one) => one.emoji === emoji)) {
    throw new Refusal('too_many_reactions', `A message has at most ${MAX_REACTIONS} different reactions`);
  }
}
