import { ConnectionOverview, SystemMetrics } from '@clawtank/contracts';
import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { HumanCaller } from '../platform/caller.js';
import { Refusal } from '../platform/errors/refusal.js';
import { Answers } from '../platform/http/answers.js';
import { CurrentCaller, ForPeople } from '../platform/http/caller.guard.js';
import { ConnectionMap } from '../rooms/index.js';
import { overviewOf } from './domain/connection-overview.js';
import { SystemMonitor } from './system-monitor.js';

@ApiTags('administration')
@ApiBearerAuth()
@ForPeople()
@Controller('admin')
export class MetricsController {
  constructor(
    private readonly monitor: SystemMonitor,
    private readonly connections: ConnectionMap,
  ) {}

  @Get('metrics')
  @Answers(SystemMetrics)
  async metrics(@CurrentCaller() caller: HumanCaller): Promise<SystemMetrics> {
    requireAdministrator(caller);
    return this.monitor.read();
  }

  @Get('connections')
  @Answers(ConnectionOverview)
  async connected(@CurrentCaller() caller: HumanCaller): Promise<ConnectionOverview> {
    requireAdministrator(caller);
    return overviewOf(await this.connections.read());
  }
}

function requireAdministrator({ isAdmin }: HumanCaller): void {
  if (!isAdmin) {
    throw new Refusal('forbidden', 'Only administrators see this');
  }
}
