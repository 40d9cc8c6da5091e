import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Report } from '../../apps/conformance/src/domain/report.js';
import { Examination } from './examine.js';

const PATIENCE_MS = 120_000;
const KIT = 'dist/conformance/clawtank-conformance.js';

describe('clawtank-conformance, the command', () => {
  const folder = mkdtempSync(join(tmpdir(), 'clawtank-conformance-command-'));
  let examination: Examination;
  beforeAll(async () => {
    examination = await Examination.begin();
  }, PATIENCE_MS);
  afterAll(async () => {
    await examination.end();
    rmSync(folder, { recursive: true });
  });

  const run = (...args: string[]) =>
    new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
      const env = { ...process.env, CLAWTANK_WORK_FOLDER: join(folder, 'work') };
      const child = execFile(process.execPath, [KIT, ...args], { env }, (_, stdout, stderr) =>
        resolve({ code: child.exitCode ?? -1, stdout, stderr }),
      );
    });

  it(
    'prints a report, writes it for programs, and exits with 1 because a required check failed',
    async () => {
      const [json, trace] = [join(folder, 'report.json'), join(folder, 'trace.jsonl')];
      const agent = `node test/conformance/broken-agent.mjs 'prints its token'`;
      const { code, stdout } = await run(
        ...[examination.url, '--agent', agent, '--json', json, '--trace', trace, '--scene', 'first work'],
      );
      expect(code).toBe(1);
      expect(stdout).toMatch(/✗ safety\.does-not-print-its-token +must/);
      expect(stdout).toMatch(/✓ tasks\.claims-once/);
      expect(stdout).toMatch(/– ending\.exits-with-0/);
      const report = JSON.parse(readFileSync(json, 'utf8')) as Report;
      expect(report).toMatchObject({ conforms: false, counts: { failed: 1 } });
      expect(readFileSync(trace, 'utf8')).not.toMatch(/cta_/);
    },
    PATIENCE_MS,
  );

  it(
    'does not let an agent pass that never registers, and shows nothing else of it',
    async () => {
      const { code, stdout } = await run(examination.url, '--agent', 'false', '--scene', 'first work');
      expect(code).toBe(1);
      expect(stdout).toMatch(/✗ connecting\.registers-first .*\n.*It never registered/);
      expect(stdout).toMatch(/1 passed, 1 failed, \d\d not shown/);
    },
    PATIENCE_MS,
  );

  it('explains a wrong command line and a server that is not there', async () => {
    expect(await run(examination.url)).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('--agent') as string,
    });
    expect(await run('127.0.0.1:1', '--agent', 'true')).toMatchObject({ code: 64 });
    expect(await run('http://127.0.0.1:1', '--agent', 'true')).toMatchObject({ code: 69 });
    expect(await run(examination.url, '--agent', 'true', '--scene', 'none')).toMatchObject({ code: 64 });
    expect(await run('--help')).toMatchObject({ code: 0 });
  });
});
