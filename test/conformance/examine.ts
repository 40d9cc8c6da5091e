import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHECKS } from '../../apps/conformance/src/domain/checks/index.js';
import { type Finding, judge } from '../../apps/conformance/src/domain/report.js';
import { observe, type Observation } from '../../apps/conformance/src/run.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { ServerProcess } from '../support/server-process.js';

/** Short, so that nobody waits long for a renewal, and longer than an agent is away that is cut off for seconds and waits its turn. */
const LEASE_SECONDS = '12';

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
  async find(command: string, more: Pick<Observation, 'scenes' | 'startMs'> = {}): Promise<Finding[]> {
    process.env['CLAWTANK_WORK_FOLDER'] = mkdtempSync(join(this.folder, 'work-'));
    return judge(CHECKS, await observe({ ...more, server: new URL(this.url), agent: command }));
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
