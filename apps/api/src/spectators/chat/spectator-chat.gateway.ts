import type {
  AnswerSpectators,
  DeleteSpectatorMessage,
  MuteSpectator,
  SpectatorMessageView,
  SpectatorMute,
} from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import type { HumanCaller } from '../../platform/caller.js';
import { Command } from '../../platform/sockets/command.js';
import { SpectatorChat } from './spectator-chat.service.js';

/** What members do in the chat of their room's spectators. */
@Injectable()
export class SpectatorChatGateway {
  constructor(private readonly chat: SpectatorChat) {}

  @Command('spectator_chat_message')
  answer(caller: HumanCaller, request: AnswerSpectators): Promise<SpectatorMessageView> {
    return this.chat.answer(caller, request);
  }

  @Command('delete_spectator_message')
  delete(caller: HumanCaller, request: DeleteSpectatorMessage): Promise<SpectatorMessageView> {
    return this.chat.delete(caller, request);
  }

  @Command('mute_spectator')
  mute(caller: HumanCaller, request: MuteSpectator): Promise<SpectatorMute> {
    return this.chat.mute(caller, request);
  }
}
