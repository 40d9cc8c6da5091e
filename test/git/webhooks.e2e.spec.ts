import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { WebhookInbox } from '../../apps/api/src/git/webhooks/webhook-inbox.service.js';
import { WebhookProcessor } from '../../apps/api/src/git/webhooks/webhook-processor.service.js';
import { JobQueue } from '../../apps/api/src/platform/queues/job-queue.js';
import { jest } from '@jest/globals';
import { startTestServer, type TestServer } from '../support/app.js';
import { Person, request } from '../support/people.js';
import { aPullRequest, aPush, deliveriesOf, hmac, only, post, ProviderHook, sha } from './webhooks.support.js';

const SHARED = '/api/webhooks/git';

describe('webhooks', () => {
  let server: TestServer;
  let host: Person;

  beforeAll(async () => {
    server = await startTestServer();
    host = await Person.register(server.url);
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => server.close());

  /** Each room of its own repository, so that tests do not meet on the shared address. */
  let lastRepository = 1000;
  const connect = (provider: 'github' | 'gitlab' = 'github') =>
    ProviderHook.connect(server, host, { provider, repoId: String(++lastRepository) });
  const pushTo = (hook: ProviderHook, change: object = {}) =>
    aPush({ repository: { id: Number(hook.connection.repoId) }, ...change });
  const gitlabPushTo = (hook: ProviderHook) => ({
    object_kind: 'push',
    ref: 'refs/heads/main',
    before: sha('0'),
    after: sha('a'),
    user_id: 4,
    user_username: 'jsmith',
    project: { id: Number(hook.connection.repoId) },
    commits: [],
    total_commits_count: 0,
  });
  const signed = (hook: ProviderHook, body: string | Buffer, more: Record<string, string> = {}) => ({
    'x-github-event': 'push',
    'x-github-delivery': randomUUID(),
    'x-hub-signature-256': hmac(hook.secret, body),
    ...more,
  });

  describe('a delivery', () => {
    it('is answered with 202 and its own id, and becomes room activity', async () => {
      const hook = await connect();
      const delivery = randomUUID();
      expect(await hook.github('push', pushTo(hook), { delivery })).toEqual({
        status: 202,
        body: { accepted: true, delivery, duplicate: false },
      });
      expect(await hook.settled()).toMatchObject([
        { deliveryId: delivery, event: 'push', outcome: 'applied', error: null },
      ]);
      expect(only(await hook.activity(), 'git.commit')).toHaveLength(1);
    });

    it('that comes twenty times at once is kept once and happens once', async () => {
      const hook = await connect();
      const delivery = randomUUID();
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => hook.github('push', pushTo(hook), { delivery })),
      );

      expect(answers.map(({ status }) => status)).toEqual(Array<number>(20).fill(202));
      expect(answers.filter(({ body }) => !body.duplicate)).toHaveLength(1);
      expect(await hook.settled()).toHaveLength(1);
      expect(only(await hook.activity(), 'git.commit')).toHaveLength(1);
    });

    it('may be a form', async () => {
      const hook = await connect();
      const body = new URLSearchParams({ payload: JSON.stringify(pushTo(hook)) }).toString();
      const answer = await hook.send(body, signed(hook, body, { 'content-type': 'application/x-www-form-urlencoded' }));
      expect(answer.status).toBe(202);
      expect(await hook.settled()).toMatchObject([{ outcome: 'applied' }]);
    });

    it.each(['ping', 'an_event_of_tomorrow'])('of the event %s is welcome too', async (event) => {
      const hook = await connect();
      const answer = await hook.github(event, {
        zen: 'Keep it logically awesome.',
        repository: { id: Number(hook.connection.repoId) },
      });
      expect(answer.status).toBe(202);
      expect(await hook.settled()).toMatchObject([{ event, outcome: 'ignored' }]);
    });

    it('may carry characters that the database cannot keep', async () => {
      const hook = await connect();
      const body = JSON.stringify(pushTo(hook, { ref: 'refs/heads/a-MARK-b' })).replace('MARK', '\\u0000\\ud83d');
      expect((await hook.send(body, signed(hook, body))).status).toBe(202);
      await hook.settled();
      expect(only(await hook.activity(), 'git.commit')[0]?.data.push.branch).toBe('a-\uFFFD\uFFFD-b');
    });

    it('that cannot be read is kept with the reason, and nothing happens', async () => {
      const hook = await connect();
      expect(
        (await hook.github('pull_request', { action: 'opened', repository: { id: Number(hook.connection.repoId) } }))
          .status,
      ).toBe(202);
      const [delivery] = await hook.settled();
      expect(delivery?.outcome).toBe('failed');
      expect(delivery?.error).toContain('pull_request');
      expect(await hook.activity()).toEqual([]);
    });

    it('is dropped in a room that wants no git activity', async () => {
      const hook = await connect();
      await host.request('PUT', `/api/rooms/${hook.room.id}`, { settings: { gitIntegration: false } });
      expect((await hook.github('push', pushTo(hook))).status).toBe(202);
      expect(await hook.settled()).toMatchObject([{ outcome: 'ignored' }]);
      expect(await hook.activity()).toEqual([]);
    });

    it('is recorded in an archived room: what happened elsewhere has happened', async () => {
      const hook = await connect();
      await host.request('POST', `/api/rooms/${hook.room.id}/archive`);
      expect((await hook.github('push', pushTo(hook))).status).toBe(202);
      expect(await hook.settled()).toMatchObject([{ outcome: 'applied' }]);
      expect(only(await hook.activity(), 'git.commit')).toHaveLength(1);
    });

    it('about another repository than the room’s is dropped', async () => {
      const hook = await connect();
      expect((await hook.github('push', aPush({ repository: { id: 1 } }))).status).toBe(202);
      expect(await hook.settled()).toMatchObject([{ outcome: 'ignored' }]);
      expect(await hook.activity()).toEqual([]);
    });
  });

  describe('a signature', () => {
    const refused = { status: 401, body: { code: 'signature_invalid' } };

    it.each([
      ['is missing', () => ({})],
      ['is made with another secret', (body: string) => ({ 'x-hub-signature-256': hmac('another secret', body) })],
      ['is not one', () => ({ 'x-hub-signature-256': 'sha256=00' })],
      [
        'is the secret itself, as GitLab would send it',
        (_body: string, secret: string) => ({ 'x-gitlab-token': secret }),
      ],
    ])('that %s is refused', async (_what, signature) => {
      const hook = await connect();
      const body = JSON.stringify(pushTo(hook));
      const headers = { 'x-github-event': 'push', 'x-github-delivery': randomUUID(), ...signature(body, hook.secret) };
      expect(await hook.send(body, headers)).toMatchObject(refused);
      expect(await deliveriesOf(server, hook.room.id)).toEqual([]);
    });

    it('covers every byte', async () => {
      const hook = await connect();
      const body = Buffer.from(JSON.stringify(pushTo(hook)));
      const headers = signed(hook, body);
      for (const at of [0, Math.floor(body.length / 2), body.length - 1]) {
        const tampered = Buffer.from(body);
        tampered[at] = (tampered[at] ?? 0) ^ 1;
        expect(await hook.send(tampered, headers)).toMatchObject(refused);
      }
      expect((await hook.send(body, headers)).status).toBe(202);
    });

    it('covers the bytes and not what they are read as', async () => {
      const hook = await connect();
      const body = Buffer.from(JSON.stringify(pushTo(hook, { ref: 'refs/heads/\uFFFD' })));
      const at = body.indexOf(Buffer.from('\uFFFD'));
      const tampered = Buffer.concat([body.subarray(0, at), Buffer.from([0xff]), body.subarray(at + 3)]);
      expect(tampered.toString('utf8')).toBe(body.toString('utf8'));
      expect(await hook.send(tampered, signed(hook, body))).toMatchObject(refused);
    });

    it('of one room is no good at another room’s hook, even for the same repository', async () => {
      const hook = await connect();
      const other = await ProviderHook.connect(server, host, { repoId: hook.connection.repoId });
      expect(await hook.github('push', pushTo(hook), { path: other.path })).toMatchObject(refused);
      expect(await deliveriesOf(server, other.room.id)).toEqual([]);
    });

    it.each([randomUUID(), 'not-a-hook'])('for the unknown hook %s is refused in the same words', async (hookId) => {
      const hook = await connect();
      const body = JSON.stringify(pushTo(hook));
      const unknown = await post(`${server.url}${SHARED}/${hookId}`, body, signed(hook, body));
      const wrong = await hook.send(body, { ...signed(hook, body), 'x-hub-signature-256': hmac('wrong', body) });
      expect(unknown).toEqual(wrong);
      expect(unknown).toMatchObject(refused);
    });

    it('may be right on what is not JSON, which is then refused as such', async () => {
      const hook = await connect();
      const body = '{"ref":';
      expect(await hook.send(body, signed(hook, body))).toMatchObject({ status: 400, body: { code: 'invalid_json' } });
      expect(await hook.send('', signed(hook, ''))).toMatchObject(refused);
    });

    it('is void once the room has a new connection', async () => {
      const hook = await connect();
      await host.request('DELETE', `/api/rooms/${hook.room.id}/git`);
      expect(await hook.github('push', pushTo(hook))).toMatchObject(refused);
    });
  });

  describe('the address that all hooks share', () => {
    it('gives the delivery to the room whose secret has signed it', async () => {
      const hook = await connect();
      const other = await ProviderHook.connect(server, host, { repoId: hook.connection.repoId });
      expect((await other.github('push', pushTo(hook), { path: SHARED })).status).toBe(202);
      expect(await other.settled()).toMatchObject([{ outcome: 'applied' }]);
      expect(await deliveriesOf(server, hook.room.id)).toEqual([]);
    });

    it('knows GitLab’s deliveries too', async () => {
      const hook = await connect('gitlab');
      expect((await hook.gitlab('Push Hook', gitlabPushTo(hook), {}, SHARED)).status).toBe(202);
      expect(await hook.settled()).toMatchObject([{ outcome: 'applied' }]);
    });

    it('does not take a sender’s word for the provider', async () => {
      const hook = await connect('gitlab');
      const body = JSON.stringify({ ...gitlabPushTo(hook), repository: { id: Number(hook.connection.repoId) } });
      expect((await hook.send(body, signed(hook, body), SHARED)).status).toBe(401);
      expect((await hook.send(body, signed(hook, body))).status).toBe(401);
    });

    it.each([
      ['no repository', '{}'],
      ['nothing readable', '{'],
      ['a repository that no room works on', JSON.stringify(aPush({ repository: { id: 999_999 } }))],
    ])('refuses what names %s', async (_what, body) => {
      const hook = await connect();
      expect((await hook.send(body, signed(hook, body), SHARED)).status).toBe(401);
    });
  });

  describe('GitLab', () => {
    it('is known by its token, and tells a retry by its idempotency key', async () => {
      const hook = await connect('gitlab');
      const retry = { 'idempotency-key': randomUUID(), 'x-gitlab-event-uuid': randomUUID() };
      expect((await hook.gitlab('Push Hook', gitlabPushTo(hook), retry)).body).toMatchObject({ duplicate: false });
      expect(
        (await hook.gitlab('Push Hook', gitlabPushTo(hook), { ...retry, 'x-gitlab-event-uuid': randomUUID() })).body,
      ).toMatchObject({ duplicate: true });
      expect(await hook.settled()).toHaveLength(1);
      expect((await hook.gitlab('Push Hook', gitlabPushTo(hook), { 'x-gitlab-token': 'guessed' })).status).toBe(401);
    });
  });

  describe('a hook that is hammered', () => {
    it('asks its sender to wait, and no other', async () => {
      const [hammered, other] = [await connect(), await connect()];
      const inbox = server.app.get(WebhookInbox, { strict: false });
      const hookId = hammered.path.split('/').at(-1) ?? '';
      const unsigned = () => inbox.deliver(hookId, { headers: {}, body: Buffer.from('{}'), address: '127.0.0.1' });
      await Promise.allSettled(Array.from({ length: 3000 }, unsigned));
      expect((await hammered.github('push', pushTo(hammered))).status).toBe(429);
      expect((await other.github('push', pushTo(other))).status).toBe(202);
    });
  });

  describe('what goes wrong on the way', () => {
    it('a queue that is away delays a delivery and does not lose it', async () => {
      const hook = await connect();
      const delivery = randomUUID();
      jest
        .spyOn(server.app.get(JobQueue, { strict: false }), 'add')
        .mockRejectedValueOnce(new Error('The queue is away'));
      expect((await hook.github('push', pushTo(hook), { delivery })).status).toBe(202);
      expect(await deliveriesOf(server, hook.room.id)).toMatchObject([{ processedAt: null }]);

      await server.app
        .get(DataSource)
        .query(`UPDATE webhook_deliveries SET received_at = now() - interval '31 seconds' WHERE room_id = $1`, [
          hook.room.id,
        ]);
      await server.app.get(WebhookInbox, { strict: false }).requeueStuck();
      expect(await hook.settled()).toMatchObject([{ deliveryId: delivery, outcome: 'applied' }]);
    });

    it('a provider that tries again gets an unprocessed delivery going', async () => {
      const hook = await connect();
      const delivery = randomUUID();
      jest
        .spyOn(server.app.get(JobQueue, { strict: false }), 'add')
        .mockRejectedValueOnce(new Error('The queue is away'));
      await hook.github('push', pushTo(hook), { delivery });
      expect((await hook.github('push', pushTo(hook), { delivery })).body).toMatchObject({ duplicate: true });
      expect(await hook.settled()).toMatchObject([{ outcome: 'applied' }]);
    });

    it('a job that runs twice, or many times at once, changes nothing more', async () => {
      const hook = await connect();
      await hook.github('push', pushTo(hook));
      const [delivery] = await hook.settled();
      const processor = server.app.get(WebhookProcessor, { strict: false });
      await Promise.all(Array.from({ length: 5 }, () => processor.process({ deliveryId: delivery?.id ?? '' })));
      expect(only(await hook.activity(), 'git.commit')).toHaveLength(1);
      await processor.process({ deliveryId: randomUUID() });
    });

    it('what fails is tried again, and given up with the reason after a quarter of an hour', async () => {
      const hook = await connect();
      const database = server.app.get(DataSource);
      const processor = server.app.get(WebhookProcessor, { strict: false });
      jest.spyOn(server.app.get(JobQueue, { strict: false }), 'add').mockResolvedValueOnce(undefined);
      await hook.github('pull_request', {
        ...aPullRequest('opened', 1),
        repository: { id: Number(hook.connection.repoId) },
      });
      const [pending] = await deliveriesOf(server, hook.room.id);
      const process = () => processor.process({ deliveryId: pending?.id ?? '' });

      await database.query(`ALTER TABLE pull_requests RENAME TO pull_requests_away`);
      try {
        await expect(process()).rejects.toThrow('pull_requests');
        expect(await deliveriesOf(server, hook.room.id)).toMatchObject([{ processedAt: null, outcome: null }]);
        await database.query(
          `UPDATE webhook_deliveries SET received_at = now() - interval '16 minutes' WHERE room_id = $1`,
          [hook.room.id],
        );
        await process();
      } finally {
        await database.query(`ALTER TABLE pull_requests_away RENAME TO pull_requests`);
      }
      const [given] = await hook.settled();
      expect(given?.outcome).toBe('failed');
      expect(given?.error).toContain('pull_requests');
    });
  });

  describe('connecting a repository', () => {
    it('shows the secret once and keeps nothing readable', async () => {
      const room = await host.createRoomWithRepository();
      const token = 'glpat-a-token-that-nobody-may-read';
      const connection = await host.request<{ webhookSecret: string; webhookUrl: string }>(
        'POST',
        `/api/rooms/${room.id}/git`,
        {
          provider: 'gitlab',
          repoId: '77',
          fullName: 'group/project',
          accessToken: token,
        },
      );
      const shown = await host.request<object>('GET', `/api/rooms/${room.id}/git`);
      expect(shown).toMatchObject({
        repository: {
          provider: 'gitlab',
          repoId: '77',
          cloneUrl: 'https://gitlab.com/group/project.git',
          webUrl: 'https://gitlab.com/group/project',
          defaultBranch: 'main',
        },
        fullName: 'group/project',
        webhookUrl: connection.webhookUrl,
      });
      const rows: unknown = await server.app
        .get(DataSource)
        .query(`SELECT * FROM room_git_repos WHERE room_id = $1`, [room.id]);
      for (const text of [JSON.stringify(shown), JSON.stringify(rows)]) {
        expect(text).not.toContain(connection.webhookSecret);
        expect(text).not.toContain(token);
      }
    });

    it('is told to the room, and so is going back to the hosted repository', async () => {
      const hook = await connect();
      await host.request('DELETE', `/api/rooms/${hook.room.id}/git`);
      await host.request('DELETE', `/api/rooms/${hook.room.id}/git`);
      const { activity } = await host.request<{
        activity: { type: string; data: { repository?: { cloneUrl: string } } }[];
      }>('GET', `/api/rooms/${hook.room.id}/activity`);
      const told = activity.filter(({ type }) => type.endsWith('connected'));
      expect(told.map(({ type, data }) => [type, data.repository?.cloneUrl])).toEqual([
        ['git.connected', `/git/${hook.room.id}.git`],
        ['git.connected', 'https://github.com/codertocat/hello-world.git'],
        ['git.disconnected', `/git/${hook.room.id}.git`],
      ]);
      expect(await host.request('GET', `/api/rooms/${hook.room.id}/git`)).toMatchObject({
        repository: { provider: 'clawtank' },
        webhookUrl: null,
      });
    });

    it('is for the host: members may not, and strangers do not learn that the room exists', async () => {
      const hook = await connect();
      const [member, stranger] = [await Person.register(server.url), await Person.register(server.url)];
      await host.invite(hook.room.id, member);
      const body = { provider: 'github', repoId: '5', fullName: 'their/own' };
      for (const [method, sent] of [['GET'], ['POST', body], ['DELETE']] as const) {
        await expect(member.request(method, `/api/rooms/${hook.room.id}/git`, sent)).rejects.toMatchObject({
          status: 403,
        });
        await expect(stranger.request(method, `/api/rooms/${hook.room.id}/git`, sent)).rejects.toMatchObject({
          status: 404,
        });
        await expect(
          request(server.url, method, `/api/rooms/${hook.room.id}/git`, { body: sent }),
        ).rejects.toMatchObject({ status: 401 });
      }
    });
  });
});
