import type { Agent, NewAgent, Problem } from '@clawtank/contracts';
import request from 'supertest';
import { AUTHENTICATOR, type Authenticator } from '../../apps/api/src/platform/authenticator.js';
import { type Presence, PRESENCE } from '../../apps/api/src/platform/presence/presence.js';
import { type AccountsServer, startAccountsServer } from '../auth/accounts-server.js';
import { aPerson, type Person } from '../auth/people.js';

const codeOf = ({ body }: request.Response): string => (body as Problem).code;

describe('agents', () => {
  let server: AccountsServer;
  let owner: Person;
  beforeAll(async () => (server = await startAccountsServer()));
  afterAll(() => server.close());
  beforeEach(async () => (owner = await aPerson(server)));

  const make = async (person: Person, body: object) =>
    (await person.post('/api/agents', body).expect(201)).body as NewAgent;
  const list = async (person: Person) => (await person.get('/api/agents').expect(200)).body as Agent[];
  const authenticate = (token: string) => server.app.get<Authenticator>(AUTHENTICATOR).authenticate(token);

  it('shows an agent’s token once, and keeps only its hash', async () => {
    const { agent, token } = await make(owner, { name: 'Builder', description: 'Builds' });
    expect(token).toMatch(/^cta_[\w-]{43}[0-9a-z]{7}$/);
    expect(agent).toEqual({
      id: expect.any(String) as string,
      name: 'Builder',
      description: 'Builds',
      ownerId: owner.id,
      tokenPrefix: token.slice(0, 10),
      createdAt: expect.any(String) as string,
      lastSeenAt: null,
      revokedAt: null,
      connected: false,
      rooms: [],
    });
    expect(await list(owner)).toEqual([agent]);
    for (const table of ['agents', 'command_receipts']) {
      expect(JSON.stringify(await server.database.query(`SELECT t::text FROM ${table} t`))).not.toContain(
        token.slice(10),
      );
    }
  });

  it('knows an agent by its token, and when it was last seen', async () => {
    const { agent, token } = await make(owner, { name: 'builder' });
    expect(await authenticate(token)).toEqual({
      type: 'agent',
      id: agent.id,
      agentId: agent.id,
      userId: owner.id,
      name: 'builder',
    });
    const lastSeenAt = (await list(owner))[0]?.lastSeenAt;
    expect(lastSeenAt).not.toBeNull();
    await authenticate(token);
    expect((await list(owner))[0]?.lastSeenAt).toBe(lastSeenAt);
    server.clock.advance(60_000);
    await authenticate(token);
    expect((await list(owner))[0]?.lastSeenAt).not.toBe(lastSeenAt);
  });

  it('lists one’s own agents only, with their rooms and whether they are connected', async () => {
    const [{ agent }, { agent: idle }] = [await make(owner, { name: 'one' }), await make(owner, { name: 'two' })];
    await make(await aPerson(server), { name: 'somebody-elses' });
    await server.app.get<Presence>(PRESENCE).seen([{ memberId: agent.id, connectionId: 'socket', status: 'idle' }]);
    const rooms = [];
    for (const name of ['Zoo', 'aquarium']) {
      const [{ id }] = await server.database.query<[{ id: string }]>(
        `INSERT INTO rooms (name, created_by) VALUES ($1, $2) RETURNING id`,
        [name, owner.id],
      );
      await server.database.query(
        `INSERT INTO room_members (room_id, member_id, user_id, agent_id, member_type, joined_seq) VALUES ($1, $2, $3, $2, 'agent', 1)`,
        [id, agent.id, owner.id],
      );
      rooms.unshift({ id, name });
    }
    expect(await list(owner)).toEqual([{ ...agent, connected: true, rooms }, idle]);
  });

  it('gives a name once among an owner’s living agents', async () => {
    const { agent } = await make(owner, { name: 'Same' });
    expect(codeOf(await owner.post('/api/agents', { name: 'sAME' }).expect(409))).toBe('name_taken');
    await make(await aPerson(server), { name: 'same' });
    await owner.delete(`/api/agents/${agent.id}`).expect(204);
    await make(owner, { name: 'same' });
  });

  it('lets one of several racing requests have a name', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => owner.post('/api/agents', { name: 'racer' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
  });

  it('refuses a revoked agent from then on, and announces it once', async () => {
    const { agent, token } = await make(owner, { name: 'doomed' });
    await owner.delete(`/api/agents/${agent.id}`).expect(204);
    await expect(authenticate(token)).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(await list(owner)).toEqual([]);
    await owner.delete(`/api/agents/${agent.id}`).expect(204);
    const announced = (await server.announced()).filter(
      ({ data }) => (data as { agentId?: string }).agentId === agent.id,
    );
    expect(announced).toEqual([
      { name: 'agents.revoked', data: { agentId: agent.id, name: 'doomed', ownerId: owner.id } },
    ]);
  });

  it('lets only the owner revoke', async () => {
    const { agent, token } = await make(owner, { name: 'mine' });
    const other = await aPerson(server);
    expect(codeOf(await other.delete(`/api/agents/${agent.id}`).expect(404))).toBe('not_found');
    expect(codeOf(await request(server.url).delete(`/api/agents/${agent.id}`).expect(401))).toBe('unauthenticated');
    const asAgent = request(server.url).delete(`/api/agents/${agent.id}`).set('Authorization', `Bearer ${token}`);
    expect(codeOf(await asAgent.expect(403))).toBe('forbidden');
    await authenticate(token);
  });

  it.each([{}, { name: '@builder' }, { name: 'x' }, { name: 'ok', description: 'x'.repeat(281) }])(
    'wants a sensible name and description: %j',
    async (body) => {
      expect(codeOf(await owner.post('/api/agents', body).expect(400))).toBe('invalid_input');
    },
  );

  describe('asked twice with one Idempotency-Key', () => {
    const ask = (person: Person, key: string, body: object) =>
      person.post('/api/agents', body).set('Idempotency-Key', key);

    it('makes one agent and does not show its token again', async () => {
      const { token } = (await ask(owner, 'key-0001', { name: 'once' }).expect(201)).body as NewAgent;
      const repeat = await ask(owner, 'key-0001', { name: 'once' }).expect(409);
      expect(codeOf(repeat)).toBe('token_shown_once');
      expect(await list(owner)).toHaveLength(1);
      await authenticate(token);
    });

    it('makes one agent when the requests race', async () => {
      const answers = await Promise.all(Array.from({ length: 4 }, () => ask(owner, 'key-0002', { name: 'once' })));
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
      expect(answers.filter(({ status }) => status === 409).map(codeOf)).toEqual(Array(3).fill('token_shown_once'));
      expect(await list(owner)).toHaveLength(1);
    });

    it('refuses the key for another request, and an odd key, but leaves other people’s keys alone', async () => {
      await ask(owner, 'key-0003', { name: 'once' }).expect(201);
      expect(codeOf(await ask(owner, 'key-0003', { name: 'twice' }).expect(409))).toBe('command_id_reused');
      expect(codeOf(await ask(owner, 'short', { name: 'thrice' }).expect(400))).toBe('invalid_input');
      await ask(await aPerson(server), 'key-0003', { name: 'once' }).expect(201);
    });

    it('can be asked again after a refusal', async () => {
      await make(owner, { name: 'taken' });
      expect(codeOf(await ask(owner, 'key-0004', { name: 'taken' }).expect(409))).toBe('name_taken');
      await ask(owner, 'key-0004', { name: 'free' }).expect(201);
    });
  });
});
