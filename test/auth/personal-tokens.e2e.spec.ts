import type { AccessToken, NewAccessToken, NewAgent, Problem } from '@clawtank/contracts';
import request from 'supertest';
import { GitCredentials } from '../../apps/api/src/auth/index.js';
import { type AccountsServer, startAccountsServer } from './accounts-server.js';
import { anAdministrator, aPerson, type Person } from './people.js';

const codeOf = ({ body }: request.Response): string => (body as Problem).code;

describe('passwords for git', () => {
  let server: AccountsServer;
  beforeAll(async () => (server = await startAccountsServer()));
  afterAll(() => server.close());

  const identify = (password: string) => server.app.get(GitCredentials).authenticate(password);
  const makeToken = async (person: Person, name = 'laptop') =>
    (await person.post('/api/auth/tokens', { name }).expect(201)).body as NewAccessToken;
  const listTokens = async (person: Person) => (await person.get('/api/auth/tokens').expect(200)).body as AccessToken[];

  it('shows a personal access token once, and keeps only its hash', async () => {
    const person = await aPerson(server);
    const { token, accessToken } = await makeToken(person);
    expect(token).toMatch(/^ctp_[\w-]{43}[0-9a-z]{7}$/);
    expect(accessToken).toMatchObject({ name: 'laptop', prefix: token.slice(0, 10), lastUsedAt: null });
    expect(await listTokens(person)).toEqual([accessToken]);
    expect(JSON.stringify(await server.database.query(`SELECT t::text FROM access_tokens t`))).not.toContain(
      token.slice(10),
    );
  });

  it('knows a person by their token, and says when it was last used', async () => {
    const person = await aPerson(server);
    const { token } = await makeToken(person);
    expect(await identify(token)).toEqual({
      type: 'human',
      id: person.id,
      userId: person.id,
      name: person.account.username,
      isAdmin: false,
    });
    const [{ lastUsedAt } = { lastUsedAt: null }] = await listTokens(person);
    expect(lastUsedAt).not.toBeNull();
    server.clock.advance(59_000);
    await identify(token);
    expect((await listTokens(person))[0]?.lastUsedAt).toBe(lastUsedAt);
    server.clock.advance(1000);
    await identify(token);
    expect((await listTokens(person))[0]?.lastUsedAt).not.toBe(lastUsedAt);
  });

  it('knows an agent by its token', async () => {
    const person = await aPerson(server);
    const { agent, token } = (await person.post('/api/agents', { name: 'pusher' }).expect(201)).body as NewAgent;
    expect(await identify(token)).toEqual({
      type: 'agent',
      id: agent.id,
      agentId: agent.id,
      userId: person.id,
      name: 'pusher',
    });
  });

  it('takes no access token, nothing made up, and nothing mistyped', async () => {
    const person = await aPerson(server);
    const { token } = await makeToken(person);
    const mistyped = token.slice(0, 20) + (token[20] === 'x' ? 'y' : 'x') + token.slice(21);
    for (const password of [
      person.accessToken,
      '',
      'ctp_',
      mistyped,
      token.slice(0, -1),
      `${token} `,
      token.replace('ctp', 'cta'),
    ]) {
      await expect(identify(password)).rejects.toMatchObject({ code: 'unauthenticated' });
    }
  });

  it('opens git only: the API refuses it', async () => {
    const { token } = await makeToken(await aPerson(server));
    const answer = await request(server.url).get('/api/auth/me').set('Authorization', `Bearer ${token}`).expect(401);
    expect(codeOf(answer)).toBe('unauthenticated');
  });

  it('is refused as soon as it is deleted, which only its owner can do', async () => {
    const [person, other] = [await aPerson(server), await aPerson(server)];
    const { token, accessToken } = await makeToken(person);
    expect(codeOf(await other.delete(`/api/auth/tokens/${accessToken.id}`).expect(404))).toBe('not_found');
    await identify(token);
    await person.delete(`/api/auth/tokens/${accessToken.id}`).expect(204);
    await expect(identify(token)).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(codeOf(await person.delete(`/api/auth/tokens/${accessToken.id}`).expect(404))).toBe('not_found');
    expect(await listTokens(person)).toEqual([]);
  });

  it('survives signing out, but neither a ban nor closing the account; nor do the agents', async () => {
    const [admin, person, leaver] = [await anAdministrator(server), await aPerson(server), await aPerson(server)];
    const passwords = async (owner: Person) => [
      (await makeToken(owner)).token,
      ((await owner.post('/api/agents', { name: 'helper' }).expect(201)).body as NewAgent).token,
    ];
    const [persons, leavers] = [await passwords(person), await passwords(leaver)];
    await person.post('/api/auth/logout').expect(204);
    await Promise.all(persons.map(identify));

    await admin.put(`/api/users/${person.id}/ban`).expect(204);
    await leaver.delete(`/api/users/${leaver.id}`).expect(204);
    for (const password of [...persons, ...leavers]) {
      await expect(identify(password)).rejects.toMatchObject({ code: 'unauthenticated' });
    }
    await admin.delete(`/api/users/${person.id}/ban`).expect(204);
    await Promise.all(persons.map(identify));
  });

  it.each([{}, { name: '' }, { name: 'x'.repeat(61) }])('wants a sensible name: %j', async (body) => {
    expect(codeOf(await (await aPerson(server)).post('/api/auth/tokens', body).expect(400))).toBe('invalid_input');
  });
});
