import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHECKS } from '../../apps/conformance/src/domain/checks/index.js';
import { type Finding, judge } from '../../apps/conformance/src/domain/report.js';
import { observe } from '../../apps/conformance/src/run.js';
import type { SceneName } from '../../apps/conformance/src/scenes/scene.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { ServerProcess } from '../support/server-process.js';

/** Short, so that nobody has to wait for a renewal. */
const LEASE_SECONDS = '6';

/** A server to look at agents with. */
export class Examination {
  private readonly folder = mkdtempSync(join(tmpdir(), 'clawtank-conformance-'));

  private constructor(
    private readonly database: TestDatabase,
    private readonly server: ServerProcess,
  ) {}

  static async begin(): Promise<Examination> {
    const database = await createTestDatabase();
    const server = await ServerProcess.start({
      DATABASE_URL: database.url,
      DATABASE_POOL_SIZE: '6',
      TASK_LEASE_SECONDS: LEASE_SECONDS,
      JWT_SECRET: 'a-test-signing-key-of-no-value-0123456789',
      ENCRYPTION_KEY: '0123456789abcdef'.repeat(4),
    });
    return new Examination(database, server);
  }

  get url(): string {
    return this.server.url;
  }

  /** What the checks find of the agent that this command starts; all that is relative to the project's folder. */
  async find(command: string, scenes?: readonly SceneName[]): Promise<Finding[]> {
    process.env['CLAWTANK_WORK_FOLDER'] = mkdtempSync(join(this.folder, 'work-'));
    return judge(CHECKS, await observe({ server: new URL(this.url), agent: command, ...(scenes && { scenes }) }));
  }

  async end(): Promise<void> {
    await this.server.stop();
    this.server.removeData();
    await this.database.drop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What failed, with the reason. */
export const failures = (findings: readonly Finding[]): string[] =>
  findings.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id);
