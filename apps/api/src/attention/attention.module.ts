import { Module } from '@nestjs/common';
import { RoomsModule } from '../rooms/index.js';
import { AttentionController } from './attention.controller.js';
import { AttentionGateway } from './attention.gateway.js';
import { AttentionListener } from './attention.listener.js';
import { AttentionNews } from './attention-news.js';
import { BadgeReader } from './badge.reader.js';
import { BadgeUpdates } from './badge-updates.js';
import { NotificationReader } from './notification.reader.js';
import { Notifications } from './notifications.service.js';
import { Reading } from './reading.service.js';
import { SweepNotifications } from './sweep-notifications.jobs.js';
import { UnreadRooms } from './unread-rooms.js';

@Module({
  imports: [RoomsModule],
  controllers: [AttentionController],
  providers: [
    AttentionGateway,
    AttentionListener,
    AttentionNews,
    BadgeReader,
    BadgeUpdates,
    NotificationReader,
    Notifications,
    Reading,
    SweepNotifications,
    UnreadRooms,
  ],
})
export class AttentionModule {}
