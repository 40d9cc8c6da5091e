import type { Problem, SignedIn } from '@clawtank/contracts';
import { JwtService } from '@nestjs/jwt';
import request from 'supertest';
import { SweepSessions } from '../../apps/api/src/auth/sessions/sweep-sessions.jobs.js';
import { type AccountsServer, startAccountsServer } from './accounts-server.js';
import { aPerson, Browser, cookieIn, PASSWORD, type Person, setCookie } from './people.js';

const COOKIE = 'clawtank_refresh';
const AFTER_THE_WINDOW = 10_001;
const DAY = 86_400_000;
const codeOf = ({ body }: request.Response): string => (body as Problem).code;

describe('sessions', () => {
  let server: AccountsServer;
  beforeAll(async () => (server = await startAccountsServer()));
  afterAll(() => server.close());

  /** Refreshes with a cookie that somebody kept, as a second tab or a thief does. */
  const refreshWith = (token: string) =>
    request(server.url).post('/api/auth/refresh').set('Origin', server.url).set('Cookie', `${COOKIE}=${token}`);
  const me = (accessToken: string) =>
    request(server.url).get('/api/auth/me').set('Authorization', `Bearer ${accessToken}`);

  async function signIn(): Promise<{ person: Person; token: string }> {
    const person = await aPerson(server);
    const answer = await new Browser(server.url)
      .post('/api/auth/login', { username: person.account.username, password: PASSWORD })
      .expect(200);
    return { person, token: cookieIn(answer, COOKIE)! };
  }

  async function exchange(token: string): Promise<string> {
    return cookieIn(await refreshWith(token).expect(200), COOKIE)!;
  }

  it('keeps the refresh token in a cookie that neither scripts nor other sites get at', async () => {
    const person = await aPerson(server);
    const answer = await person.browser.post('/api/auth/refresh').expect(200);
    expect(setCookie(answer, COOKIE)).toMatch(
      /Max-Age=2592000; Path=\/api\/auth; Expires=.*; HttpOnly; SameSite=Strict$/,
    );
    expect(cookieIn(answer, COOKIE)).toMatch(/^[\w-]{43}$/);
    expect(JSON.stringify(answer.body)).not.toContain(cookieIn(answer, COOKIE));
  });

  it('sends it over https only, where people use https', async () => {
    const secure = await startAccountsServer({ env: { PUBLIC_URL: 'https://tank.example.com' } });
    try {
      const answer = await request(secure.url)
        .post('/api/auth/register')
        .send({ username: 'ada', password: PASSWORD })
        .expect(201);
      expect(setCookie(answer, COOKIE)).toContain('; Secure');
    } finally {
      await secure.close();
    }
  });

  it('stores no token, only hashes', async () => {
    const { token } = await signIn();
    const successor = await exchange(token);
    const stored = await server.database.query<{ hash: string }[]>(
      `SELECT encode(token_hash, 'escape') AS hash FROM refresh_tokens`,
    );
    expect(stored.length).toBeGreaterThan(1);
    expect(stored.some(({ hash }) => hash.includes(token) || hash.includes(successor))).toBe(false);
  });

  it('exchanges the token for another one at each refresh', async () => {
    const { person } = await signIn();
    const tokens = new Set<string>();
    for (let n = 0; n < 4; n++) {
      const answer = await person.browser.post('/api/auth/refresh').expect(200);
      tokens.add(cookieIn(answer, COOKIE)!);
      await me((answer.body as SignedIn).accessToken).expect(200);
      server.clock.advance(AFTER_THE_WINDOW);
    }
    expect(tokens.size).toBe(4);
  });

  it('keeps a session that is used, and ends one that is not', async () => {
    let { token } = await signIn();
    for (let n = 0; n < 3; n++) {
      server.clock.advance(29 * DAY);
      token = await exchange(token);
    }
    server.clock.advance(30 * DAY);
    expect(codeOf(await refreshWith(token).expect(401))).toBe('refresh_invalid');
  });

  it('gives tabs that refresh at the same moment the same successor, and signs nobody out', async () => {
    const { person, token } = await signIn();
    const answers = await Promise.all(Array.from({ length: 10 }, () => refreshWith(token)));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    const successors = new Set(answers.map((answer) => cookieIn(answer, COOKIE)!));
    expect(successors.size).toBe(1);
    const [{ count }] = await server.database.query<[{ count: number }]>(
      `SELECT count(*)::int FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id WHERE s.user_id = $1`,
      [person.id],
    );
    expect(count).toBe(3); // registration's, the one that was exchanged, and its successor
    for (const answer of answers) {
      await me((answer.body as SignedIn).accessToken).expect(200);
    }
    await exchange([...successors][0]!);
  });

  it('ends the whole session when a token comes back long after its exchange', async () => {
    const { token: stolen } = await signIn();
    const second = await exchange(stolen);
    server.clock.advance(AFTER_THE_WINDOW);
    const answer = await refreshWith(second).expect(200);
    const newest = cookieIn(answer, COOKIE)!;

    const refused = await refreshWith(stolen).expect(401);
    expect(codeOf(refused)).toBe('refresh_invalid');
    expect(cookieIn(refused, COOKIE)).toBe('');
    await refreshWith(newest).expect(401);
    await me((answer.body as SignedIn).accessToken).expect(401);
  });

  it('notices a thief who was quick enough to get the same successor, as soon as either goes on', async () => {
    const { token } = await signIn();
    const [owner, thief] = [await exchange(token), await exchange(token)];
    expect(thief).toBe(owner);
    server.clock.advance(AFTER_THE_WINDOW);
    const ownersNext = await exchange(owner);
    server.clock.advance(AFTER_THE_WINDOW);
    await refreshWith(thief).expect(401);
    await refreshWith(ownersNext).expect(401);
  });

  it('leaves other sessions of the same person alone', async () => {
    const { person, token } = await signIn();
    await exchange(token);
    server.clock.advance(AFTER_THE_WINDOW);
    await refreshWith(token).expect(401);
    await person.browser.post('/api/auth/refresh').expect(200);
  });

  it('says nothing when nobody is signed in, and refuses a token it never gave', async () => {
    await new Browser(server.url).post('/api/auth/refresh').expect(204);
    const answer = await refreshWith('A'.repeat(43)).expect(401);
    expect(codeOf(answer)).toBe('refresh_invalid');
  });

  it('signs out: neither the access token nor the cookie is good any more', async () => {
    const { person, token } = await signIn();
    const answer = await person.browser.post('/api/auth/logout').expect(204);
    expect(setCookie(answer, COOKIE)).toMatch(/^clawtank_refresh=; Path=\/api\/auth; Expires=Thu, 01 Jan 1970/);
    await me(person.accessToken).expect(401);
    await person.browser.post('/api/auth/refresh').expect(204);
    await refreshWith(token).expect(200); // the other session
    await person.browser.post('/api/auth/logout').expect(204);
  });

  it('signs out a client that has an access token and no cookie', async () => {
    const { person } = await signIn();
    await person.post('/api/auth/logout').expect(204);
    await person.get('/api/auth/me').expect(401);
    await person.browser.post('/api/auth/refresh').expect(401);
  });

  it('never leaves a usable token behind when signing out races with refreshing', async () => {
    for (let n = 0; n < 10; n++) {
      const { token } = await signIn();
      const [refreshed] = await Promise.all([
        refreshWith(token),
        request(server.url)
          .post('/api/auth/logout')
          .set('Origin', server.url)
          .set('Cookie', `${COOKIE}=${token}`)
          .expect(204),
      ]);
      if (refreshed.status === 200) {
        await me((refreshed.body as SignedIn).accessToken).expect(401);
        await refreshWith(cookieIn(refreshed, COOKIE)!).expect(401);
      }
    }
  });

  it.each(['/api/auth/refresh', '/api/auth/logout'])('lets no other site ask for %s', async (path) => {
    const { token } = await signIn();
    const ask = (headers: Record<string, string>) =>
      request(server.url).post(path).set('Cookie', `${COOKIE}=${token}`).set(headers);
    for (const headers of [
      {},
      { Origin: 'https://evil.example' },
      { Origin: 'null' },
      { Origin: server.url, 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
      { 'Sec-Fetch-Site': 'none' },
      { Authorization: 'Basic Zm9vOmJhcg==' },
    ] as Record<string, string>[]) {
      const answer = await ask(headers).expect(403);
      expect(codeOf(answer)).toBe('origin_refused');
      expect(answer.headers['set-cookie']).toBeUndefined();
    }
    await exchange(token);
    await ask({ 'Sec-Fetch-Site': 'same-origin' }).expect(({ status }) => expect(status).toBeLessThan(300));
  });

  it('takes access tokens of its own making only, and only until they expire', async () => {
    const person = await aPerson(server);
    const jwt = new JwtService();
    const { sub, sid } = jwt.decode<{ sub: string; sid: string }>(person.accessToken);
    expect(jwt.decode(person.accessToken)).toMatchObject({
      sub: person.id,
      name: person.account.username,
      role: 'user',
      iss: 'clawtank',
      aud: 'clawtank-api',
    });
    const secret = server.settings.jwtSecret;
    const good = { secret, algorithm: 'HS256', issuer: 'clawtank', audience: 'clawtank-api', expiresIn: 60 } as const;
    const iat = Math.floor(server.clock.now().getTime() / 1000);
    await me(jwt.sign({ sub, sid, iat }, good)).expect(200);
    const forged = [
      jwt.sign({ sub, sid, iat }, { ...good, secret: 'another-signing-key-of-no-value-0123456789' }),
      jwt.sign({ sub, sid, iat }, { ...good, algorithm: 'HS512' }),
      jwt.sign({ sub, sid, iat }, { ...good, issuer: 'elsewhere' }),
      jwt.sign({ sub, sid, iat }, { ...good, audience: 'elsewhere' }),
      jwt.sign({ sub, sid, iat }, { ...good, expiresIn: -1 }),
      jwt.sign({ sub, iat }, good),
      jwt.sign({ sub: (await aPerson(server)).id, sid, iat }, good),
      `${Buffer.from('{"alg":"none"}').toString('base64url')}.${person.accessToken.split('.')[1]}.`,
    ];
    for (const token of forged) {
      await me(token).expect(401);
    }
    server.clock.advance(15 * 60_000 + 1000);
    await me(person.accessToken).expect(401);
  });

  it('bounds how often one address may refresh', async () => {
    const other = await startAccountsServer();
    try {
      const statuses = await Promise.all(
        Array.from(
          { length: 125 },
          async () => (await request(other.url).post('/api/auth/refresh').set('Origin', other.url)).status,
        ),
      );
      expect(statuses.filter((status) => status === 429)).toHaveLength(5);
    } finally {
      await other.close();
    }
  });

  it('sweeps away what is over, and nothing that matters', async () => {
    const sweep = () => server.app.get(SweepSessions).sweep();
    const tokensOf = async (id: string) =>
      (
        await server.database.query<[{ sessions: number; tokens: number }]>(
          `SELECT count(DISTINCT s.id)::int AS sessions, count(t.token_hash)::int AS tokens
             FROM sessions s LEFT JOIN refresh_tokens t ON t.session_id = s.id WHERE s.user_id = $1`,
          [id],
        )
      )[0];
    const person = await aPerson(server);
    await person.browser.post('/api/auth/refresh').expect(200);
    const { person: leaver } = await signIn();
    await leaver.browser.post('/api/auth/logout').expect(204);
    await sweep();
    expect(await tokensOf(person.id)).toEqual({ sessions: 1, tokens: 2 });
    expect((await tokensOf(leaver.id)).sessions).toBe(2);

    server.clock.advance(DAY);
    await sweep();
    expect((await tokensOf(leaver.id)).sessions).toBe(1);

    server.clock.advance(28 * DAY);
    await person.browser.post('/api/auth/refresh').expect(200);
    server.clock.advance(2 * DAY);
    await sweep();
    expect(await tokensOf(person.id)).toEqual({ sessions: 1, tokens: 2 }); // the exchanged token of a month ago is gone
    await person.browser.post('/api/auth/refresh').expect(200);
    expect(await tokensOf(leaver.id)).toEqual({ sessions: 0, tokens: 0 });
  });
});
