import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Account } from '@clawtank/contracts';
import type { GeneratedSecrets } from '../../apps/api/src/platform/config/generated-secrets.js';
import { createTestDatabase } from '../support/database.js';
import { Person, request } from '../support/people.js';
import { ServerProcess } from '../support/server-process.js';

const MAIN = 'dist/api/apps/api/src/main.js';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'clawtank-start-'));
  chmodSync(dataDir, 0o755); // started by root, PostgreSQL runs as another user, who has to get in
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

/** Starts the server and waits until it has given up. */
async function fail(env: Record<string, string>): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [MAIN], { env: { PATH: process.env['PATH'], DATA_DIR: dataDir, ...env } });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await once(child, 'close');
  return { code: child.exitCode, output };
}

describe('starting', () => {
  it('with wrong settings lists all that is wrong and ends as sysexits.h says', async () => {
    const { code, output } = await fail({ NODE_ENV: 'production', PORT: 'eighty', ROLE: 'api', JWT_SECRET: 'canary' });
    expect(code).toBe(78);
    expect(
      output
        .match(/^ {2}- [A-Z_]+/gm)
        ?.map((line) => line.slice(4))
        .sort(),
    ).toEqual(['DATABASE_URL', 'ENCRYPTION_KEY', 'JWT_SECRET', 'PORT', 'PUBLIC_URL', 'REDIS_URL']);
    expect(output).not.toContain('canary');
  });

  it('keeps the secrets that it made, so that people stay signed in', async () => {
    const database = await createTestDatabase();
    const env = { DATABASE_URL: database.url, DATA_DIR: dataDir };
    const secrets = () => JSON.parse(readFileSync(join(dataDir, 'secrets.json'), 'utf8')) as GeneratedSecrets;

    const first = await ServerProcess.start(env);
    const ann = await Person.register(first.url);
    expect(await first.stop()).toBe(0);
    const made = secrets();
    expect(statSync(join(dataDir, 'secrets.json')).mode & 0o777).toBe(0o600);

    const second = await ServerProcess.start(env);
    expect(await ann.at(second.url).request<Account>('GET', '/api/auth/me')).toMatchObject({ id: ann.id });
    expect(await second.stop()).toBe(0);
    expect(secrets()).toEqual(made);
    await database.drop();
  });

  it('makes one set of secrets in however many processes that start at once', async () => {
    const program = `
      import { generatedSecrets } from './dist/api/apps/api/src/platform/config/generated-secrets.js';
      process.send('ready');
      process.once('message', () => process.send(generatedSecrets(${JSON.stringify(dataDir)}), () => process.disconnect()));
    `;
    const racers = Array.from({ length: 6 }, () =>
      spawn(process.execPath, ['--input-type=module', '-e', program], {
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      }),
    );
    await Promise.all(racers.map((racer) => once(racer, 'message')));
    const answers = racers.map((racer) => once(racer, 'message'));
    racers.forEach((racer) => racer.send('go'));
    const secrets = (await Promise.all(answers)).map(([answer]) => answer as GeneratedSecrets);
    expect(secrets).toEqual(
      secrets.map(() => JSON.parse(readFileSync(join(dataDir, 'secrets.json'), 'utf8')) as unknown),
    );
  });

  it('a second time on the same data says so and ends, while the first goes on', async () => {
    const first = await ServerProcess.start({ DATA_DIR: dataDir });
    const { code, output } = await fail({ PORT: '0' });
    expect(code).toBe(1);
    expect(output).toMatch(
      /^The data directory .* is in use by process \d+\. Stop that ClawTank first, or give this one a DATA_DIR of its own\.\n$/,
    );
    expect(await request(first.url, 'GET', '/health/ready')).toMatchObject({ status: 'ready' });
    expect(await first.stop()).toBe(0);
  });

  it('ends at a bug that nobody caught, and reports it without the values that it carries', async () => {
    const database = await createTestDatabase();
    // It puts the canary together itself, since a stack names the program that it is of.
    const bug = `
      const { log } = console;
      console.log = (...said) => {
        log(...said);
        if (String(said[0]).includes('ClawTank is ready')) {
          Promise.reject(Object.assign(new Error('An obvious bug'), { parameters: ['cana' + 'ry'], driverError: { detail: 'cana' + 'ry' } }));
        }
      };`;
    const preload = `--import data:text/javascript,${encodeURIComponent(bug)}`;
    const { code, output } = await fail({ PORT: '0', DATABASE_URL: database.url, NODE_OPTIONS: preload });
    expect(code).toBe(1);
    expect(output).toContain('An obvious bug');
    expect(output).not.toContain('canary');
    await database.drop();
  });
});
