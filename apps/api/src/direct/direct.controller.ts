import { DirectBadge, DirectMessagePage, ListDirectMessages } from '@clawtank/contracts';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import * as z from 'zod';
import type { Caller } from '../platform/caller.js';
import { Answers } from '../platform/http/answers.js';
import { CurrentCaller } from '../platform/http/caller.guard.js';
import { IdParam } from '../platform/http/parameters.js';
import { RoomAccess } from '../rooms/index.js';
import { DirectMessageReader } from './direct-message.reader.js';

/** Each route shows the caller's own conversations: there is none by which to name two others. */
@ApiTags('direct')
@ApiBearerAuth()
@Controller('rooms/:id/direct')
export class DirectController {
  constructor(
    private readonly rooms: RoomAccess,
    private readonly reader: DirectMessageReader,
  ) {}

  @Get()
  @Answers(z.array(DirectBadge))
  async list(@CurrentCaller() caller: Caller, @IdParam('id') roomId: string): Promise<DirectBadge[]> {
    await this.rooms.look(caller, roomId, 'read');
    return (await this.reader.badgesOf([caller.id], roomId)).get(caller.id) ?? [];
  }

  @Get(':memberId/messages')
  @Answers(DirectMessagePage)
  async page(
    @CurrentCaller() caller: Caller,
    @IdParam('id') roomId: string,
    @IdParam('memberId') memberId: string,
    @Query({ schema: ListDirectMessages }) query: ListDirectMessages,
  ): Promise<DirectMessagePage> {
    await this.rooms.look(caller, roomId, 'read');
    return this.reader.page(caller.id, memberId, roomId, query);
  }
}
