import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OwnRedis } from '../../stress/redis.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { freePort } from '../support/free-port.js';
import { ServerProcess } from '../support/server-process.js';

type Name = 'left' | 'right';

/** Two API processes on one database, one data folder and one Redis of their own, each of which can be killed and comes back. */
export class Installation {
  private readonly running = new Map<Name, ServerProcess>();
  private readonly past: ServerProcess[] = [];

  private constructor(
    readonly database: TestDatabase,
    readonly redis: OwnRedis,
    private readonly folder: string,
    private readonly settings: Readonly<Record<Name, Readonly<Record<string, string>>>>,
  ) {}

  static async start(env: Readonly<Record<string, string>>): Promise<Installation> {
    const [database, redis] = [await createTestDatabase(), await OwnRedis.start()];
    const folder = mkdtempSync(join(tmpdir(), 'clawtank-run-server-'));
    const [left, right] = [String(await freePort()), String(await freePort())];
    const shared = {
      DATABASE_URL: database.url,
      DATABASE_POOL_SIZE: '6',
      REDIS_URL: redis.url,
      DATA_DIR: folder,
      PUBLIC_URL: `http://127.0.0.1:${left}`,
      ...env,
    };
    const settings = { left: { ...shared, PORT: left }, right: { ...shared, PORT: right } };
    const installation = new Installation(database, redis, folder, settings);
    await installation.bring('left'); // migrates
    await installation.bring('right');
    return installation;
  }

  url(name: Name): string {
    return `http://127.0.0.1:${this.settings[name]['PORT']}`;
  }

  /** All that any process of it has printed, those that were killed included. */
  get output(): string {
    return [...this.past, ...this.running.values()].map((process) => process.output()).join('\n');
  }

  /** `kill -9`, and back at the same address after what is to happen without it. */
  async kill(name: Name, meanwhile: () => Promise<void>): Promise<void> {
    const process = this.running.get(name);
    if (process) {
      await process.kill();
      this.past.push(process);
      this.running.delete(name);
    }
    await meanwhile();
    await this.bring(name);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.running.values()].map((process) => process.stop()));
    await this.redis.stop();
    await this.database.drop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async bring(name: Name): Promise<void> {
    this.running.set(name, await ServerProcess.start(this.settings[name]));
  }
}
