import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { createPostgresBackend, type Job, Queue, runMigrations, Worker, withBackend } from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import { connectRedis, disconnect } from '../bus/redis.js';
import { DiscoveredMethods } from '../discovered-methods.js';
import { SETTINGS, type Settings } from '../config/settings.js';
import { JOB_HANDLER } from './job-handler.js';
import { JOB_NAMES, JOB_POLICIES, type JobMap, type JobName } from './jobs.js';

type Handler = (payload: JobMap[JobName]) => Promise<void>;

/** What is used of BullMQ's queue and worker, whichever backend they stand on. */
type JobsQueue = Pick<Queue, 'add' | 'upsertJobScheduler' | 'getJobSchedulersCount' | 'getJobCounts' | 'close'> & {
  on(event: 'error', listener: (error: Error) => void): unknown;
};
interface JobsWorker {
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(
    event: 'failed',
    listener: (job: { name: string; id?: string | undefined } | undefined, error: Error) => void,
  ): unknown;
  close(): Promise<void>;
}

const QUEUE = 'clawtank';
const CONCURRENCY = 8;
/** How soon a job is taken up again whose process was killed. Jobs take far less. */
const LOCK_MS = 10_000;
const STALLED_CHECK_MS = 5_000;
/** How soon the jobs that run by themselves are back after all of Redis was lost. */
const LOOK_AT_SCHEDULE_MS = 10_000;
/** How soon a worker asks again after it lost its connection; BullMQ's own fifteen seconds are long for a chat. */
const RETRY_MS = 1000;
const POSTGRES_CONNECTIONS = 5;
const WORKER_OPTIONS = {
  concurrency: CONCURRENCY,
  lockDuration: LOCK_MS,
  stalledInterval: STALLED_CHECK_MS,
  runRetryDelay: RETRY_MS,
  maxStalledCount: 10,
};

/**
 * The background jobs: BullMQ on Redis if there is one, on PostgreSQL otherwise. A job is done at least once; one that fails
 * is tried again, later and later, as often as its policy says.
 */
@Injectable()
export class JobQueue implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly logger = new Logger(JobQueue.name);
  private readonly handlers = new Map<string, Handler>();
  private queue!: JobsQueue;
  private worker: JobsWorker | undefined;
  private closeConnection: () => Promise<void> = () => Promise.resolve();
  private scheduleLook: NodeJS.Timeout | undefined;

  constructor(
    private readonly methods: DiscoveredMethods,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** Adds a job. `id` makes a job that is still waiting or kept unique, so that asking twice runs it once. */
  async add<Name extends JobName>(
    name: Name,
    payload: JobMap[Name],
    options: { id?: string; delayMs?: number } = {},
  ): Promise<void> {
    await this.queue.add(name, payload, {
      attempts: JOB_POLICIES[name].attempts,
      backoff: { type: 'exponential', delay: 500 },
      removeOnComplete: true,
      removeOnFail: { age: 7 * 86_400, count: 1000 },
      ...(options.id !== undefined && { jobId: `${name}-${options.id}` }),
      ...(options.delayMs !== undefined && { delay: options.delayMs }),
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    this.discoverHandlers();
    const missing = JOB_NAMES.filter((name) => !this.handlers.has(name));
    if (missing.length > 0) {
      throw new Error(`No handler for the jobs: ${missing.join(', ')}`);
    }
    await (this.settings.redisUrl ? this.openOnRedis(this.settings.redisUrl) : this.openOnPostgres());
    this.queue.on('error', (error) => this.logger.warn(error.message));
    if (this.worker) {
      this.worker.on('error', (error) => this.logger.warn(error.message));
      this.worker.on('failed', (job, error) => {
        this.logger.warn(`The job ${job?.name ?? ''} ${job?.id ?? ''} failed`);
        this.logger.error(error);
      });
      await this.schedule();
      this.scheduleLook = setInterval(
        () => void this.keepSchedule().catch((error: unknown) => this.logger.warn((error as Error).message)),
        LOOK_AT_SCHEDULE_MS,
      ).unref();
    }
  }

  /** How many jobs wait, run and have failed for good. */
  async counts(): Promise<{ waiting: number; active: number; delayed: number; failed: number }> {
    const {
      waiting = 0,
      active = 0,
      delayed = 0,
      failed = 0,
    } = await this.queue.getJobCounts('waiting', 'active', 'delayed', 'failed');
    return { waiting, active, delayed, failed };
  }

  /** Jobs end while the database is still there for them. */
  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.scheduleLook);
    await this.worker?.close();
  }

  /** Requests that are being answered until the last moment may still add jobs. */
  async onApplicationShutdown(): Promise<void> {
    await this.queue?.close();
    await this.closeConnection();
  }

  private openOnRedis(url: string): Promise<void> {
    const prefix = `${this.settings.redisPrefix}queue`;
    const asking = connectRedis(url); // whoever adds a job hears soon that Redis is away
    this.queue = new Queue(QUEUE, { connection: asking, prefix });
    this.closeConnection = () => disconnect(asking);
    if (this.settings.role !== 'api') {
      // BullMQ's blocking reads need a connection that waits for Redis to come back instead of failing.
      const waiting = new Redis(url, { maxRetriesPerRequest: null });
      waiting.on('error', () => undefined); // reported by the worker
      this.worker = new Worker(QUEUE, (job) => this.handle(job), { connection: waiting, prefix, ...WORKER_OPTIONS });
      this.closeConnection = async () => void (await Promise.all([disconnect(asking), disconnect(waiting)]));
    }
    return Promise.resolve();
  }

  private async openOnPostgres(): Promise<void> {
    await migrateQueueTables(this.settings.databaseUrl);
    const backend = withBackend(createPostgresBackend);
    const connection = { connectionString: this.settings.databaseUrl, max: POSTGRES_CONNECTIONS };
    this.queue = new backend.Queue(QUEUE, { connection });
    this.worker = new backend.Worker(QUEUE, (job: Job) => this.handle(job), { connection, ...WORKER_OPTIONS });
  }

  /** A Redis that was emptied has forgotten what runs by itself; everything else that waits is found again by those jobs. */
  private async keepSchedule(): Promise<void> {
    const wanted = JOB_NAMES.filter((name) => JOB_POLICIES[name].everyMs !== undefined).length;
    if ((await this.queue.getJobSchedulersCount()) < wanted) {
      await this.schedule();
    }
  }

  private async schedule(): Promise<void> {
    for (const name of JOB_NAMES) {
      const { everyMs } = JOB_POLICIES[name];
      if (everyMs !== undefined) {
        await this.queue.upsertJobScheduler(
          name,
          { every: everyMs },
          { name, data: {}, opts: { removeOnComplete: true, removeOnFail: 100 } },
        );
      }
    }
  }

  private async handle(job: Job): Promise<void> {
    const handler = this.handlers.get(job.name);
    if (!handler) {
      throw new Error(`There is no job called ${job.name}`);
    }
    await handler(job.data as JobMap[JobName]);
  }

  private discoverHandlers(): void {
    for (const { mark, owner, call } of this.methods.markedBy<JobName>(JOB_HANDLER)) {
      if (this.handlers.has(mark)) {
        throw new Error(`The job ${mark} has a second handler: ${owner}`);
      }
      this.handlers.set(mark, call as Handler);
    }
  }
}

async function migrateQueueTables(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await runMigrations(client);
  } finally {
    await client.end();
  }
}
