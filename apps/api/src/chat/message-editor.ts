import type { ChatMessage, EditMessage } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { actorOf, type Caller } from '../platform/caller.js';
import { UnitOfWork, type Work } from '../platform/database/unit-of-work.js';
import { Refusal } from '../platform/errors/refusal.js';
import { RoomAccess, type RoomEntity, RoomLog, spoken } from '../rooms/index.js';
import { ChangedMessages } from './changed-messages.js';
import { MentionStore } from './mention.store.js';
import { PreviewStore } from './previews/preview.store.js';

/** All of them are kept and shown; whoever changes a message more often has something new to say. */
const MAX_EDITS = 100;

/** Lets authors change what they said. */
@Injectable()
export class MessageEditor {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly rooms: RoomAccess,
    private readonly log: RoomLog,
    private readonly messages: ChangedMessages,
    private readonly mentions: MentionStore,
    private readonly previews: PreviewStore,
  ) {}

  edit(caller: Caller, request: EditMessage): Promise<ChatMessage> {
    const key = { actorId: caller.id, commandId: request.commandId, name: 'edit_message', request };
    return this.unitOfWork.runOnce(
      key,
      async (work) => {
        const { room } = await this.rooms.enter(work, caller, request.roomId, 'chat');
        const { message, isPublic } = await this.messages.standing(work, room, request.messageId);
        // The words of a promoted message are the spectator's, not the promoter's.
        if (message.userId !== caller.id || message.promotedBy !== null) {
          throw new Refusal('forbidden', 'Only its author may change a message');
        }
        const text = spoken(request.message);
        return text === message.message ? message : this.change(work, room, caller, message, text, isPublic);
      },
      this.messages.kept,
    );
  }

  private async change(
    work: Work,
    room: RoomEntity,
    caller: Caller,
    before: ChatMessage,
    text: string,
    isPublic: boolean,
  ): Promise<ChatMessage> {
    const { named, isForAll, addressed } = await this.mentions.find(work.manager, room.id, caller.id, text);
    const message: ChatMessage = {
      ...before,
      message: text,
      mentions: named.map(({ name }) => name),
      mentionsHere: isForAll,
      preview: await this.previews.keep(work, before, text),
      editedAt: work.now.toISOString(),
    };
    await this.keepVersion(work, before);
    await work.manager.query(
      `UPDATE messages SET body = $2, mentions = $3, mentions_here = $4, edited_at = $5 WHERE id = $1`,
      [message.id, text, message.mentions, isForAll, work.now],
    );
    await this.mentions.replace(work.manager, message, addressed);
    await this.log.restate(work, room, message);
    await this.log.append(work, room, {
      type: 'chat.edited',
      actor: actorOf(caller),
      data: { message },
      isPrivate: !isPublic,
    });
    this.previews.wish(work, room, message);
    return message;
  }

  private async keepVersion({ manager }: Work, { id, message, editedAt, timestamp }: ChatMessage): Promise<void> {
    const [row] = await manager.query<{ edits: number }[]>(
      `SELECT count(*)::int AS edits FROM message_versions WHERE message_id = $1`,
      [id],
    );
    const edits = row?.edits ?? 0;
    if (edits >= MAX_EDITS) {
      throw new Refusal('quota_exceeded', `A message can be changed ${MAX_EDITS} times; write another one`);
    }
    await manager.query(
      `INSERT INTO message_versions (message_id, version, body, created_at) VALUES ($1, $2, $3, $4)`,
      [id, edits + 1, message, editedAt ?? timestamp],
    );
  }
}
