import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AgentEntity } from './agent.entity.js';
import { AgentsController } from './agents.controller.js';
import { Agents } from './agents.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([AgentEntity])],
  controllers: [AgentsController],
  providers: [Agents],
  exports: [Agents],
})
export class AgentsModule {}
