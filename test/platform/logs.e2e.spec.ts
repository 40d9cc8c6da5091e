import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { NewAccessToken, NewAgent, Room, SignedIn } from '@clawtank/contracts';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import {
  accepted,
  command,
  connect,
  eventually,
  Person,
  request,
  type RoomSocket,
  uniqueName,
} from '../support/people.js';
import { ServerProcess } from '../support/server-process.js';

const run = promisify(execFile);

/** What must not be found in the log, by what it is. */
const secrets = new Map<string, string>();
/** A text that is to be kept out of the log. */
function canary(what: string): string {
  const text = `canary-${randomBytes(9).toString('hex')}`;
  secrets.set(what, text);
  return text;
}
const keep = (what: string, secret: string): string => {
  secrets.set(what, secret);
  return secret;
};

describe('the log of a server that logs all it can', () => {
  let database: TestDatabase;
  let server: ServerProcess;
  let ann: Person;
  let room: Room;
  let socket: RoomSocket;
  const password = canary('password');

  beforeAll(async () => {
    database = await createTestDatabase();
    server = await ServerProcess.start({
      DATABASE_URL: database.url,
      LOG_LEVEL: 'trace',
      LOG_FORMAT: 'json',
      SHOW_SETUP_LINK: 'false',
      JWT_SECRET: keep('signing key', randomBytes(32).toString('base64url')),
      ENCRYPTION_KEY: keep('encryption key', randomBytes(32).toString('hex')),
      GITHUB_CLIENT_ID: 'github-app',
      GITHUB_CLIENT_SECRET: canary('GitHub client secret'),
      GITHUB_BASE_URL: 'http://127.0.0.1:9', // where nobody answers
      GITHUB_API_URL: 'http://127.0.0.1:9',
    });
  }, 90_000);
  afterAll(async () => {
    socket.close();
    await server.stop();
    server.removeData();
    await database.drop();
  });

  const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${server.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });

  it('is written while people and agents do everything they should and should not', async () => {
    // Accounts
    const username = uniqueName('ann');
    const registered = await post('/api/auth/register', { username, password });
    const cookie = registered.headers
      .getSetCookie()
      .map((each) => each.split(';')[0] ?? '')
      .join('; ');
    keep('refresh cookie', cookie.split('=')[1] ?? '');
    keep('access token', ((await registered.json()) as SignedIn).accessToken);
    await post('/api/auth/login', { username, password: canary('wrong password') });
    await post('/api/auth/login', `{"username":"${username}","password":"${canary('password in broken JSON')}"`);
    await post('/api/auth/register', { username, password: canary('password of a taken name') });
    const refreshed = await post('/api/auth/refresh', {}, { cookie });
    keep('next access token', ((await refreshed.json()) as SignedIn).accessToken);
    await post('/api/auth/refresh', {}, { cookie }); // reuse, which ends the session
    await post('/api/auth/refresh', {}, { cookie: `clawtank_refresh=${canary('forged cookie')}` });
    ann = await Person.signIn(server.url, username, password);
    keep('token of the session', ann.token);
    await request(server.url, 'GET', '/api/auth/me', { token: canary('forged token') }).catch(() => undefined);

    // GitHub sends somebody back with a code that it does not know any more.
    const away = await fetch(`${server.url}/api/auth/github`, { redirect: 'manual' });
    const state = new URL(away.headers.get('location') ?? '').searchParams.get('state') ?? '';
    keep('OAuth state', state);
    const oauthCookie = away.headers
      .getSetCookie()
      .map((each) => each.split(';')[0] ?? '')
      .join('; ');
    keep('OAuth cookie', oauthCookie.split('=')[1] ?? '');
    const back = `/api/auth/github/callback?code=${canary('OAuth code')}&state=${state}`;
    expect((await fetch(`${server.url}${back}`, { redirect: 'manual', headers: { cookie: oauthCookie } })).status).toBe(
      302,
    );

    // Rooms and chat
    room = await ann.createRoomWithRepository({ name: canary('room name'), description: canary('room description') });
    socket = await ann.connect();
    await accepted(socket, 'join_room', { roomId: room.id });
    await accepted(socket, 'chat_message', { roomId: room.id, message: canary('message') });
    await command(socket, 'chat_message', { roomId: room.id, message: `${canary('message that no column takes')}\0` });
    await command(socket, 'chat_message', { roomId: canary('room id'), message: canary('message of a bad command') });
    const { token: invitation } = await ann.request<{ token: string }>('POST', `/api/rooms/${room.id}/invitations`, {});
    await ann.request('POST', `/api/invitations/${keep('invitation', invitation)}/accept`).catch(() => undefined);

    // Agents and their tokens
    const agent = await ann.request<NewAgent>('POST', '/api/agents', { name: uniqueName('scribe') });
    await ann.request('POST', `/api/rooms/${room.id}/agents/${agent.agent.id}`);
    const agentSocket = await connect(server.url, '/agents', keep('agent token', agent.token));
    agentSocket.close();
    await connect(server.url, '/agents', canary('forged agent token')).catch(() => undefined);

    // Git, with the token in the address
    const { token } = await ann.request<NewAccessToken>('POST', '/api/auth/tokens', { name: 'laptop' });
    await push(keep('personal access token', token), canary('commit'), canary('content of a file'));
    await push(canary('forged git token'), 'another', 'text').catch(() => undefined);

    // Webhooks
    const wrong = {
      'x-hub-signature-256': `sha256=${canary('wrong signature')}`,
      'x-github-event': 'push',
      'x-github-delivery': '1',
    };
    const { webhookUrl, webhookSecret } = await ann.request<{ webhookUrl: string; webhookSecret: string }>(
      'POST',
      `/api/rooms/${(await ann.createRoomWithRepository()).id}/git`,
      { provider: 'github', repoId: '1', fullName: 'someone/something' },
    );
    keep('webhook secret', webhookSecret);
    expect((await post(new URL(webhookUrl).pathname, { ref: canary('payload') }, wrong)).status).toBe(401);

    await ann.request('POST', '/api/auth/logout');
    await eventually(() => server.output().split('\n').length > 20);
  }, 90_000);

  async function push(token: string, branch: string, content: string): Promise<void> {
    const url = new URL(`${server.url}${room.gitRepo}`);
    url.username = 'git';
    url.password = token;
    const folder = mkdtempSync(join(tmpdir(), 'clawtank-push-'));
    const git = (...args: string[]) =>
      run('git', ['-C', folder, ...args], { env: { ...process.env, GIT_TERMINAL_PROMPT: '0' } });
    try {
      await run('git', ['init', '--quiet', folder]);
      writeFileSync(join(folder, 'file.txt'), content);
      await git('add', '.');
      await git('-c', 'user.name=Ann', '-c', 'user.email=ann@example.com', 'commit', '--quiet', '-m', branch);
      await git('push', '--quiet', url.href, `HEAD:refs/heads/${branch}`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  it('holds no password, token, cookie, secret or text that anybody wrote', () => {
    const output = server.output();
    const leaked = [...secrets].filter(([, secret]) => secret === '' || output.includes(secret)).map(([what]) => what);
    expect(leaked).toEqual([]);
    expect(secrets.size).toBeGreaterThan(25);
  });

  it('is one JSON object a line, besides where the server is to be found', () => {
    const lines = server
      .output()
      .split('\n')
      .filter((line) => line !== '' && !line.includes('ClawTank is ready:'));
    expect(lines.length).toBeGreaterThan(10);
    const broken = lines.filter((line) => {
      try {
        return typeof (JSON.parse(line) as { level?: unknown }).level !== 'number';
      } catch {
        return true;
      }
    });
    expect(broken).toEqual([]);
  });
});
