import { fork } from 'node:child_process';
import { once } from 'node:events';
import { randomBytes, randomUUID } from 'node:crypto';
import { type INestApplicationContext, Inject, Injectable, type Type } from '@nestjs/common';
import { SETTINGS, type Settings } from '../../apps/api/src/platform/config/settings.js';
import { JobHandler } from '../../apps/api/src/platform/queues/job-handler.js';
import { JobQueue } from '../../apps/api/src/platform/queues/job-queue.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/people.js';
import { describeWithRedis, removeKeys } from '../support/redis.js';
import { NetworkCable } from './support/network-cable.js';
import { JOBS, RegularJobs, startPlatform } from './support/platform-app.js';

const HOLDER = new URL('./support/hold-job.mjs', import.meta.url).pathname;

/** What the test's handler does with a delivery, in a process of that role. */
let handle: (deliveryId: string, role: Settings['role']) => Promise<void> | void;

@Injectable()
class SendHooks {
  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  @JobHandler('send-hook')
  async send({ deliveryId }: { deliveryId: string }): Promise<void> {
    await handle(deliveryId, this.settings.role);
  }
}

@Injectable()
class ProcessWebhooks {
  @JobHandler('process-webhook')
  process(): void {
    // Nothing comes in here.
  }
}

const HANDLERS = [RegularJobs, SendHooks, ProcessWebhooks];

interface Backend {
  readonly databaseUrl: string;
  readonly env: Readonly<Record<string, string>>;
  /** How a worker of another process reaches the same jobs. */
  readonly elsewhere: { readonly connection: object; readonly prefix?: string };
}

/** What holds for background jobs, whatever keeps them. */
function conformsAsJobQueue(prepare: () => Promise<{ backend: Backend; cable: NetworkCable; clean(): Promise<void> }>) {
  let backend: Backend;
  let cable: NetworkCable;
  let clean: () => Promise<void>;
  let apps: INestApplicationContext[];

  beforeEach(async () => {
    ({ backend, cable, clean } = await prepare());
    apps = [];
    handle = () => undefined;
  });
  afterEach(async () => {
    await cable.mend();
    await Promise.all(apps.map((app) => app.close()));
    await cable.cut();
    await clean();
  });

  const start = async (
    providers: readonly Type[] = HANDLERS,
    env: Readonly<Record<string, string>> = {},
  ): Promise<INestApplicationContext> => {
    const app = await startPlatform({
      databaseUrl: backend.databaseUrl,
      env: { ...backend.env, ...env },
      providers: [JOBS, ...providers],
    });
    apps.push(app);
    return app;
  };
  const jobsOf = (app: INestApplicationContext): JobQueue => app.get(JobQueue);

  it('does a job, with what it was given', async () => {
    const done: string[] = [];
    handle = (deliveryId) => void done.push(deliveryId);
    const jobs = jobsOf(await start());
    const ids = Array.from({ length: 20 }, () => randomUUID());
    await Promise.all(ids.map((deliveryId) => jobs.add('send-hook', { deliveryId })));
    await eventually(() => done.length === ids.length);
    expect([...done].sort()).toEqual([...ids].sort());
  });

  it('tries a failed job again, later and later, and meanwhile does others', async () => {
    const tried: { deliveryId: string; at: number }[] = [];
    handle = (deliveryId) => {
      tried.push({ deliveryId, at: Date.now() });
      if (deliveryId === 'bad' && tried.filter((each) => each.deliveryId === 'bad').length < 3) {
        throw new Error('not yet');
      }
    };
    const jobs = jobsOf(await start());
    await jobs.add('send-hook', { deliveryId: 'bad' });
    await eventually(() => tried.length === 1);
    await jobs.add('send-hook', { deliveryId: 'good' });
    await eventually(() => tried.length === 4);
    expect(tried.map(({ deliveryId }) => deliveryId)).toEqual(['bad', 'good', 'bad', 'bad']);
    const [first, , second, third] = tried.map(({ at }) => at);
    expect(third! - second!).toBeGreaterThan(second! - first! - 250);
  });

  it('does what was asked twice under one id once, while it waits', async () => {
    const done: string[] = [];
    handle = (deliveryId) => void done.push(deliveryId);
    const jobs = jobsOf(await start());
    await jobs.add('send-hook', { deliveryId: 'twice' }, { id: 'twice', delayMs: 300 });
    await jobs.add('send-hook', { deliveryId: 'twice' }, { id: 'twice', delayMs: 300 });
    await jobs.add('send-hook', { deliveryId: 'later' }, { id: 'later', delayMs: 600 });
    await eventually(() => done.includes('later'));
    expect(done).toEqual(['twice', 'later']);
    // Done is forgotten: the same id may be asked for anew.
    await jobs.add('send-hook', { deliveryId: 'again' }, { id: 'twice' });
    await eventually(() => done.includes('again'));
  });

  it('does regular jobs by itself, once for all processes that schedule them', async () => {
    const [one, other] = [await start(), await start()];
    const runs = () => [...one.get(RegularJobs).runs, ...other.get(RegularJobs).runs];
    await eventually(() => runs().includes('expire-leases') && runs().includes('sweep-sessions'));
    expect(runs().filter((name) => name === 'sweep-sessions')).toHaveLength(1);
  });

  it('takes up again what a killed process had in hand', async () => {
    const done: string[] = [];
    handle = (deliveryId) => void done.push(deliveryId);
    const adder = await start();
    await jobsOf(adder).beforeApplicationShutdown(); // its own worker stops; adding still works
    const dying = fork(HOLDER, [JSON.stringify(backend.elsewhere)]);
    const taken = once(dying, 'message');
    await jobsOf(adder).add('send-hook', { deliveryId: 'abandoned' });
    await taken;
    dying.kill('SIGKILL');
    await once(dying, 'exit');
    expect(done).toEqual([]);
    await start();
    await eventually(() => done.includes('abandoned'), 25_000);
  });

  it('goes on when its connections were lost', async () => {
    const done: string[] = [];
    handle = (deliveryId) => void done.push(deliveryId);
    const jobs = jobsOf(await start());
    await jobs.add('send-hook', { deliveryId: 'before' });
    await eventually(() => done.includes('before'));
    await cable.cut();
    await expect(jobs.add('send-hook', { deliveryId: 'meanwhile' })).rejects.toThrow();
    await cable.mend();
    await eventually(() =>
      jobs.add('send-hook', { deliveryId: 'after' }).then(
        () => true,
        () => false,
      ),
    );
    await eventually(() => done.includes('after'));
  });

  it('does not start while a job has no handler', async () => {
    await expect(start([RegularJobs, SendHooks])).rejects.toThrow('No handler for the jobs: process-webhook');
  });

  it('does not start while a job has two handlers', async () => {
    @Injectable()
    class AlsoSendsHooks extends SendHooks {}
    await expect(start([...HANDLERS, AlsoSendsHooks])).rejects.toThrow(/The job send-hook has a second handler/);
  });
}

describe('jobs on PostgreSQL', () => {
  conformsAsJobQueue(async () => {
    const database = await createTestDatabase();
    const cable = await NetworkCable.to(database.url);
    const backend: Backend = {
      databaseUrl: cable.url,
      env: {},
      elsewhere: { connection: { connectionString: database.url } },
    };
    return { backend, cable, clean: () => database.drop() };
  });
});

describeWithRedis('jobs on Redis', (redis) => {
  let database: TestDatabase;
  let prefix: string;
  beforeAll(async () => (database = await createTestDatabase()));
  afterAll(() => database.drop());

  conformsAsJobQueue(async () => {
    prefix = `${redis.prefix}${randomBytes(4).toString('hex')}:`;
    const cable = await NetworkCable.to(redis.url);
    const backend: Backend = {
      databaseUrl: database.url,
      env: { REDIS_URL: cable.url, REDIS_PREFIX: prefix },
      elsewhere: { connection: { url: redis.url, maxRetriesPerRequest: null }, prefix: `${prefix}queue` },
    };
    return { backend, cable, clean: () => Promise.resolve() };
  });

  it('are added by one role and done by another', async () => {
    const env = { REDIS_URL: redis.url, REDIS_PREFIX: `${redis.prefix}roles:` };
    const doers: string[] = [];
    handle = (_, role) => void doers.push(role);
    const startAs = (ROLE: string) =>
      startPlatform({ databaseUrl: database.url, env: { ...env, ROLE }, providers: [JOBS, ...HANDLERS] });
    const [api, worker] = await Promise.all([startAs('api'), startAs('worker')]);
    const ids = Array.from({ length: 50 }, () => randomUUID());
    await Promise.all(ids.map((deliveryId) => api.get(JobQueue).add('send-hook', { deliveryId })));
    await eventually(() => doers.length === ids.length);
    expect(new Set(doers)).toEqual(new Set(['worker']));
    await Promise.all([api.close(), worker.close()]);
  });

  it('go on by themselves after all of Redis was lost', async () => {
    const own = `${redis.prefix}emptied:`;
    const app = await startPlatform({
      databaseUrl: database.url,
      env: { REDIS_URL: redis.url, REDIS_PREFIX: own },
      providers: [JOBS, ...HANDLERS],
    });
    const { runs } = app.get(RegularJobs);
    await eventually(() => runs.includes('expire-leases'));
    await removeKeys(redis.url, own);
    const before = runs.length;
    await eventually(() => runs.slice(before + 1).includes('expire-leases'), 25_000);
    await app.close();
  });
});
