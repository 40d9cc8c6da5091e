import type { ChatMessage, SendMessage } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../platform/caller.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { RoomAccess, spoken } from '../rooms/index.js';
import { violatedConstraint } from '../users/index.js';
import { EarlierMessage } from './earlier-message.js';
import { MessageLane } from './message-lane.js';
import { MessageWriter } from './message-writer.js';

const SAME_ID = 'messages_client_key';

/** What people and agents say in rooms. */
@Injectable()
export class ChatService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly rooms: RoomAccess,
    private readonly lane: MessageLane,
    private readonly earlier: EarlierMessage,
    private readonly writer: MessageWriter,
  ) {}

  /** Stores and broadcasts a message. A repeat with the same `clientMessageId` is answered with the first one's message. */
  async send(caller: Caller, { message, ...sent }: SendMessage): Promise<ChatMessage> {
    const request = { ...sent, message: spoken(message) };
    return (await this.lane.send(caller, request)) ?? (await this.sendAlone(caller, request));
  }

  /** The ordinary way, a transaction for one message: for whatever the lane does not take, and for every refusal. */
  private async sendAlone(caller: Caller, request: SendMessage): Promise<ChatMessage> {
    const send = () =>
      this.unitOfWork.run(async (work) => {
        const earlier = await this.earlier.find(work.manager, caller, request);
        if (earlier) {
          return earlier;
        }
        const entered = await this.rooms.enter(work, caller, request.roomId, 'chat');
        // The first one may have been stored while this one waited for the room.
        return (
          (await this.earlier.find(work.manager, caller, request)) ??
          (await this.writer.write(work, caller, entered, request))
        );
      });
    return send().catch((error: unknown) => {
      if (violatedConstraint(error) === SAME_ID) {
        return send(); // it was, in another room meanwhile
      }
      throw error;
    });
  }
}
