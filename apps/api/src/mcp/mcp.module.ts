import { Module } from '@nestjs/common';
import { AgentsModule } from '../agents/index.js';
import { AuthModule } from '../auth/index.js';
import { RoomsModule } from '../rooms/index.js';
import { McpEndpoint } from './mcp.endpoint.js';
import { McpServers } from './mcp-servers.js';
import { RoomReader } from './room-reader.js';
import { RoomResources } from './room-resources.js';
import { EventWaits } from './waits/event-waits.js';

@Module({
  imports: [AgentsModule, AuthModule, RoomsModule],
  providers: [EventWaits, McpEndpoint, McpServers, RoomReader, RoomResources],
})
export class McpModule {}
