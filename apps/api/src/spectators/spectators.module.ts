import { Module } from '@nestjs/common';
import { RoomsModule } from '../rooms/index.js';
import { ForgetOrigins } from './chat/forget-origins.jobs.js';
import { SpectatorChatController } from './chat/spectator-chat.controller.js';
import { SpectatorChatFeed } from './chat/spectator-chat.feed.js';
import { SpectatorChatGateway } from './chat/spectator-chat.gateway.js';
import { SpectatorChatReader } from './chat/spectator-chat.reader.js';
import { SpectatorChat } from './chat/spectator-chat.service.js';
import { SpectatorChatStore } from './chat/spectator-chat.store.js';
import { SpectatorIdentity } from './chat/spectator-identity.js';
import { PlainSpectators } from './plain-spectators.js';
import { PublicRoomReader } from './public-room.reader.js';
import { SpectatedRooms } from './spectated-rooms.js';
import { SpectatorDesk } from './spectator-desk.js';
import { SpectatorLimits } from './spectator-limits.js';
import { SpectatorsGateway } from './spectators.gateway.js';

@Module({
  imports: [RoomsModule],
  controllers: [SpectatorChatController],
  providers: [
    ForgetOrigins,
    PlainSpectators,
    PublicRoomReader,
    SpectatedRooms,
    SpectatorChat,
    SpectatorChatFeed,
    SpectatorChatGateway,
    SpectatorChatReader,
    SpectatorChatStore,
    SpectatorDesk,
    SpectatorIdentity,
    SpectatorLimits,
    SpectatorsGateway,
  ],
})
export class SpectatorsModule {}
