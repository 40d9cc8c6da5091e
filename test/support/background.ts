import { DataSource } from 'typeorm';
import { JobQueue } from '../../apps/api/src/platform/queues/job-queue.js';
import type { TestServer } from './app.js';
import { eventually } from './people.js';

/** Whether everything that was announced has been heard, and every job done that was asked for. */
export async function isIdle({ app }: TestServer): Promise<boolean> {
  const announced = await app.get(DataSource).query<unknown[]>('SELECT FROM outbox LIMIT 1');
  const { waiting, active } = await app.get(JobQueue, { strict: false }).counts();
  return announced.length === 0 && waiting + active === 0;
}

/** Resolves once that is so; twice in a row, for a job may announce something as it ends. */
export function nothingUnderWay(server: TestServer): Promise<boolean> {
  return eventually(async () => (await isIdle(server)) && (await isIdle(server)), 60_000);
}
