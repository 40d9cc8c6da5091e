import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CommandInput, Room } from '@clawtank/contracts';
import { GIT_NAMESPACE } from '@clawtank/ssh-signature';
import { anAgentKey, type Signer, signerOf } from '../support/agent-key.js';
import { startTestServer, type TestServer } from '../support/app.js';
import { accepted, connect, Person, type RoomSocket } from '../support/people.js';

const TIP = 'a'.repeat(40);
const BRANCH = 'agent/fix#1';

/** GitHub's REST API and GitLab's, as far as we ask them, with the fields they document. */
class Provider {
  /** What is answered, by path; anything else is not found. */
  readonly answers = new Map<string, { status?: number; body: unknown }>();
  readonly asked: { path: string; authorization: string | undefined }[] = [];
  private constructor(private readonly server: Server) {}

  static async start(): Promise<Provider> {
    const server = createServer();
    const provider = new Provider(server);
    server.on('request', ({ url = '', headers: { authorization } }, response) => {
      provider.asked.push({ path: url, authorization });
      const { status = 200, body } = provider.answers.get(url) ?? { status: 404, body: { message: 'Not Found' } };
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return provider;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.close();
  }
}

describe('work in a repository elsewhere', () => {
  let provider: Provider;
  let server: TestServer;
  let owner: Person;
  let room: Room;
  let person: RoomSocket;
  let agent: RoomSocket;
  let signer: Signer;

  beforeAll(async () => {
    provider = await Provider.start();
    server = await startTestServer({
      env: {
        GITHUB_CLIENT_ID: 'id',
        GITHUB_CLIENT_SECRET: 'secret',
        GITHUB_API_URL: provider.url,
        GITLAB_CLIENT_ID: 'id',
        GITLAB_CLIENT_SECRET: 'secret',
        GITLAB_BASE_URL: provider.url,
      },
    });
    owner = await Person.register(server.url);
    room = await owner.createRoomWithRepository();
    const { token } = await owner.bringAgent(room.id);
    person = await owner.connect();
    agent = await connect(server.url, '/agents', token);
    signer = await signerOf(agent);
  });
  afterAll(async () => {
    person.close();
    agent.close();
    await server.close();
    provider.stop();
  });
  beforeEach(() => {
    provider.answers.clear();
    provider.asked.length = 0;
  });

  const connectTo = (kind: 'github' | 'gitlab') =>
    owner.request('POST', `/api/rooms/${room.id}/git`, {
      provider: kind,
      repoId: '42',
      fullName: 'octo/tank',
      defaultBranch: 'trunk',
      accessToken: 'of-the-room',
    });

  async function submit(more: Partial<CommandInput<'submit_work'>> = {}) {
    const task = await accepted(person, 'create_task', { roomId: room.id, description: 'do it' });
    const { lease } = await accepted(agent, 'claim_task', { roomId: room.id, taskId: task.id });
    const held = { roomId: room.id, taskId: task.id, leaseId: lease.leaseId };
    return accepted(agent, 'submit_work', { ...held, gitBranch: BRANCH, commit: TIP, ...more }).finally(() =>
      accepted(agent, 'release_task', held).catch(() => undefined),
    );
  }

  /** A commit as GitHub tells it. */
  function told({ key, email }: Partial<Signer> = signer, sha = TIP) {
    const who = `crusty <${email}> 1700000000 +0000`;
    const payload = `tree ${'b'.repeat(40)}\nauthor ${who}\ncommitter ${who}\n\nA chänge\n`;
    const verification = key
      ? { verified: false, reason: 'no_user', signature: key.sign(payload, GIT_NAMESPACE), payload }
      : { verified: false, reason: 'unsigned', signature: null, payload: null };
    return { sha, commit: { author: { name: 'crusty', email: signer.email, date: '' }, verification } };
  }

  function gitHubSays(commits: object[], total = commits.length): void {
    provider.answers.set('/repos/octo/tank/git/ref/heads/agent/fix%231', {
      body: { ref: `refs/heads/${BRANCH}`, object: { type: 'commit', sha: TIP } },
    });
    provider.answers.set(`/repos/octo/tank/compare/trunk...${TIP}`, {
      body: { status: 'ahead', total_commits: total, commits },
    });
  }

  describe('at GitHub', () => {
    beforeEach(() => connectTo('github'));

    it('is taken in if GitHub shows that the agent signed every commit', async () => {
      gitHubSays([told(signer, 'c'.repeat(40)), told()]);
      expect(await submit()).toMatchObject({ state: 'in_review', branch: BRANCH });
      expect(new Set(provider.asked.map(({ authorization }) => authorization))).toEqual(
        new Set(['Bearer of-the-room']),
      );
    });

    it('is not if it is unsigned, another’s, or another’s name is signed, whatever GitHub says beside it', async () => {
      const other = anAgentKey();
      for (const one of [
        told({ email: signer.email }),
        told({ key: other, email: signer.email }),
        told({ key: signer.key, email: 'ada@example.org' }),
      ]) {
        gitHubSays([told(), one]);
        await expect(submit()).rejects.toMatchObject({ code: 'commit_not_signed' });
      }
    });

    it('is not if the branch is not there, is elsewhere, has nothing of its own, or too much', async () => {
      await expect(submit()).rejects.toMatchObject({ code: 'branch_missing' });
      gitHubSays([told()]);
      await expect(submit({ commit: 'd'.repeat(40) })).rejects.toMatchObject({ code: 'evidence_missing' });
      gitHubSays([]);
      await expect(submit()).rejects.toMatchObject({ code: 'evidence_missing' });
      gitHubSays([told()], 251);
      await expect(submit()).rejects.toMatchObject({ code: 'evidence_missing' });
    });

    it('is not as long as GitHub does not answer, or not in full', async () => {
      gitHubSays([told()], 2);
      await expect(submit()).rejects.toMatchObject({ code: 'unavailable' });
      gitHubSays([{ ...told(), commit: {} }]);
      await expect(submit()).rejects.toMatchObject({ code: 'unavailable' });
      gitHubSays([told()]);
      provider.answers.set('/repos/octo/tank/git/ref/heads/agent/fix%231', { status: 502, body: {} });
      await expect(submit()).rejects.toMatchObject({ code: 'unavailable' });
    });

    it('asks GitHub nothing for somebody who does not hold the task', async () => {
      gitHubSays([told()]);
      const task = await accepted(person, 'create_task', { roomId: room.id, description: 'do it' });
      const work = { roomId: room.id, taskId: task.id, leaseId: task.id, gitBranch: BRANCH, commit: TIP };
      await expect(accepted(agent, 'submit_work', work)).rejects.toMatchObject({ code: 'lease_lost' });
      expect(provider.asked).toEqual([]);
    });
  });

  it('at GitLab is not taken in, because GitLab does not tell signatures; but its branches are known', async () => {
    await connectTo('gitlab');
    await expect(submit()).rejects.toMatchObject({ code: 'branch_missing' });
    provider.answers.set('/api/v4/projects/42/repository/branches/agent%2Ffix%231', {
      body: { name: BRANCH, commit: { id: TIP } },
    });
    await expect(submit()).rejects.toMatchObject({ code: 'unavailable' });
    expect(provider.asked.at(-1)?.authorization).toBe('Bearer of-the-room');
  });
});
