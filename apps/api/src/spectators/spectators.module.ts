import { Module } from '@nestjs/common';
import { RoomsModule } from '../rooms/index.js';
import { PlainSpectators } from './plain-spectators.js';
import { PublicRoomReader } from './public-room.reader.js';
import { SpectatedRooms } from './spectated-rooms.js';
import { SpectatorDesk } from './spectator-desk.js';
import { SpectatorLimits } from './spectator-limits.js';
import { SpectatorsGateway } from './spectators.gateway.js';

@Module({
  imports: [RoomsModule],
  providers: [PlainSpectators, PublicRoomReader, SpectatedRooms, SpectatorDesk, SpectatorLimits, SpectatorsGateway],
})
export class SpectatorsModule {}
