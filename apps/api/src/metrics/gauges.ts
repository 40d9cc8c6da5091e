import type { SystemMetrics } from '@clawtank/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import type { Redis } from 'ioredis';
import type { Pool } from 'pg';
import { DataSource } from 'typeorm';
import { REDIS } from '../platform/bus/redis.js';
import { JobQueue } from '../platform/queues/job-queue.js';
import { Telemetry } from '../platform/telemetry.js';
import { SystemMonitor } from './system-monitor.js';

/** What is measured when somebody looks, rather than when it happens. */
@Injectable()
export class Gauges {
  private readonly system: { readonly [Name in keyof SystemMetrics]: Gauge };
  private readonly outboxBacklog: Gauge;
  private readonly outboxAge: Gauge;
  private readonly queueJobs: Gauge<'state'>;
  private readonly databaseConnections: Gauge<'state'>;
  private readonly redisUp: Gauge | undefined;

  constructor(
    { registry }: Telemetry,
    private readonly monitor: SystemMonitor,
    private readonly dataSource: DataSource,
    private readonly queue: JobQueue,
    @Inject(REDIS) private readonly redis: Redis | null,
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
    const byState = (name: string, help: string) =>
      new Gauge({ name, help, labelNames: ['state'] as const, registers: [registry] });
    this.queueJobs = byState('clawtank_queue_jobs', 'Background jobs of the whole installation.');
    this.databaseConnections = byState(
      'clawtank_database_connections',
      'Connections of this process’s pool, and who waits for one.',
    );
    this.redisUp = redis ? gauge('clawtank_redis_up', 'Whether this process reaches Redis.') : undefined;
  }

  /** Each figure stands for itself: what cannot be asked keeps its last value, and the others are still told. */
  async refresh(): Promise<void> {
    this.redisUp?.set(this.redis?.status === 'ready' ? 1 : 0);
    this.setByState(this.databaseConnections, poolOf(this.dataSource));
    const asked = await Promise.allSettled([this.readSystem(), this.readOutbox(), this.readQueue()]);
    const failed = asked.find((outcome) => outcome.status === 'rejected');
    if (failed) {
      throw failed.reason;
    }
  }

  private async readSystem(): Promise<void> {
    const system = await this.monitor.read();
    for (const [name, gauge] of Object.entries(this.system)) {
      gauge.set(system[name as keyof SystemMetrics]);
    }
  }

  private async readOutbox(): Promise<void> {
    const [outbox] = await this.dataSource.query<{ waiting: string; age: number }[]>(
      `SELECT count(*) AS waiting, coalesce(extract(epoch FROM now() - min(created_at)), 0)::float AS age FROM outbox`,
    );
    this.outboxBacklog.set(Number(outbox?.waiting ?? 0));
    this.outboxAge.set(outbox?.age ?? 0);
  }

  private async readQueue(): Promise<void> {
    this.setByState(this.queueJobs, await this.queue.counts());
  }

  private setByState(gauge: Gauge<'state'>, figures: Readonly<Record<string, number>>): void {
    for (const [state, value] of Object.entries(figures)) {
      gauge.set({ state }, value);
    }
  }
}

/** The connections of the driver's pool. */
function poolOf(dataSource: DataSource): { used: number; idle: number; waiting: number } {
  const { totalCount, idleCount, waitingCount } = (dataSource.driver as unknown as { master: Pool }).master;
  return { used: totalCount - idleCount, idle: idleCount, waiting: waitingCount };
}
