import type { Account, Problem, SignedIn, SignInOptions, UserProfile } from '@clawtank/contracts';
import argon2 from 'argon2';
import request from 'supertest';
import { type AccountsServer, startAccountsServer } from './accounts-server.js';
import { anAdministrator, aPerson, asPerson, Browser, PASSWORD } from './people.js';

const codeOf = ({ body }: request.Response): string => (body as Problem).code;

describe('accounts', () => {
  let server: AccountsServer;
  beforeAll(async () => (server = await startAccountsServer()));
  afterAll(() => server.close());

  const login = (username: string, password: string) =>
    new Browser(server.url).post('/api/auth/login', { username, password });

  it('makes an account and signs it in', async () => {
    const browser = new Browser(server.url);
    const answer = await browser
      .post('/api/auth/register', { username: 'Ada', password: PASSWORD, email: 'ada@example.com' })
      .expect(201);
    const { account, accessToken, expiresAt } = answer.body as SignedIn;
    expect(account).toEqual({
      id: expect.any(String) as string,
      username: 'Ada',
      email: 'ada@example.com',
      avatarUrl: null,
      bio: '',
      role: 'user',
      providers: [],
      hasPassword: true,
      createdAt: expect.any(String) as string,
    });
    expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(15 * 60_000);
    expect(answer.headers['cache-control']).toBe('no-store');
    const me = await request(server.url).get('/api/auth/me').set('Authorization', `Bearer ${accessToken}`).expect(200);
    expect(me.body).toEqual(account);
  });

  it('signs in by name or e-mail address, whatever their case', async () => {
    const { account } = await aPerson(server, { username: 'Grace', email: 'Grace@Example.com' });
    for (const name of ['Grace', 'gRACE', 'grace@example.com', ' GRACE@example.com ']) {
      const answer = await login(name, PASSWORD).expect(200);
      expect((answer.body as SignedIn).account.id).toBe(account.id);
    }
  });

  it('takes the same password however a keyboard composes its letters', async () => {
    await aPerson(server, { username: 'compose', password: 'caf\u00e9 caf\u00e9 caf\u00e9' });
    await login('compose', 'cafe\u0301 cafe\u0301 cafe\u0301').expect(200);
  });

  it('answers a wrong password and an unknown name alike', async () => {
    await aPerson(server, { username: 'known' });
    const [wrong, unknown, deleted] = await Promise.all([
      login('known', 'not the password').expect(401),
      login('unknown', 'not the password').expect(401),
      login('nobody@example.com', 'not the password').expect(401),
    ]);
    expect(codeOf(wrong)).toBe('credentials_wrong');
    expect(unknown.body).toEqual(wrong.body);
    expect(deleted.body).toEqual(wrong.body);
    expect(wrong.headers['set-cookie']).toBeUndefined();
  });

  it('spends the work of checking a password on unknown names too', async () => {
    const verified = countVerifications();
    await login('unknown', 'not the password').expect(401);
    expect(verified.count()).toBe(1);
    verified.restore();
  });

  it('gives a name and an e-mail address to one account only, whatever their case', async () => {
    await aPerson(server, { username: 'Taken', email: 'taken@example.com' });
    const register = (body: object) =>
      request(server.url)
        .post('/api/auth/register')
        .send({ password: PASSWORD, ...body });
    expect(codeOf(await register({ username: 'tAKEN' }).expect(409))).toBe('username_taken');
    expect(codeOf(await register({ username: 'other', email: 'TAKEN@example.com' }).expect(409))).toBe('email_taken');
  });

  it('lets one of several who ask for a name at once have it', async () => {
    const answers = await Promise.all(
      Array.from({ length: 5 }, () =>
        request(server.url).post('/api/auth/register').send({ username: 'popular', password: PASSWORD }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
  });

  it.each([
    ['a short password', { username: 'valid', password: 'short' }],
    ['an endless password', { username: 'valid', password: 'x'.repeat(201) }],
    ['a name with a space', { username: 'not valid', password: PASSWORD }],
    ['a name that looks like an address', { username: 'a@example.com', password: PASSWORD }],
    ['no password', { username: 'valid' }],
    ['nothing', undefined],
  ])('refuses %s', async (_what, body) => {
    const answer = await request(server.url).post('/api/auth/register').send(body).expect(400);
    expect(codeOf(answer)).toBe('invalid_input');
  });

  it('keeps passwords as argon2id by the parameters of OWASP, and brings older hashes up to them at the next sign-in', async () => {
    const { id, account } = await aPerson(server);
    const hash = async () =>
      (
        await server.database.query<{ password_hash: string }[]>(`SELECT password_hash FROM users WHERE id = $1`, [id])
      )[0]!.password_hash;
    expect(await hash()).toMatch(/^\$argon2id\$v=19\$m=19456,(p=1,t=2|t=2,p=1)\$/);

    await server.database.query(`UPDATE users SET password_hash = $2 WHERE id = $1`, [
      id,
      await argon2.hash(PASSWORD, { memoryCost: 8192, timeCost: 1, parallelism: 1 }),
    ]);
    await login(account.username, PASSWORD).expect(200);
    expect(await hash()).toMatch(/m=19456/);
    await login(account.username, PASSWORD).expect(200);
  });

  it('says how people may sign in here', async () => {
    const answer = await request(server.url).get('/api/auth/options').expect(200);
    expect(answer.body as SignInOptions).toEqual({ registration: 'open', awaitingSetup: true, providers: [] });
  });

  it('refuses strangers, forged tokens and agents where people are asked for', async () => {
    expect(codeOf(await request(server.url).get('/api/auth/me').expect(401))).toBe('unauthenticated');
    for (const token of ['nonsense', 'a.b.c', 'cta_x', `eyJhbGciOiJub25lIn0.${btoa('{"sub":"x"}')}.`]) {
      const answer = await request(server.url).get('/api/auth/me').set('Authorization', `Bearer ${token}`).expect(401);
      expect(codeOf(answer)).toBe('unauthenticated');
    }
    const person = await aPerson(server);
    const agent = (await person.post('/api/agents', { name: 'robot' }).expect(201)).body as { token: string };
    for (const path of ['/api/auth/me', '/api/auth/tokens', '/api/agents']) {
      expect(
        codeOf(await request(server.url).get(path).set('Authorization', `Bearer ${agent.token}`).expect(403)),
      ).toBe('forbidden');
    }
  });

  describe('profiles', () => {
    it('shows anybody what a person says of themselves and what they earned', async () => {
      const person = await aPerson(server, { email: 'private@example.com' });
      await server.database.query(`INSERT INTO user_reputation (user_id, total_xp, level) VALUES ($1, 230, 3)`, [
        person.id,
      ]);
      const answer = await request(server.url).get(`/api/users/${person.id}`).expect(200);
      expect(answer.body as UserProfile).toEqual({
        id: person.id,
        username: person.account.username,
        avatarUrl: null,
        bio: '',
        createdAt: person.account.createdAt,
        totalXP: 230,
        level: 3,
      });
    });

    it('starts everybody at level 1 with no XP', async () => {
      const { id } = await aPerson(server);
      expect((await request(server.url).get(`/api/users/${id}`)).body).toMatchObject({ totalXP: 0, level: 1 });
    });

    it('knows nobody under an unknown id', async () => {
      expect(codeOf(await request(server.url).get('/api/users/00000000-0000-4000-8000-000000000000').expect(404))).toBe(
        'not_found',
      );
      expect(codeOf(await request(server.url).get('/api/users/me').expect(400))).toBe('invalid_input');
    });

    it('changes what is named and leaves the rest', async () => {
      const person = await aPerson(server, { email: 'before@example.com' });
      const path = `/api/users/${person.id}`;
      const changed = await person
        .put(path, { bio: 'Builds things', avatarUrl: 'https://example.com/a.png' })
        .expect(200);
      expect(changed.body).toMatchObject({ bio: 'Builds things', avatarUrl: 'https://example.com/a.png' });
      await person.put(path, { avatarUrl: null }).expect(200);
      expect((await person.get('/api/auth/me')).body as Account).toMatchObject({
        bio: 'Builds things',
        avatarUrl: null,
        email: 'before@example.com',
      });
      await person.put(path, {}).expect(200);
    });

    it('lets nobody change another person’s profile, and nobody take another’s e-mail address', async () => {
      const [person, other] = [await aPerson(server, { email: 'mine@example.com' }), await aPerson(server)];
      expect(codeOf(await other.put(`/api/users/${person.id}`, { bio: 'Hacked' }).expect(403))).toBe('forbidden');
      expect(codeOf(await other.put(`/api/users/${other.id}`, { email: 'MINE@example.com' }).expect(409))).toBe(
        'email_taken',
      );
      expect(codeOf(await request(server.url).put(`/api/users/${person.id}`).send({ bio: 'x' }).expect(401))).toBe(
        'unauthenticated',
      );
      expect(
        codeOf(await person.put(`/api/users/${person.id}`, { avatarUrl: 'http://example.com/a.png' }).expect(400)),
      ).toBe('invalid_input');
    });
  });

  describe('closing an account', () => {
    it('erases the person, ends their sessions and tokens, revokes their agents, and keeps their name', async () => {
      const person = await aPerson(server, { username: 'leaver', email: 'leaver@example.com' });
      const agent = (await person.post('/api/agents', { name: 'leftover' }).expect(201)).body as {
        agent: { id: string };
        token: string;
      };
      await person.post('/api/auth/tokens', { name: 'laptop' }).expect(201);
      await person.delete(`/api/users/${person.id}`).expect(204);

      await person.get('/api/auth/me').expect(401);
      expect(codeOf(await person.browser.post('/api/auth/refresh').expect(401))).toBe('refresh_invalid');
      expect(codeOf(await login('leaver', PASSWORD).expect(401))).toBe('credentials_wrong');
      await request(server.url).get(`/api/users/${person.id}`).expect(404);
      const [row] = await server.database.query<Record<string, unknown>[]>(
        `SELECT email, password_hash, bio, (SELECT count(*)::int FROM access_tokens WHERE user_id = u.id) AS tokens FROM users u WHERE id = $1`,
        [person.id],
      );
      expect(row).toEqual({ email: null, password_hash: null, bio: '', tokens: 0 });
      const again = await request(server.url)
        .post('/api/auth/register')
        .send({ username: 'Leaver', password: PASSWORD })
        .expect(409);
      expect(codeOf(again)).toBe('username_taken');
      expect((await server.announced()).slice(-2)).toEqual([
        { name: 'agents.revoked', data: { agentId: agent.agent.id, name: 'leftover', ownerId: person.id } },
        { name: 'accounts.closed', data: { userId: person.id, username: 'leaver', reason: 'deleted' } },
      ]);
    });

    it('is for oneself and for administrators', async () => {
      const [admin, person, other] = [await anAdministrator(server), await aPerson(server), await aPerson(server)];
      expect(codeOf(await other.delete(`/api/users/${person.id}`).expect(403))).toBe('forbidden');
      await person.get('/api/auth/me').expect(200);
      await admin.delete(`/api/users/${person.id}`).expect(204);
      await person.get('/api/auth/me').expect(401);
      expect(codeOf(await admin.delete(`/api/users/${person.id}`).expect(404))).toBe('not_found');
      expect(codeOf(await admin.delete(`/api/users/${admin.id}`).expect(403))).toBe('forbidden');

      await admin.put(`/api/users/${other.id}/ban`).expect(204);
      await admin.put(`/api/users/${other.id}/ban`).expect(204);
      await other.get('/api/auth/me').expect(401);
      expect(codeOf(await login(other.account.username, PASSWORD).expect(403))).toBe('banned');
      expect(codeOf(await login(other.account.username, 'not the password').expect(401))).toBe('credentials_wrong');
      expect((await server.announced()).filter(({ data }) => (data as { userId: string }).userId === other.id)).toEqual(
        [{ name: 'accounts.closed', data: { userId: other.id, username: other.account.username, reason: 'banned' } }],
      );

      await admin.delete(`/api/users/${other.id}/ban`).expect(204);
      await other.get('/api/auth/me').expect(401);
      const back = asPerson(
        server.url,
        other.browser,
        (await login(other.account.username, PASSWORD).expect(200)).body as SignedIn,
      );
      expect(codeOf(await back.put(`/api/users/${admin.id}/ban`).expect(403))).toBe('forbidden');
      expect(codeOf(await back.put(`/api/users/${back.id}/ban`).expect(403))).toBe('forbidden');
      expect(codeOf(await back.delete(`/api/users/${back.id}/ban`).expect(403))).toBe('forbidden');
      expect(codeOf(await admin.put(`/api/users/${admin.id}/ban`).expect(403))).toBe('forbidden');
    });
  });
});

describe('limits', () => {
  it('stops guessing at one name, even all at once, and forgets honest mistakes', async () => {
    const server = await startAccountsServer({ env: { SIGN_IN_ATTEMPTS: '3' } });
    try {
      const login = (username: string, password: string) =>
        request(server.url).post('/api/auth/login').send({ username, password });
      await aPerson(server, { username: 'victim' });
      await login('victim', 'mistake one').expect(401);
      await login('victim', 'mistake two').expect(401);
      await login('victim', PASSWORD).expect(200);

      const guesses = await Promise.all(Array.from({ length: 8 }, (_, n) => login('Victim', `guess number ${n}`)));
      expect(guesses.map(({ status }) => status).sort()).toEqual([401, 401, 401, 429, 429, 429, 429, 429]);
      const refused = await login('victim', PASSWORD).expect(429);
      expect(refused.body).toMatchObject({ code: 'rate_limited', retryAfter: expect.any(Number) as number });
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    } finally {
      await server.close();
    }
  });

  it('stops an address that tries many names', async () => {
    const server = await startAccountsServer({ env: { SIGN_IN_ATTEMPTS: '1' } });
    try {
      for (let n = 0; n < 10; n++) {
        await request(server.url)
          .post('/api/auth/login')
          .send({ username: `name-${n}`, password: 'a guess' })
          .expect(401);
      }
      const answer = await request(server.url)
        .post('/api/auth/login')
        .send({ username: 'name-10', password: 'a guess' })
        .expect(429);
      expect(codeOf(answer)).toBe('rate_limited');
    } finally {
      await server.close();
    }
  });

  it('stops an address that makes account after account', async () => {
    const server = await startAccountsServer({ env: { REGISTRATIONS_PER_HOUR: '2' } });
    try {
      const statuses: number[] = [];
      for (const username of ['one', 'two', 'three']) {
        statuses.push(
          (await request(server.url).post('/api/auth/register').send({ username, password: PASSWORD })).status,
        );
      }
      expect(statuses).toEqual([201, 201, 429]);
    } finally {
      await server.close();
    }
  });

  it('makes no account while registration is closed', async () => {
    const server = await startAccountsServer({ env: { REGISTRATION: 'closed' } });
    try {
      const answer = await request(server.url)
        .post('/api/auth/register')
        .send({ username: 'someone', password: PASSWORD })
        .expect(403);
      expect(codeOf(answer)).toBe('registration_closed');
      expect((await request(server.url).get('/api/auth/options')).body).toMatchObject({ registration: 'closed' });
    } finally {
      await server.close();
    }
  });
});

function countVerifications(): { count(): number; restore(): void } {
  const verify = argon2.verify.bind(argon2);
  let calls = 0;
  argon2.verify = (...parameters) => {
    calls++;
    return verify(...parameters);
  };
  return { count: () => calls, restore: () => (argon2.verify = verify) };
}
