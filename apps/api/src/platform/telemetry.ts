import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

const LATENCY_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What this process measures of itself, by Prometheus' conventions. */
export class Telemetry {
  readonly registry = new Registry();

  readonly connections = new Gauge({
    name: 'clawtank_connections',
    help: 'Open socket connections.',
    labelNames: ['kind'],
    registers: [this.registry],
  });
  readonly slowConnections = new Counter({
    name: 'clawtank_slow_connections_total',
    help: 'Connections that were cut off because too much was waiting for them.',
    registers: [this.registry],
  });
  readonly commandSeconds = new Histogram({
    name: 'clawtank_command_duration_seconds',
    help: 'From a socket command’s arrival to its acknowledgement.',
    labelNames: ['command', 'outcome'],
    buckets: LATENCY_BUCKETS,
    registers: [this.registry],
  });
  readonly requestSeconds = new Histogram({
    name: 'clawtank_http_request_duration_seconds',
    help: 'From a REST request’s arrival to the end of its answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: LATENCY_BUCKETS,
    registers: [this.registry],
  });
  readonly roomEvents = new Counter({
    name: 'clawtank_room_events_total',
    help: 'Entries this process added to rooms’ logs.',
    labelNames: ['type'],
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }
}
