import { Module } from '@nestjs/common';
import { RoomsModule } from '../rooms/index.js';
import { ChatController } from './chat.controller.js';
import { ChatGateway } from './chat.gateway.js';
import { ChatService } from './chat.service.js';
import { MessageReader } from './message.reader.js';

@Module({
  imports: [RoomsModule],
  controllers: [ChatController],
  providers: [ChatGateway, ChatService, MessageReader],
})
export class ChatModule {}
