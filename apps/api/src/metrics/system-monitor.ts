import type { SystemMetrics } from '@clawtank/contracts';
import { Injectable, type OnModuleInit, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../platform/clock.js';
import { Telemetry } from '../platform/telemetry.js';
import { ratesBetween, type Totals } from './domain/rates.js';

type Labels = Partial<Record<string, string | number>>;
interface Sampled {
  readonly values: readonly { readonly value: number; readonly labels: Labels; readonly metricName?: string }[];
}

const SAMPLE_MS = 5000;
const KEPT_SAMPLES = 12;

/** How this process is doing: the specification's metrics, with rates over the last minute. */
@Injectable()
export class SystemMonitor implements OnModuleInit, OnApplicationShutdown {
  private readonly samples: Totals[] = [];
  private readonly sampler = setInterval(() => void this.sample(), SAMPLE_MS).unref();

  constructor(
    private readonly telemetry: Telemetry,
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.sample();
  }

  onApplicationShutdown(): void {
    clearInterval(this.sampler);
  }

  async read(): Promise<SystemMetrics> {
    const [now, connections, [rooms]] = await Promise.all([
      this.totals(),
      this.telemetry.connections.get(),
      this.dataSource.query<{ count: string }[]>(`SELECT count(*) FROM rooms`),
    ]);
    return {
      activeConnections: sum(connections),
      roomCount: Number(rooms?.count ?? 0),
      memoryUsage: process.memoryUsage().heapUsed,
      ...ratesBetween(this.samples[0] ?? now, now),
    };
  }

  private async sample(): Promise<void> {
    this.samples.push(await this.totals());
    this.samples.splice(0, this.samples.length - KEPT_SAMPLES);
  }

  private async totals(): Promise<Totals> {
    const [events, requests, commands] = await Promise.all([
      this.telemetry.roomEvents.get(),
      this.telemetry.requestSeconds.get(),
      this.telemetry.commandSeconds.get(),
    ]);
    const { user, system } = process.cpuUsage();
    const answered = (labels?: (labels: Labels) => boolean): number =>
      sum(requests, 'clawtank_http_request_duration_seconds_count', labels) +
      sum(commands, 'clawtank_command_duration_seconds_count', labels);
    return {
      atMs: this.clock.now().getTime(),
      messages: sum(events, undefined, ({ type }) => type === 'chat.message'),
      answers: answered(),
      answerSeconds:
        sum(requests, 'clawtank_http_request_duration_seconds_sum') +
        sum(commands, 'clawtank_command_duration_seconds_sum'),
      failures: answered(
        ({ status, outcome }) => Number(status) >= 500 || outcome === 'internal' || outcome === 'unavailable',
      ),
      cpuSeconds: (user + system) / 1e6,
    };
  }
}

/** Adds up a metric's series: those of one name within a histogram, and with certain labels, if asked. */
function sum({ values }: Sampled, name?: string, has: (labels: Labels) => boolean = () => true): number {
  return values
    .filter(({ metricName, labels }) => (name === undefined || metricName === name) && has(labels))
    .reduce((total, { value }) => total + value, 0);
}
