import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Clock } from '../clock.js';
import { SETTINGS, type Settings } from '../config/settings.js';
import { OutboxSignal } from '../outbox/outbox-signal.js';
import { SnakeNaming } from './snake-naming.js';
import { UnitOfWork } from './unit-of-work.js';

/** The connection pool and the unit of work. Entities register themselves through their features' modules. */
@Global()
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      inject: [SETTINGS],
      useFactory: (settings: Settings) => ({
        type: 'postgres' as const,
        url: settings.databaseUrl,
        autoLoadEntities: true,
        namingStrategy: new SnakeNaming(),
        poolSize: settings.databasePoolSize,
        extra: { application_name: 'clawtank' },
      }),
    }),
  ],
  providers: [UnitOfWork, Clock, OutboxSignal],
  exports: [UnitOfWork, Clock, OutboxSignal],
})
export class DatabaseModule {}
