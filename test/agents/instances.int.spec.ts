import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { AgentInstances } from '../../apps/api/src/agents/index.js';
import type { Bus, BusListener } from '../../apps/api/src/platform/bus/bus.js';
import { migrate } from '../../apps/api/src/platform/database/migrate.js';
import type { Connection } from '../../apps/api/src/platform/sockets/connection.js';
import { ConnectionHooks } from '../../apps/api/src/platform/sockets/connection-hooks.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const AGENT = randomUUID();

/** Carries everything to everybody at once. */
class InstantBus {
  private readonly listeners: BusListener[] = [];
  publish = (_channel: string, message: unknown): Promise<void> =>
    Promise.resolve(this.listeners.forEach((listener) => listener(message)));
  subscribe = (_channel: string, listener: BusListener): Promise<() => Promise<void>> => {
    this.listeners.push(listener);
    return Promise.resolve(() => Promise.resolve());
  };
}

class Line {
  closedAs: string | null = null;
  readonly isOpen = true;
  close(_reason: string, code: string): void {
    this.closedAs = code;
  }
  get connection(): Connection {
    return this as unknown as Connection;
  }
}

describe('two runs of an agent that come at the same time', () => {
  let database: TestDatabase;
  let dataSource: DataSource;

  beforeAll(async () => {
    database = await createTestDatabase();
    await migrate(database.url);
    dataSource = await new DataSource({ type: 'postgres', url: database.url }).initialize();
    const owner = randomUUID();
    await dataSource.query(`INSERT INTO users (id, username) VALUES ($1, 'owner')`, [owner]);
    await dataSource.query(
      `INSERT INTO agents (id, owner_id, name, description, token_hash, token_prefix, created_at) VALUES ($1, $2, 'one', '', '\\x00', 'cta_', now())`,
      [AGENT, owner],
    );
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  /** One process of the installation; `gate` holds back what the database answers it. */
  const aProcess = async (bus: InstantBus, gate: Promise<unknown> = Promise.resolve()) => {
    const query = async (sql: string, parameters: unknown[]): Promise<unknown> => {
      const answer: unknown = await dataSource.query(sql, parameters);
      await gate;
      return answer;
    };
    const instances = new AgentInstances(
      { query } as unknown as DataSource,
      bus as unknown as Bus,
      new ConnectionHooks(),
    );
    await instances.onModuleInit();
    return instances;
  };

  it('leave the newer one, though it was announced before the older one was known', async () => {
    const bus = new InstantBus();
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const [slow, quick] = [await aProcess(bus, gate), await aProcess(bus)];
    const [older, newer] = [new Line(), new Line()];
    const taken = slow.take(older.connection, AGENT, 'older');
    for (let generation = 0; generation < 1;) {
      [{ generation }] = await dataSource.query<[{ generation: number }]>(
        `SELECT generation FROM agents WHERE id = $1`,
        [AGENT],
      );
    }
    await quick.take(newer.connection, AGENT, 'newer');
    open();
    await expect(taken).rejects.toMatchObject({ code: 'superseded' });
    expect([older.closedAs, newer.closedAs]).toEqual(['superseded', null]);
  });
});
