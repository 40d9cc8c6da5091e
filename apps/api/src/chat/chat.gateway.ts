import type { ChatMessage, SendMessage } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../platform/caller.js';
import { Command } from '../platform/sockets/command.js';
import { ChatService } from './chat.service.js';

@Injectable()
export class ChatGateway {
  constructor(private readonly chat: ChatService) {}

  @Command('chat_message')
  send(caller: Caller, request: SendMessage): Promise<ChatMessage> {
    return this.chat.send(caller, request);
  }
}
