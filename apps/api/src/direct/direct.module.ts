import { Module } from '@nestjs/common';
import { RoomsModule } from '../rooms/index.js';
import { DirectController } from './direct.controller.js';
import { DirectGateway } from './direct.gateway.js';
import { DirectMessageReader } from './direct-message.reader.js';
import { Direct } from './direct.service.js';

@Module({
  imports: [RoomsModule],
  controllers: [DirectController],
  providers: [Direct, DirectGateway, DirectMessageReader],
})
export class DirectModule {}
