import { randomUUID } from 'node:crypto';
import type { ChatMessage, SendMessage } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { actorOf, type Caller } from '../platform/caller.js';
import { UnitOfWork, type Work } from '../platform/database/unit-of-work.js';
import { type Entered, readMembers, RoomAccess, RoomLog } from '../rooms/index.js';
import { mentionedMembers, mentionedNames } from './domain/mentions.js';

/** What people and agents say in rooms. */
@Injectable()
export class ChatService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly rooms: RoomAccess,
    private readonly log: RoomLog,
  ) {}

  /** Stores and broadcasts a message. A repeat with the same `clientMessageId` is answered with the first one's message. */
  send(caller: Caller, request: SendMessage): Promise<ChatMessage> {
    const key = { actorId: caller.id, commandId: request.clientMessageId, name: 'chat_message', request };
    return this.unitOfWork.runOnce(key, async (work) => {
      const entered = await this.rooms.enter(work, caller, request.roomId, 'chat');
      return this.store(work, caller, entered, request);
    });
  }

  private async store(work: Work, caller: Caller, { room, seat }: Entered, request: SendMessage): Promise<ChatMessage> {
    const { message: text, mentions = [] } = request;
    // Who is here is asked only where somebody may be meant: most messages mention nobody.
    const mayMention = mentions.length > 0 || mentionedNames(text).length > 0;
    const members = mayMention ? await readMembers(work.manager, room.id) : [];
    const mentioned = mentionedMembers(text, mentions, caller.id, members);
    const message: ChatMessage = {
      type: 'chat_message',
      id: randomUUID(),
      roomId: room.id,
      seq: room.lastSeq + 1,
      userId: caller.id,
      author: actorOf(caller),
      message: request.message,
      mentions: mentioned.map(({ name }) => name),
      visibility: request.visibility,
      trust: caller.type === 'agent' ? 'agent' : seat.role === 'host' ? 'owner' : 'member',
      clientMessageId: request.clientMessageId ?? null,
      timestamp: work.now.toISOString(),
    };
    await this.log.append(work, room, {
      id: message.id,
      type: 'chat.message',
      actor: message.author,
      data: { message },
    });
    await work.manager.query(
      `INSERT INTO messages (id, room_id, seq, author_type, author_id, author_name, body, mentions, visibility, trust, client_message_id, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
      [
        message.id,
        room.id,
        message.seq,
        caller.type,
        caller.id,
        caller.name,
        message.message,
        message.mentions,
        message.visibility,
        message.trust,
        message.clientMessageId,
        work.now,
      ],
    );
    const agentIds = mentioned.filter(({ type }) => type === 'agent').map(({ id }) => id);
    // Only people give work: agents that mention each other would never stop.
    if (agentIds.length > 0 && caller.type === 'human') {
      work.announce({
        name: 'chat.agents_mentioned',
        data: { roomId: room.id, messageId: message.id, seq: message.seq, agentIds },
      });
    }
    return message;
  }
}
