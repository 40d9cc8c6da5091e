import { DataSource } from 'typeorm';
import * as migrations from '../../../../../migrations/index.js';

/** One number for all ClawTank processes on a database: whoever holds it migrates, the others wait and then find nothing to do. */
const MIGRATION_LOCK = 7_220_104_271;

/** Brings the schema up to date. Any number of processes may call this at once. */
export async function migrate(url: string): Promise<void> {
  const dataSource = await new DataSource({
    type: 'postgres',
    url,
    migrations: Object.values(migrations),
    migrationsTableName: 'schema_migrations',
    poolSize: 2,
  }).initialize();
  const runner = dataSource.createQueryRunner();
  try {
    await runner.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await dataSource.runMigrations({ transaction: 'each' });
  } finally {
    await runner.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => undefined);
    await runner.release();
    await dataSource.destroy();
  }
}
