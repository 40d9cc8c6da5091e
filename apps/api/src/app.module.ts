import { type DynamicModule, Module } from '@nestjs/common';
import { AgentsModule } from './agents/index.js';
import { AttentionModule } from './attention/attention.module.js';
import { AuthModule } from './auth/index.js';
import { ChatModule } from './chat/chat.module.js';
import { DirectModule } from './direct/direct.module.js';
import { GitModule } from './git/git.module.js';
import { McpModule } from './mcp/mcp.module.js';
import { MetricsModule } from './metrics/metrics.module.js';
import type { Settings } from './platform/config/settings.js';
import { OversightModule } from './oversight/oversight.module.js';
import { PlatformModule } from './platform/platform.module.js';
import { ReputationModule } from './reputation/reputation.module.js';
import { RoomsModule } from './rooms/index.js';
import { SpectatorsModule } from './spectators/spectators.module.js';
import { TasksModule } from './tasks/tasks.module.js';
import { UsersModule } from './users/index.js';

/** The whole server: the platform, the foundations, and the leaves that stand on them. */
@Module({})
export class AppModule {
  static with(settings: Settings): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.with(settings),
        UsersModule,
        AgentsModule,
        AuthModule,
        RoomsModule,
        ChatModule,
        DirectModule,
        AttentionModule,
        TasksModule,
        GitModule,
        ReputationModule,
        SpectatorsModule,
        McpModule,
        OversightModule,
        MetricsModule,
      ],
    };
  }
}
