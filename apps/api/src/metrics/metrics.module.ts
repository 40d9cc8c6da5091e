import { type MiddlewareConsumer, Module, type NestModule, RequestMethod } from '@nestjs/common';
import { RoomsModule } from '../rooms/index.js';
import { Gauges } from './gauges.js';
import { MetricsController } from './metrics.controller.js';
import { MetricsEndpoint } from './metrics.endpoint.js';
import { RequestTimer } from './request-timer.js';
import { SystemMonitor } from './system-monitor.js';

@Module({
  imports: [RoomsModule],
  controllers: [MetricsController],
  providers: [Gauges, SystemMonitor],
})
export class MetricsModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(RequestTimer).forRoutes('{*path}');
    consumer.apply(MetricsEndpoint).forRoutes({ path: 'metrics', method: RequestMethod.GET });
  }
}
