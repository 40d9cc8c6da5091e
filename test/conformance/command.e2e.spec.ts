import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
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
    'writes no secret anywhere that the agent prints or that its command holds',
    async () => {
      const [json, trace] = [join(folder, 'secrets.json'), join(folder, 'secrets.jsonl')];
      const planted = 'ctp_planted-in-the-command-line';
      const agent = `env CANARY=${planted} node test/conformance/broken-agent.mjs 'prints its secrets'`;
      const { stdout, stderr } = await run(
        ...[examination.url, '--agent', agent, '--json', json, '--trace', trace, '--scene', 'first work'],
      );
      const texts = { stdout, stderr, json: readFileSync(json, 'utf8'), trace: readFileSync(trace, 'utf8') };
      for (const [name, text] of Object.entries(texts)) {
        expect([name, /ct[a-z]_[\w-]{8,}|Basic \w{8,}|PRIVATE KEY|cGxhbnRlZA|eyJ[\w-]+\./.exec(text)?.[0]]).toEqual([
          name,
          undefined,
        ]);
      }
      expect(texts.trace).toContain('Authorization: Basic [secret]');
      expect(texts.json).toContain('CANARY=[secret]');
    },
    PATIENCE_MS,
  );

  it(
    'runs as the documentation says, from the package that npm would publish',
    async () => {
      const place = join(folder, 'elsewhere');
      mkdirSync(place);
      const npm = (...args: string[]) => execFileSync('npm', args, { cwd: place, encoding: 'utf8' });
      const [packed] = JSON.parse(npm('pack', '--json', resolve('dist/conformance'))) as [{ filename: string }];
      writeFileSync(join(place, 'package.json'), '{ "private": true }');
      npm('install', '--offline', '--no-audit', '--no-fund', `./${packed.filename}`);
      // Whoever reads it has an agent in Python; this machine has one for Node.
      const agent = `exec "${process.execPath}" "${resolve('test/conformance/broken-agent.mjs')}"`;
      writeFileSync(join(place, 'python'), `#!/bin/sh\ncd "${process.cwd()}" && ${agent}\n`, { mode: 0o755 });
      for (const page of ['docs/conformance.md', 'apps/conformance/README.md']) {
        const [documented = ''] = /^npx clawtank-conformance .*$/m.exec(readFileSync(page, 'utf8')) ?? [];
        const command = documented.replace('http://127.0.0.1:3000', examination.url);
        const { stdout } = spawnSync('sh', ['-c', `${command} --scene 'first work'`], {
          cwd: place,
          env: { ...process.env, PATH: `${place}:${process.env['PATH']}`, CLAWTANK_WORK_FOLDER: join(place, 'work') },
          encoding: 'utf8',
        });
        expect(stdout).toMatch(/^python my_agent\.py at http/);
        expect(stdout).toMatch(/\d+ passed, 0 failed, \d+ not shown.* No required check failed\./);
      }
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

  it(
    'waits for a slow agent for as long as it is told, and says how to have it wait longer',
    async () => {
      const agent = (seconds: number) => `sh -c 'sleep ${seconds}; exec node test/conformance/broken-agent.mjs'`;
      const scene = ['--scene', 'first work'];
      const { stdout: inTime } = await run(...[examination.url, '--agent', agent(3), '--start-within', '30', ...scene]);
      expect(inTime).toMatch(/✓ connecting\.registers-first/);
      const { stdout: late } = await run(examination.url, '--agent', agent(20), '--start-within', '1', ...scene);
      expect(late).toMatch(/did not register within 1 s \(--start-within says how long it may take\)/);
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
    for (const time of ['0', '601', '1.5', '2m', '']) {
      expect(await run(examination.url, '--agent', 'true', '--start-within', time)).toMatchObject({
        code: 64,
        stderr: expect.stringContaining('--start-within is a whole number of seconds from 1 to 600') as string,
      });
    }
    expect(await run('--help')).toMatchObject({ code: 0 });
  });
});
