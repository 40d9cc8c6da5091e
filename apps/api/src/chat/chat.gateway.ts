import type {
  ChatMessage,
  DeleteMessage,
  EditMessage,
  PinMessage,
  PromoteSpectatorMessage,
  React,
  SendMessage,
} from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import type { Caller, HumanCaller } from '../platform/caller.js';
import { Command } from '../platform/sockets/command.js';
import { ChatService } from './chat.service.js';
import { MessageDeletion } from './message-deletion.js';
import { MessageEditor } from './message-editor.js';
import { Pins } from './pins.js';
import { Promotion } from './promotion.js';
import { Reactions } from './reactions.js';

@Injectable()
export class ChatGateway {
  constructor(
    private readonly chat: ChatService,
    private readonly editor: MessageEditor,
    private readonly deletion: MessageDeletion,
    private readonly reactions: Reactions,
    private readonly pins: Pins,
    private readonly promotion: Promotion,
  ) {}

  @Command('chat_message')
  send(caller: Caller, request: SendMessage): Promise<ChatMessage> {
    return this.chat.send(caller, request);
  }

  @Command('edit_message')
  edit(caller: Caller, request: EditMessage): Promise<ChatMessage> {
    return this.editor.edit(caller, request);
  }

  @Command('delete_message')
  delete(caller: Caller, request: DeleteMessage): Promise<ChatMessage> {
    return this.deletion.delete(caller, request);
  }

  @Command('react')
  react(caller: Caller, request: React): Promise<ChatMessage> {
    return this.reactions.react(caller, request);
  }

  @Command('pin_message')
  pin(caller: HumanCaller, request: PinMessage): Promise<ChatMessage> {
    return this.pins.pin(caller, request);
  }

  @Command('promote_spectator_message')
  promote(caller: HumanCaller, request: PromoteSpectatorMessage): Promise<ChatMessage> {
    return this.promotion.promote(caller, request);
  }
}
