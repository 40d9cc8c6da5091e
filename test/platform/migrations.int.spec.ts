import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { migrate } from '../../apps/api/src/platform/database/migrate.js';
import * as migrations from '../../migrations/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

let database: TestDatabase;
let dataSource: DataSource;

beforeEach(async () => {
  database = await createTestDatabase();
  dataSource = await new DataSource({
    type: 'postgres',
    url: database.url,
    migrations: Object.values(migrations),
    migrationsTableName: 'schema_migrations',
  }).initialize();
});
afterEach(async () => {
  await dataSource.destroy();
  await database.drop();
});

/** Everything that somebody could have made in the schema, by its name and its shape. */
const objects = (): Promise<{ kind: string; name: string; shape: string }[]> =>
  dataSource.query(`
    SELECT * FROM (
      SELECT 'column' AS kind, table_name || '.' || column_name AS name,
             concat_ws(' ', data_type, character_maximum_length, is_nullable, column_default, generation_expression) AS shape
        FROM information_schema.columns WHERE table_schema = 'public'
      UNION ALL SELECT 'constraint', c.conrelid::regclass || '.' || c.conname, pg_get_constraintdef(c.oid)
        FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace WHERE n.nspname = 'public'
      UNION ALL SELECT 'index', indexname::text, indexdef FROM pg_indexes
        WHERE schemaname = 'public' AND tablename <> 'schema_migrations'
      UNION ALL SELECT 'routine', routine_name, md5(routine_definition) FROM information_schema.routines WHERE routine_schema = 'public'
      UNION ALL SELECT 'trigger', event_object_table || '.' || trigger_name, action_statement
        FROM information_schema.triggers WHERE trigger_schema = 'public'
      UNION ALL SELECT 'sequence', sequence_name, data_type FROM information_schema.sequences WHERE sequence_schema = 'public'
      UNION ALL SELECT 'type', typname::text, typtype::text FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
        WHERE n.nspname = 'public'
      UNION ALL SELECT 'extension', extname::text, extversion FROM pg_extension
    ) AS all_objects WHERE name NOT LIKE '%schema_migrations%' ORDER BY kind, name, shape`);

const undoAll = async () => {
  for (let left = Object.keys(migrations).length; left > 0; left--) {
    await dataSource.undoLastMigration({ transaction: 'each' });
  }
};

describe('the migrations', () => {
  it('leave no trace when they are undone, and make the same again', async () => {
    const before = await objects();
    await migrate(database.url);
    const made = await objects();
    expect(made.length).toBeGreaterThan(200);

    await undoAll();
    expect(await objects()).toEqual(before);

    await migrate(database.url);
    expect(await objects()).toEqual(made);
  });

  it('are applied once by however many processes start at the same time', async () => {
    await Promise.all(Array.from({ length: 3 }, () => migrate(database.url)));
    const applied: { name: string }[] = await dataSource.query(`SELECT name FROM schema_migrations ORDER BY id`);
    const timeOf = (name: string) => Number(/\d+$/.exec(name)?.[0]);
    expect(applied.map(({ name }) => name)).toEqual(Object.keys(migrations).sort((a, b) => timeOf(a) - timeOf(b)));
  });

  it('wait for a process that is at it, and then find nothing left to do', async () => {
    await migrate(database.url);
    const other = dataSource.createQueryRunner();
    await other.query('SELECT pg_advisory_lock($1)', [7_220_104_271]);
    let isDone = false;
    const waiting = migrate(database.url).then(() => (isDone = true));
    while ((await waitingForLock()) === 0) {
      await sleep(20);
    }
    expect(isDone).toBe(false);
    await other.query('SELECT pg_advisory_unlock($1)', [7_220_104_271]);
    await waiting;
    await other.release();
  });

  const waitingForLock = async (): Promise<number> => {
    const [row] = await dataSource.query<{ waiting: number }[]>(
      `SELECT count(*)::int AS waiting FROM pg_locks
       WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    );
    return row?.waiting ?? 0;
  };
});

/** Foreign keys that nothing looks up from the other side, and why. */
const WITHOUT_INDEX: Readonly<Record<string, string>> = {
  'agents.owner_id':
    'accounts are closed, never deleted; agents are looked up while they are not revoked, and those have an index',
  'hosted_changes.room_id': 'holds only the changes that are being made at this moment',
  'invitations.created_by': 'accounts are closed, never deleted',
  'pull_requests.beneficiary_id': 'accounts are closed, never deleted',
  'pull_requests.merged_by_user_id': 'accounts are closed, never deleted',
  'room_bans.banned_by': 'accounts are closed, never deleted',
  'seat_restrictions.user_id': 'accounts are closed, never deleted',
  'sessions.user_id':
    'accounts are closed, never deleted; sessions are looked up while they are valid, and those have an index',
  'tasks.lease_holder_id': 'agents are revoked, never deleted',
};

describe('the schema', () => {
  it('serves every foreign key with an index, so that deleting what it points to reads no whole table', async () => {
    await migrate(database.url);
    const unserved: { key: string }[] = await dataSource.query(`
      SELECT c.conrelid::regclass || '.' || string_agg(a.attname, ',' ORDER BY k.position) AS key
      FROM pg_constraint c
      CROSS JOIN LATERAL unnest(c.conkey) WITH ORDINALITY AS k (attnum, position)
      JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum
      WHERE c.contype = 'f' AND NOT EXISTS (
        SELECT FROM pg_index i
        WHERE i.indrelid = c.conrelid
          AND (i.indkey::int2[])[0:cardinality(c.conkey) - 1] @> c.conkey
          -- A partial index serves only if every row that points somewhere is in it.
          AND (i.indpred IS NULL OR pg_get_expr(i.indpred, i.indrelid) = format('(%s IS NOT NULL)', a.attname))
      )
      GROUP BY c.conrelid, c.conname ORDER BY key`);
    expect(unserved.map(({ key }) => key)).toEqual(Object.keys(WITHOUT_INDEX));
  });
});
