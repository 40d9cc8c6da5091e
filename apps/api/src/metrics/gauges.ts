import type { SystemMetrics } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { DataSource } from 'typeorm';
import { Telemetry } from '../platform/telemetry.js';
import { SystemMonitor } from './system-monitor.js';

/** What is measured when somebody looks, rather than when it happens. */
@Injectable()
export class Gauges {
  private readonly system: { readonly [Name in keyof SystemMetrics]: Gauge };
  private readonly outboxBacklog: Gauge;
  private readonly outboxAge: Gauge;

  constructor(
    { registry }: Telemetry,
    private readonly monitor: SystemMonitor,
    private readonly dataSource: DataSource,
  ) {
    const gauge = (name: string, help: string) => new Gauge({ name, help, registers: [registry] });
    this.system = {
      activeConnections: gauge('clawtank_active_connections', 'Open sockets of all kinds.'),
      messageRate: gauge('clawtank_messages_per_second', 'Chat messages, over the last minute.'),
      roomCount: gauge('clawtank_rooms', 'Rooms of the whole installation.'),
      avgResponseTime: gauge(
        'clawtank_response_milliseconds_mean',
        'Mean of requests and commands, over the last minute.',
      ),
      errorRate: gauge(
        'clawtank_error_ratio',
        'Share of requests and commands that failed here, over the last minute.',
      ),
      memoryUsage: gauge('clawtank_heap_used_bytes', 'Heap in use.'),
      cpuUsage: gauge('clawtank_cpu_cores', 'Processor time used, in cores, over the last minute.'),
    };
    this.outboxBacklog = gauge('clawtank_outbox_backlog', 'Domain events that wait for their listeners.');
    this.outboxAge = gauge('clawtank_outbox_oldest_seconds', 'Age of the oldest domain event that waits.');
  }

  async refresh(): Promise<void> {
    const [system, [outbox]] = await Promise.all([
      this.monitor.read(),
      this.dataSource.query<{ waiting: string; age: number }[]>(
        `SELECT count(*) AS waiting, coalesce(extract(epoch FROM now() - min(created_at)), 0)::float AS age FROM outbox`,
      ),
    ]);
    for (const [name, gauge] of Object.entries(this.system)) {
      gauge.set(system[name as keyof SystemMetrics]);
    }
    this.outboxBacklog.set(Number(outbox?.waiting ?? 0));
    this.outboxAge.set(outbox?.age ?? 0);
  }
}
