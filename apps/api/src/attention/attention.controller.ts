import { Badges, ListNotifications, NotificationPage, ReadNotifications, RoomPreferences } from '@clawtank/contracts';
import { Body, Controller, Get, Post, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { HumanCaller } from '../platform/caller.js';
import { Answers, AnswersNothing } from '../platform/http/answers.js';
import { CurrentCaller, ForPeople } from '../platform/http/caller.guard.js';
import { IdParam } from '../platform/http/parameters.js';
import { DirectTalk } from '../rooms/index.js';
import { BadgeReader } from './badge.reader.js';
import { NotificationReader } from './notification.reader.js';
import { Notifications } from './notifications.service.js';
import { Reading } from './reading.service.js';

@ApiTags('attention')
@ApiBearerAuth()
@ForPeople()
@Controller()
export class AttentionController {
  constructor(
    private readonly badges: BadgeReader,
    private readonly direct: DirectTalk,
    private readonly reading: Reading,
    private readonly notifications: Notifications,
    private readonly notificationReader: NotificationReader,
  ) {}

  @Get('me/badges')
  @Answers(Badges)
  async listBadges(@CurrentCaller() { userId }: HumanCaller): Promise<Badges> {
    const [rooms, direct, unread] = await Promise.all([
      this.badges.ofPerson(userId),
      this.direct.badgesOf([userId]),
      this.notificationReader.unreadOf([userId]),
    ]);
    return { rooms, direct: [...(direct.get(userId) ?? [])], notifications: unread.get(userId) ?? 0 };
  }

  @Get('me/notifications')
  @Answers(NotificationPage)
  listNotifications(
    @CurrentCaller() { userId }: HumanCaller,
    @Query({ schema: ListNotifications }) query: ListNotifications,
  ): Promise<NotificationPage> {
    return this.notificationReader.page(userId, query);
  }

  @Post('me/notifications/read')
  @AnswersNothing()
  readNotifications(
    @CurrentCaller() caller: HumanCaller,
    @Body({ schema: ReadNotifications }) request: ReadNotifications,
  ): Promise<void> {
    return this.notifications.read(caller, request);
  }

  @Get('rooms/:id/preferences')
  @Answers(RoomPreferences)
  preferences(@CurrentCaller() caller: HumanCaller, @IdParam('id') roomId: string): Promise<RoomPreferences> {
    return this.reading.preferences(caller, roomId);
  }

  @Put('rooms/:id/preferences')
  @Answers(RoomPreferences)
  prefer(
    @CurrentCaller() caller: HumanCaller,
    @IdParam('id') roomId: string,
    @Body({ schema: RoomPreferences }) preferences: RoomPreferences,
  ): Promise<RoomPreferences> {
    return this.reading.prefer(caller, roomId, preferences);
  }
}
