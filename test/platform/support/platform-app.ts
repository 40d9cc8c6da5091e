import { Injectable, Module, type DynamicModule, type INestApplicationContext, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DiscoveryModule } from '@nestjs/core';
import { BusModule } from '../../../apps/api/src/platform/bus/bus.module.js';
import { readEnvironment, toSettings } from '../../../apps/api/src/platform/config/settings.js';
import { SettingsModule } from '../../../apps/api/src/platform/config/settings.module.js';
import { DatabaseModule } from '../../../apps/api/src/platform/database/database.module.js';
import { DiscoveredMethods } from '../../../apps/api/src/platform/discovered-methods.js';
import { OutboxRelay } from '../../../apps/api/src/platform/outbox/outbox-relay.js';
import { JobHandler } from '../../../apps/api/src/platform/queues/job-handler.js';
import { JobQueue } from '../../../apps/api/src/platform/queues/job-queue.js';

const SECRETS = { jwtSecret: 'a-test-signing-key-of-no-value-0123456789', encryptionKey: '0123456789abcdef'.repeat(4) };

/** The parts of the platform that work in the background. */
export const OUTBOX: Type = OutboxRelay;
export const JOBS: Type = JobQueue;

export interface PlatformOptions {
  readonly databaseUrl: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Parts of the platform, and providers of the test that use them. */
  readonly providers?: readonly Type[];
}

/** The platform without any feature: settings, database, bus and what the test names. */
export async function startPlatform({
  databaseUrl,
  env = {},
  providers = [],
}: PlatformOptions): Promise<INestApplicationContext> {
  const environment = readEnvironment({ NODE_ENV: 'test', LOG_LEVEL: 'silent', DATABASE_URL: databaseUrl, ...env });
  const settings = toSettings(environment, { ...SECRETS, databaseUrl });
  @Module({})
  class Platform {
    static with(): DynamicModule {
      return {
        module: Platform,
        imports: [SettingsModule.with(settings), DiscoveryModule, DatabaseModule, BusModule],
        providers: [DiscoveredMethods, ...providers],
      };
    }
  }
  return NestFactory.createApplicationContext(Platform.with(), { logger: false, abortOnError: false });
}

/** Handlers for the jobs that a test has nothing to do with: those that run by themselves, and those of other features. */
@Injectable()
export class RegularJobs {
  readonly runs: string[] = [];

  @JobHandler('fetch-preview')
  fetchPreview(): void {
    this.runs.push('fetch-preview');
  }

  @JobHandler('reconcile-git')
  reconcile(): void {
    this.runs.push('reconcile-git');
  }

  @JobHandler('merge-approved')
  mergeApproved(): void {
    this.runs.push('merge-approved');
  }

  @JobHandler('retry-merges')
  retryMerges(): void {
    this.runs.push('retry-merges');
  }

  @JobHandler('expire-leases')
  expire(): void {
    this.runs.push('expire-leases');
  }

  @JobHandler('sweep-sessions')
  sweep(): void {
    this.runs.push('sweep-sessions');
  }

  @JobHandler('sweep-attachments')
  sweepAttachments(): void {
    this.runs.push('sweep-attachments');
  }

  @JobHandler('forget-spectator-origins')
  forgetSpectatorOrigins(): void {
    this.runs.push('forget-spectator-origins');
  }

  @JobHandler('sweep-notifications')
  sweepNotifications(): void {
    this.runs.push('sweep-notifications');
  }

  @JobHandler('sweep-inboxes')
  sweepInboxes(): void {
    this.runs.push('sweep-inboxes');
  }

  @JobHandler('offer-waiting')
  offerWaiting(): void {
    this.runs.push('offer-waiting');
  }

  @JobHandler('offer-due-tasks')
  offerDueTasks(): void {
    this.runs.push('offer-due-tasks');
  }
}
