import { randomUUID } from 'node:crypto';
import type { ChatMessage, Member, SendMessage } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { actorOf, type Caller } from '../platform/caller.js';
import type { Work } from '../platform/database/unit-of-work.js';
import { invalidInput } from '../platform/errors/parse.js';
import { Refusal } from '../platform/errors/refusal.js';
import { AgentReach, AgentUses, type Entered, type Reach, RoomLog } from '../rooms/index.js';
import { AttachmentStore } from './attachments/attachment.store.js';
import type { Mentions } from './domain/mentions.js';
import { trustOf } from './domain/plain-message.js';
import { isSlowed, slowModeWait } from './domain/slow-mode.js';
import { MentionStore } from './mention.store.js';
import { MessageReader } from './message.reader.js';
import { PreviewStore } from './previews/preview.store.js';

/** Writes one message with all that follows from it, in a room that is held. */
@Injectable()
export class MessageWriter {
  constructor(
    private readonly log: RoomLog,
    private readonly reader: MessageReader,
    private readonly mentions: MentionStore,
    private readonly attachments: AttachmentStore,
    private readonly previews: PreviewStore,
    private readonly reach: AgentReach,
    private readonly uses: AgentUses,
  ) {}

  async write(work: Work, caller: Caller, entered: Entered, request: SendMessage): Promise<ChatMessage> {
    const { room, seat } = entered;
    await this.keepSlow(work, caller, entered);
    await this.checkPlace(work, request);
    await this.uses.requireOne(work, caller, entered, 'message');
    const { message: text, mentions: alsoMentioned = [], attachmentIds = [] } = request;
    const mentions = await this.mentions.find(work.manager, room.id, caller.id, text, alsoMentioned);
    const { addressed } = mentions;
    const { replyTo, threadId } = request;
    const reach = await this.reach.decide(work, room, { author: caller, addressed, replyTo, threadId });
    const id = randomUUID();
    const seq = room.lastSeq + 1;
    const message: ChatMessage = {
      type: 'chat_message',
      id,
      roomId: room.id,
      seq,
      userId: caller.id,
      author: actorOf(caller),
      promotedBy: null,
      spectatorMessageId: null,
      message: text,
      mentions: mentions.named.map(({ name }) => name),
      mentionsHere: mentions.isForAll,
      visibility: request.visibility,
      trust: trustOf(seat),
      replyTo: replyTo ?? null,
      threadId: threadId ?? null,
      thread: null,
      attachments: await this.attachments.free(work.manager, room.id, caller.id, attachmentIds),
      preview: null,
      reactions: [],
      clientMessageId: request.clientMessageId ?? null,
      timestamp: work.now.toISOString(),
      editedAt: null,
      deletedAt: null,
      pinnedAt: null,
    };
    await this.log.append(work, room, {
      id,
      type: 'chat.message',
      actor: message.author,
      data: { message },
      unreached: reach.unreached,
    });
    await this.insert(work, message);
    await this.attachments.attach(work.manager, id, attachmentIds);
    await this.mentions.save(work.manager, message, addressed);
    this.announce(work, caller, message, mentions, reach);
    await this.reach.tell(work, room, reach);
    this.previews.wish(work, room, message);
    return message;
  }

  /** Lets members who look after nothing wait between two messages, if the room wants that. */
  private async keepSlow(work: Work, caller: Caller, { room, seat }: Pick<Entered, 'room' | 'seat'>): Promise<void> {
    const { slowModeSeconds } = room.settings;
    if (slowModeSeconds === 0 || !isSlowed(seat)) {
      return;
    }
    const [last] = await work.manager.query<{ created_at: Date }[]>(
      `SELECT created_at FROM messages WHERE room_id = $1 AND author_id = $2 AND created_at > $3::timestamptz - $4 * interval '1 second'
       ORDER BY created_at DESC LIMIT 1`,
      [room.id, caller.id, work.now, slowModeSeconds],
    );
    const wait = slowModeWait(last?.created_at ?? null, slowModeSeconds, work.now);
    if (wait > 0) {
      throw new Refusal('slow_mode', `In this room you may write every ${slowModeSeconds} seconds`, {
        retryAfter: wait,
      });
    }
  }

  /** Requires what the message answers, and the thread it belongs to, to be there and to stand. */
  private async checkPlace({ manager }: Work, { roomId, replyTo, threadId }: SendMessage): Promise<void> {
    for (const [field, id] of [
      ['replyTo', replyTo],
      ['threadId', threadId],
    ] as const) {
      if (id !== undefined) {
        const target = await this.reader.get(roomId, id, manager);
        if (target.deletedAt !== null) {
          throw new Refusal('message_deleted', 'The message that you answer was deleted');
        }
        if (field === 'threadId' && target.threadId !== null) {
          throw invalidInput([{ path: [field], message: 'A thread hangs on a message that is in no thread itself' }]);
        }
      }
    }
  }

  private async insert({ manager }: Work, message: ChatMessage): Promise<void> {
    await manager.query(
      `INSERT INTO messages (id, room_id, seq, author_type, author_id, author_name, body, mentions, mentions_here, visibility, trust,
                             reply_to_id, thread_id, client_message_id, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
      [
        message.id,
        message.roomId,
        message.seq,
        message.author.type,
        message.userId,
        message.author.name,
        message.message,
        message.mentions,
        message.mentionsHere,
        message.visibility,
        message.trust,
        message.replyTo,
        message.threadId,
        message.clientMessageId,
        message.timestamp,
      ],
    );
  }

  private announce(
    work: Work,
    caller: Caller,
    message: ChatMessage,
    { named, addressed }: Mentions<Member>,
    { unreached }: Reach,
  ): void {
    const { roomId, id: messageId, seq } = message;
    if (addressed.length > 0 || message.replyTo !== null || message.threadId !== null) {
      work.announce({ name: 'chat.message_sent', data: { roomId, messageId, seq } });
    }
    const agentIds = named
      .filter(({ type, id }) => type === 'agent' && unreached !== 'all' && !unreached.has(id))
      .map(({ id }) => id);
    // Only people give work: agents that mention each other would never stop.
    if (agentIds.length > 0 && caller.type === 'human') {
      work.announce({ name: 'chat.agents_mentioned', data: { roomId, messageId, seq, agentIds } });
    }
  }
}
