import { ListSpectatorMessages, SpectatorMessagePage } from '@clawtank/contracts';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { Caller } from '../../platform/caller.js';
import { Answers } from '../../platform/http/answers.js';
import { CurrentCaller } from '../../platform/http/caller.guard.js';
import { IdParam } from '../../platform/http/parameters.js';
import { SpectatorChat } from './spectator-chat.service.js';

@ApiTags('spectators')
@ApiBearerAuth()
@Controller('rooms/:id/spectator-chat')
export class SpectatorChatController {
  constructor(private readonly chat: SpectatorChat) {}

  @Get()
  @Answers(SpectatorMessagePage)
  page(
    @CurrentCaller() caller: Caller,
    @IdParam('id') roomId: string,
    @Query({ schema: ListSpectatorMessages }) query: ListSpectatorMessages,
  ): Promise<SpectatorMessagePage> {
    return this.chat.page(caller, roomId, query);
  }
}
