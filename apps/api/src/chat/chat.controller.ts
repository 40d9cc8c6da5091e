import { ChatMessage, ListMessages, MessageHistory, MessagePage } from '@clawtank/contracts';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { Caller } from '../platform/caller.js';
import { Answers } from '../platform/http/answers.js';
import { CurrentCaller } from '../platform/http/caller.guard.js';
import { IdParam } from '../platform/http/parameters.js';
import { AgentView, RoomAccess } from '../rooms/index.js';
import { MessageReader } from './message.reader.js';

@ApiTags('chat')
@ApiBearerAuth()
@Controller('rooms/:id/messages')
export class ChatController {
  constructor(
    private readonly rooms: RoomAccess,
    private readonly messages: MessageReader,
    private readonly agentView: AgentView,
  ) {}

  @Get()
  @Answers(MessagePage)
  async list(
    @CurrentCaller() caller: Caller,
    @IdParam('id') roomId: string,
    @Query({ schema: ListMessages }) query: ListMessages,
  ): Promise<MessagePage> {
    await this.rooms.look(caller, roomId, 'read');
    const page = await this.messages.page(roomId, query);
    return { ...page, messages: await this.agentView.messages(caller, roomId, page.messages) };
  }

  @Get(':messageId')
  @Answers(ChatMessage)
  async get(
    @CurrentCaller() caller: Caller,
    @IdParam('id') roomId: string,
    @IdParam('messageId') messageId: string,
  ): Promise<ChatMessage> {
    await this.rooms.look(caller, roomId, 'read');
    const [message] = await this.agentView.messages(caller, roomId, [await this.messages.get(roomId, messageId)]);
    return message!;
  }

  @Get(':messageId/history')
  @Answers(MessageHistory)
  async history(
    @CurrentCaller() caller: Caller,
    @IdParam('id') roomId: string,
    @IdParam('messageId') messageId: string,
  ): Promise<MessageHistory> {
    await this.rooms.look(caller, roomId, 'read');
    return this.messages.history(roomId, messageId);
  }
}
