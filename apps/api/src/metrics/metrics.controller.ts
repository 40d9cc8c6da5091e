import { SystemMetrics } from '@clawtank/contracts';
import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { HumanCaller } from '../platform/caller.js';
import { Refusal } from '../platform/errors/refusal.js';
import { Answers } from '../platform/http/answers.js';
import { CurrentCaller, ForPeople } from '../platform/http/caller.guard.js';
import { SystemMonitor } from './system-monitor.js';

@ApiTags('administration')
@ApiBearerAuth()
@Controller('admin/metrics')
export class MetricsController {
  constructor(private readonly monitor: SystemMonitor) {}

  @Get()
  @ForPeople()
  @Answers(SystemMetrics)
  async read(@CurrentCaller() caller: HumanCaller): Promise<SystemMetrics> {
    if (!caller.isAdmin) {
      throw new Refusal('forbidden', 'Only administrators see this');
    }
    return this.monitor.read();
  }
}
