import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HealthController } from '../../apps/api/src/platform/health/health.controller.js';
import type { TestServer } from '../support/app.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { eventually, Person } from '../support/people.js';
import { NetworkCable } from './support/network-cable.js';

/** A built web client in small; the server serves what is in `dist/web` of its working directory. */
const PAGE = '<!doctype html><title>Tank</title><ct-root ngCspNonce="CSP_NONCE"></ct-root>';
const SCRIPT = 'main-ABCD1234.js';
const before = process.cwd();
let folder: string;
let database: TestDatabase;
let cable: NetworkCable;
let server: TestServer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'clawtank-web-'));
  const web = join(folder, 'dist/web/browser');
  mkdirSync(web, { recursive: true });
  writeFileSync(join(web, 'index.html'), PAGE);
  writeFileSync(join(web, SCRIPT), 'export {};');
  writeFileSync(join(web, 'favicon.svg'), '<svg/>');
  writeFileSync(join(folder, 'dist/secret.txt'), 'canary');
  process.chdir(folder);
  database = await createTestDatabase();
  cable = await NetworkCable.to(database.url);
  const { startTestServer } = await import('../support/app.js');
  server = await startTestServer({
    database: { ...database, url: cable.url },
    env: { METRICS_TOKEN: 'a-token-for-prometheus' },
  });
});
afterAll(async () => {
  await cable.mend();
  await server.close();
  process.chdir(before);
  await cable.cut();
  await database.drop();
  rmSync(folder, { recursive: true });
});

const get = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${server.url}${path}`, { headers: { accept: 'text/html' }, redirect: 'manual', ...init });
const nonceIn = (text: string): string => /nonce-([\w+/=]+)'/.exec(text)?.[1] ?? '';

/** Sends a path exactly as it is written, which no HTTP client does. */
async function getLiterally(path: string): Promise<string> {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\nConnection: close\r\n\r\n`);
  let answer = '';
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
  await once(socket, 'close');
  return answer;
}

describe('pages', () => {
  it('come with exactly what their scripts and styles need, and nothing more', async () => {
    const response = await get('/rooms/some-room');
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy.split(';')).toEqual([
      "default-src 'self'",
      "script-src 'self'",
      `style-src 'self' 'nonce-${nonceIn(policy)}'`,
      "img-src 'self' data:",
      "font-src 'self'",
      "connect-src 'self' ws: wss:",
      "object-src 'none'",
      "base-uri 'self'",
      "form-action 'self'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      'trusted-types angular angular#components',
    ]);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'cache-control': 'no-store',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
    expect(response.headers.has('x-powered-by')).toBe(false);
    expect(response.headers.has('strict-transport-security')).toBe(false);
  });

  it('carry a nonce of their own each time, the same in the header and in the page', async () => {
    const [one, other] = [await get('/'), await get('/')];
    const nonces = [one, other].map(({ headers }) => nonceIn(headers.get('content-security-policy') ?? ''));
    expect(new Set(nonces).size).toBe(2);
    expect(Buffer.from(nonces[0] ?? '', 'base64')).toHaveLength(16);
    expect(await one.text()).toBe(PAGE.replace('CSP_NONCE', nonces[0] ?? ''));
  });

  it('may be shown inside other pages only where anyone may watch', async () => {
    const ancestors = async (path: string) =>
      /frame-ancestors ([^;]+)/.exec((await get(path)).headers.get('content-security-policy') ?? '')?.[1];
    expect(await ancestors('/spectate/some-room')).toBe('*');
    for (const path of [
      '/',
      '/sign-in',
      '/rooms/x',
      '/spectate',
      '/spectators/x',
      '/rooms/spectate/x',
      '/%2Fspectate/x',
    ]) {
      expect([path, await ancestors(path)]).toEqual([path, "'none'"]);
    }
  });

  it('answer HEAD as GET, and nothing else', async () => {
    const head = await get('/', { method: 'HEAD' });
    expect([head.status, head.headers.get('content-type'), await head.text()]).toEqual([
      200,
      'text/html; charset=utf-8',
      '',
    ]);
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      expect([method, (await get('/', { method })).status]).toEqual([method, 404]);
    }
  });

  it('are kept by browsers if their name changes with their content, and else asked for again', async () => {
    expect((await get(`/${SCRIPT}`)).headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect((await get('/favicon.svg')).headers.get('cache-control')).toBe('no-cache');
  });

  it.each(['/chunk-Zyxw9876.js', '/rooms/chunk-Zyxw9876.js', '/styles-Zyxw9876.css', '/media/sans-Zyxw9876.woff2'])(
    'are not what answers for a file of a former version: %s',
    async (path) => {
      for (const accept of ['*/*', 'text/html']) {
        const response = await get(path, { headers: { accept } });
        expect([response.status, response.headers.get('cache-control')]).toEqual([404, 'no-store']);
        expect(await response.text()).not.toContain('ct-root');
      }
    },
  );

  it.each([
    '/../secret.txt',
    '/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/..%5csecret.txt',
    '/%2e%2e%2f%2e%2e%2fsecret.txt',
    '/%252e%252e/secret.txt',
    '/..%c0%afsecret.txt',
    '//secret.txt',
    '/%00',
    '/%',
  ])('are never taken from outside their folder: %s', async (path) => {
    const answer = await getLiterally(path);
    expect(answer).toMatch(/^HTTP\/1\.1 (?:200|400|403|404) /);
    expect(answer).not.toContain('canary');
  });
});

describe('the interface', () => {
  it.each(['/api', '/api/nothing', '/api/rooms/a/b/c/d'])(
    'answers %s, which does not exist, with a problem',
    async (path) => {
      const response = await get(path);
      expect([response.status, response.headers.get('content-type')]).toEqual([
        404,
        'application/problem+json; charset=utf-8',
      ]);
      expect(await response.json()).toMatchObject({ status: 404, code: 'not_found' });
    },
  );

  it.each(['/health', '/health/x', '/git', '/metrics/x', '/socket.io'])('answers no page for %s', async (path) => {
    const response = await get(path);
    expect([path, response.status]).toEqual([path, expect.any(Number)]);
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(await response.text()).not.toContain('ct-root');
  });

  it('answers a body that is no JSON, or too much of it, with a problem', async () => {
    const post = (body: string) =>
      get('/api/auth/login', { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    expect(await (await post('{"canary"')).json()).toMatchObject({ status: 400, code: 'invalid_json' });
    expect(await (await post(JSON.stringify('x'.repeat(300_000)))).json()).toMatchObject({
      status: 413,
      code: 'payload_too_large',
    });
  });

  it('shows its figures to whoever has the token', async () => {
    expect((await get('/metrics')).status).toBe(401);
    expect((await get('/metrics', { headers: { authorization: 'Bearer something-else-of-it' } })).status).toBe(401);
    const response = await get('/metrics', { headers: { authorization: 'Bearer a-token-for-prometheus' } });
    expect([response.status, (await response.text()).includes('clawtank_connections')]).toEqual([200, true]);
  });
});

describe('health', () => {
  it('is alive and ready', async () => {
    expect(await (await get('/health/live')).json()).toEqual({ status: 'alive' });
    expect(await (await get('/health/ready')).json()).toEqual({ status: 'ready', database: 'up', redis: 'not used' });
  });

  it('is alive and not ready while the database is away, and ready once it is back', async () => {
    await cable.cut();
    const response = await get('/health/ready');
    expect([response.status, await response.json()]).toEqual([
      503,
      { status: 'not ready', database: 'down', redis: 'not used' },
    ]);
    expect((await get('/health/live')).status).toBe(200);
    await cable.mend();
    await eventually(async () => (await get('/health/ready')).status === 200);
    expect(await Person.register(server.url)).toHaveProperty('token');
  });

  it('is not ready while the process drains', async () => {
    server.app.get(HealthController).onModuleDestroy();
    const response = await get('/health/ready');
    expect([response.status, await response.json()]).toMatchObject([503, { status: 'draining' }]);
    expect((await get('/health/live')).status).toBe(200);
  });
});
