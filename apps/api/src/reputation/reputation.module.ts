import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { RoomsModule } from '../rooms/index.js';
import { UsersModule } from '../users/index.js';
import { ReputationController } from './reputation.controller.js';
import { ReputationListener } from './reputation.listener.js';
import { ReputationReader } from './reputation.reader.js';
import { ReputationService } from './reputation.service.js';
import { UserReputationEntity } from './user-reputation.entity.js';
import { XpEntryEntity } from './xp-entry.entity.js';

@Module({
  imports: [TypeOrmModule.forFeature([UserReputationEntity, XpEntryEntity]), RoomsModule, UsersModule],
  controllers: [ReputationController],
  providers: [ReputationListener, ReputationReader, ReputationService],
})
export class ReputationModule {}
