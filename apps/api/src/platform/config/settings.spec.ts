import { randomBytes } from 'node:crypto';
import { isAbsolute } from 'node:path';
import { readEnvironment, SettingsProblem, toSettings } from './settings.js';

const PRODUCTION = {
  NODE_ENV: 'production',
  PUBLIC_URL: 'https://tank.example.com',
  DATABASE_URL: 'postgres://clawtank@database/clawtank',
  JWT_SECRET: randomBytes(32).toString('base64url'),
  ENCRYPTION_KEY: randomBytes(32).toString('hex'),
};
const PROVIDED = { databaseUrl: 'postgres://localhost/x', jwtSecret: 'x'.repeat(32), encryptionKey: 'ab'.repeat(32) };

function problemsOf(env: Record<string, string>, argv: string[] = []): readonly string[] {
  try {
    readEnvironment(env, argv);
    return [];
  } catch (error) {
    return (error as SettingsProblem).problems;
  }
}
const settingsOf = (env: Record<string, string>, argv: string[] = []) =>
  toSettings(readEnvironment(env, argv), PROVIDED);

describe('the settings', () => {
  it('need nothing to be set', () => {
    expect(settingsOf({})).toMatchObject({
      port: 3000,
      role: 'all',
      publicUrl: 'http://localhost:3000',
      registration: 'open',
    });
  });

  it('say where the data is so that every program finds it, whatever folder it runs in', () => {
    expect(isAbsolute(settingsOf({}).dataDir)).toBe(true);
  });

  it('take an empty variable for one that is not set', () => {
    expect(settingsOf({ PORT: '', DATABASE_URL: '', JWT_SECRET: '  ', LOG_LEVEL: '' })).toEqual(settingsOf({}));
  });

  it('report every problem at once, each under the name of its variable', () => {
    const problems = problemsOf({
      PORT: 'eighty',
      DATABASE_URL: 'mysql://localhost',
      REDIS_URL: 'localhost:6379',
      JWT_SECRET: 'short',
      ENCRYPTION_KEY: 'not hexadecimal',
      PUBLIC_URL: 'localhost:3000',
      LOG_LEVEL: 'loud',
      ROLE: 'emperor',
    });
    expect(problems.map((problem) => problem.split(':')[0]).sort()).toEqual([
      'DATABASE_URL',
      'ENCRYPTION_KEY',
      'JWT_SECRET',
      'LOG_LEVEL',
      'PORT',
      'PUBLIC_URL',
      'REDIS_URL',
      'ROLE',
    ]);
  });

  it('report what is missing along with what is wrong, and nothing twice', () => {
    const problems = problemsOf({
      NODE_ENV: 'production',
      ROLE: 'api',
      PORT: '-1',
      JWT_SECRET: 'short',
      GITHUB_CLIENT_ID: 'app',
    });
    expect(problems.map((problem) => problem.split(':')[0]).sort()).toEqual([
      'DATABASE_URL',
      'ENCRYPTION_KEY',
      'GITHUB_CLIENT_SECRET',
      'JWT_SECRET',
      'PORT',
      'PUBLIC_URL',
      'REDIS_URL',
    ]);
  });

  it('name a secret that is wrong without repeating it', () => {
    expect(problemsOf({ JWT_SECRET: 'canary', ENCRYPTION_KEY: 'canary' }).join()).not.toContain('canary');
  });

  it('are complete in production with a database, secrets and an address', () => {
    expect(settingsOf(PRODUCTION)).toMatchObject({ environment: 'production', registration: 'closed' });
  });

  it.each([
    ['JWT_SECRET', 'change-me-change-me-change-me-now-123'],
    ['JWT_SECRET', 'my-super-secret-signing-key-0123456789'],
    ['JWT_SECRET', 'a'.repeat(40)],
    ['JWT_SECRET', 'qwertyuiopasdfgh'.repeat(2)],
    ['ENCRYPTION_KEY', '0'.repeat(64)],
    ['ENCRYPTION_KEY', '0123456789abcdef'.repeat(4)],
  ])('refuse in production a %s that looks like a default: %s', (name, value) => {
    expect(problemsOf({ ...PRODUCTION, [name]: value })).toEqual([
      expect.stringMatching(`^${name}: looks like an example`),
    ]);
    expect(problemsOf({ [name]: value })).toEqual([]);
  });

  it.each(['api', 'worker'])('need Redis and a database for the role %s', (role) => {
    expect(problemsOf({ ROLE: role })).toEqual([
      expect.stringMatching(/^REDIS_URL: /),
      expect.stringMatching(/^DATABASE_URL: /),
    ]);
    const meeting = { REDIS_URL: 'redis://localhost', DATABASE_URL: 'postgres://localhost/x' };
    expect(settingsOf({ ROLE: role, ...meeting })).toMatchObject({ role });
  });

  it('take the role from the command line before the environment', () => {
    const meeting = { REDIS_URL: 'redis://localhost', DATABASE_URL: 'postgres://localhost/x' };
    expect(settingsOf({ ...meeting, ROLE: 'api' }, ['--verbose', '--role=worker']).role).toBe('worker');
    expect(problemsOf(meeting, ['--role=king'])).toEqual([expect.stringMatching(/^ROLE: /)]);
  });

  it.each(['javascript:alert(1)', 'localhost:3000', 'ftp://tank.example.com'])(
    'do not take %s for an address that people can use',
    (address) => {
      expect(problemsOf({ PUBLIC_URL: address })).toEqual(['PUBLIC_URL: Use an http:// or https:// address']);
    },
  );

  it('read allowed origins as browsers write them', () => {
    expect(
      settingsOf({ ALLOWED_ORIGINS: 'https://Tank.Example.com/, http://localhost:4200 ,' }).allowedOrigins,
    ).toEqual(['https://tank.example.com', 'http://localhost:4200']);
    expect(problemsOf({ ALLOWED_ORIGINS: 'https://fine.example,*.example.com' })).toEqual([
      expect.stringMatching(/^ALLOWED_ORIGINS: /),
    ]);
  });

  it.each([
    ['1', 1],
    ['true', true],
    ['false', false],
    ['loopback, 10.0.0.0/8, 2001:db8::1', 'loopback, 10.0.0.0/8, 2001:db8::1'],
  ])('hand Express the proxies %s in the shape it understands', (text, trustProxy) => {
    expect(settingsOf({ TRUST_PROXY: text })).toMatchObject({ trustProxy });
  });

  it('refuse proxies that Express would stumble over', () => {
    expect(problemsOf({ TRUST_PROXY: 'nginx' })).toEqual([expect.stringMatching(/^TRUST_PROXY: /)]);
  });

  it('need both halves of a provider’s credentials', () => {
    expect(problemsOf({ GITHUB_CLIENT_ID: 'id', GITLAB_CLIENT_SECRET: 'canary' })).toEqual([
      'GITHUB_CLIENT_SECRET: required with GITHUB_CLIENT_ID',
      'GITLAB_CLIENT_ID: required with GITLAB_CLIENT_SECRET',
    ]);
  });
});
