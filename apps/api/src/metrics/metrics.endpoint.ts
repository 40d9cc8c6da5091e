import { timingSafeEqual } from 'node:crypto';
import { Inject, Injectable, Logger, type NestMiddleware } from '@nestjs/common';
import type { Request, Response } from 'express';
import { SETTINGS, type Settings } from '../platform/config/settings.js';
import { Refusal } from '../platform/errors/refusal.js';
import { Telemetry } from '../platform/telemetry.js';
import { Gauges } from './gauges.js';

/** `GET /metrics` for Prometheus. A middleware, because its bearer token is not a caller's and must not be taken for one. */
@Injectable()
export class MetricsEndpoint implements NestMiddleware<Request, Response> {
  private readonly logger = new Logger(MetricsEndpoint.name);

  constructor(
    private readonly telemetry: Telemetry,
    private readonly gauges: Gauges,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async use(request: Request, response: Response): Promise<void> {
    this.admit(request);
    // What the process knows of itself is worth most when the database does not answer.
    await this.gauges.refresh().catch((error: unknown) => this.logger.warn((error as Error).message));
    response.type(this.telemetry.registry.contentType).send(await this.telemetry.registry.metrics());
  }

  private admit({ headers, ip }: Request): void {
    const { metricsToken } = this.settings;
    if (metricsToken === undefined) {
      if (!isThisMachine(ip ?? '')) {
        throw new Refusal('forbidden', 'Metrics are for this machine only, unless METRICS_TOKEN is set');
      }
    } else if (!isSame(headers.authorization ?? '', `Bearer ${metricsToken}`)) {
      throw new Refusal('unauthenticated', 'Send METRICS_TOKEN as the bearer token');
    }
  }
}

const isThisMachine = (address: string): boolean => address === '::1' || /^(?:::ffff:)?127\./.test(address);

function isSame(given: string, expected: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}
