import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AgentEntity } from './agent.entity.js';
import { AgentInstances } from './agent-instances.js';
import { AgentKeyEntity } from './agent-key.entity.js';
import { AgentKeysController } from './agent-keys.controller.js';
import { AgentKeysGateway } from './agent-keys.gateway.js';
import { AgentKeys } from './agent-keys.service.js';
import { AgentsController } from './agents.controller.js';
import { Agents } from './agents.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([AgentEntity, AgentKeyEntity])],
  controllers: [AgentsController, AgentKeysController],
  providers: [Agents, AgentInstances, AgentKeys, AgentKeysGateway],
  exports: [Agents, AgentInstances, AgentKeys],
})
export class AgentsModule {}
