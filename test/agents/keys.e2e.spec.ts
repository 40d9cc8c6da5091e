import { randomUUID } from 'node:crypto';
import type { AgentKey as AgentSdkKey } from '@clawtank/agent-sdk';
import type { AgentKey, NewAgent } from '@clawtank/contracts';
import { AgentKeys } from '../../apps/api/src/agents/index.js';
import { SETTINGS, type Settings } from '../../apps/api/src/platform/config/settings.js';
import { startTestServer, type TestServer } from '../support/app.js';
import { anAgentKey, registrationOf } from '../support/agent-key.js';
import { accepted, connect, eventually, Person, type RoomSocket, uniqueName } from '../support/people.js';

describe('the keys of agents', () => {
  let server: TestServer;
  let owner: Person;
  let agent: NewAgent['agent'];
  let socket: RoomSocket;

  beforeAll(async () => {
    server = await startTestServer();
    owner = await Person.register(server.url);
  });
  afterAll(() => server.close());
  beforeEach(async () => ({ agent, socket } = await anAgent()));
  afterEach(() => void socket.close());

  async function anAgent() {
    const made = await owner.request<NewAgent>('POST', '/api/agents', { name: uniqueName('agent') });
    return { agent: made.agent, token: made.token, socket: await connect(server.url, '/agents', made.token) };
  }
  const register = (key = anAgentKey(), agentId = agent.id) =>
    accepted(socket, 'register_key', registrationOf(key, agentId));
  /** As commands of several connections come: those of one are done one after the other. */
  const registerAtOnce = (keys: readonly AgentSdkKey[]) =>
    Promise.allSettled(
      keys.map((key) =>
        server.app
          .get(AgentKeys, { strict: false })
          .register(
            { type: 'agent', id: agent.id, agentId: agent.id, userId: owner.id, name: agent.name },
            registrationOf(key, agent.id),
          ),
      ),
    );
  const list = (person = owner) => person.request<AgentKey[]>('GET', `/api/agents/${agent.id}/keys`);
  const revoke = (keyId: string, person = owner) => person.request('DELETE', `/api/agents/${agent.id}/keys/${keyId}`);

  it('tells an agent the address under which it commits', async () => {
    const { commitEmail } = await accepted(socket, 'agent_register', {});
    const { publicUrl } = server.app.get<Settings>(SETTINGS);
    expect(commitEmail).toBe(`${agent.id}@agents.${new URL(publicUrl).hostname}`);
  });

  it('are registered by the agent, with its proof, and seen by its owner', async () => {
    const key = anAgentKey();
    const registered = await accepted(socket, 'register_key', {
      ...registrationOf(key, agent.id),
      publicKey: `${key.publicKey} with a comment\n`,
    });
    expect(registered).toEqual({
      id: expect.any(String) as string,
      agentId: agent.id,
      publicKey: key.publicKey,
      fingerprint: key.fingerprint,
      createdAt: expect.any(String) as string,
      revokedAt: null,
    });
    expect(await list()).toEqual([registered]);
  });

  it('are registered once, however often and however many at the same moment', async () => {
    const key = anAgentKey();
    const answers = await registerAtOnce(Array.from({ length: 5 }, () => key));
    const { id } = await register(key);
    expect(answers.map((answer) => answer.status === 'fulfilled' && answer.value.id)).toEqual(Array(5).fill(id));
    expect(await list()).toHaveLength(1);
  });

  it('are not registered without the private half, for another agent, or of another kind', async () => {
    const [key, other] = [anAgentKey(), anAgentKey()];
    const attempts = {
      anothersProof: { ...registrationOf(other, agent.id), publicKey: key.publicKey },
      forAnotherAgent: registrationOf(key, randomUUID()),
      forAnotherPurpose: { publicKey: key.publicKey, proof: key.sign(`clawtank-key:${agent.id}`, 'git') },
      noProof: { publicKey: key.publicKey, proof: '' },
    };
    for (const attempt of Object.values(attempts)) {
      await expect(accepted(socket, 'register_key', attempt)).rejects.toMatchObject({ code: 'signature_invalid' });
    }
    const rsa = { ...registrationOf(key, agent.id), publicKey: 'ssh-rsa AAAAB3NzaC1yc2E=' };
    await expect(accepted(socket, 'register_key', rsa)).rejects.toMatchObject({ code: 'invalid_input' });
    expect(await list()).toEqual([]);
  });

  it('belong to one agent for ever', async () => {
    const key = anAgentKey();
    const { id } = await register(key);
    const other = await anAgent();
    const takeOver = () => accepted(other.socket, 'register_key', registrationOf(key, other.agent.id));
    await expect(takeOver()).rejects.toMatchObject({ code: 'key_taken' });
    await revoke(id);
    await expect(takeOver()).rejects.toMatchObject({ code: 'key_taken' });
    other.socket.close();
  });

  it('go to one of two agents that register the same at the same moment', async () => {
    const key = anAgentKey();
    const other = await anAgent();
    const outcomes = await Promise.allSettled([
      register(key),
      accepted(other.socket, 'register_key', registrationOf(key, other.agent.id)),
    ]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'key_taken' } });
    other.socket.close();
  });

  it('are five at most, also when they are registered at the same moment', async () => {
    const outcomes = await registerAtOnce(Array.from({ length: 7 }, () => anAgentKey()));
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused).toMatchObject([{ reason: { code: 'too_many_keys' } }, { reason: { code: 'too_many_keys' } }]);
    const [first] = await list();
    await revoke(first?.id ?? '');
    await register();
    expect((await list()).filter(({ revokedAt }) => revokedAt === null)).toHaveLength(5);
  });

  it('do not come back once they are revoked', async () => {
    const key = anAgentKey();
    const { id } = await register(key);
    await register();
    await revoke(id);
    await revoke(id);
    await expect(register(key)).rejects.toMatchObject({ code: 'key_revoked' });
    expect((await list()).map(({ revokedAt }) => revokedAt !== null)).toEqual([true, false]);
  });

  it('cut their agent off when the last of them is revoked, and not before', async () => {
    const [one, two] = [await register(), await register()];
    await revoke(one.id);
    await accepted(socket, 'agent_status', { status: 'idle' });
    expect(socket.connected).toBe(true);
    await revoke(two.id);
    await eventually(() => Promise.resolve(socket.disconnected || undefined), 1000);
  });

  it('are nobody else’s business', async () => {
    const { id } = await register();
    const stranger = await Person.register(server.url);
    await expect(list(stranger)).rejects.toMatchObject({ problem: { code: 'not_found' } });
    await expect(revoke(id, stranger)).rejects.toMatchObject({ problem: { code: 'not_found' } });
    await expect(revoke(randomUUID())).rejects.toMatchObject({ problem: { code: 'not_found' } });
    const other = await anAgent();
    await expect(owner.request('DELETE', `/api/agents/${other.agent.id}/keys/${id}`)).rejects.toMatchObject({
      problem: { code: 'not_found' },
    });
    expect((await list())[0]?.revokedAt).toBeNull();
    other.socket.close();
  });
});
