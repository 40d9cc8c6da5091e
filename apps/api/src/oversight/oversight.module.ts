import { Module } from '@nestjs/common';
import { AgentsModule } from '../agents/index.js';
import { RoomsModule } from '../rooms/index.js';
import { AgentHistory } from './agent-history.js';
import { AgentOverview } from './agent-overview.js';
import { AgentsAtWork } from './agents-at-work.js';
import { AgentsAtWorkController, OversightController } from './oversight.controller.js';

/** What people see of agents: their owners everything, the members of a room what concerns it. Changes nothing. */
@Module({
  imports: [AgentsModule, RoomsModule],
  controllers: [OversightController, AgentsAtWorkController],
  providers: [AgentHistory, AgentOverview, AgentsAtWork],
})
export class OversightModule {}
