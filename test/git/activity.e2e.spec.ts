import type { PullRequest } from '@clawtank/contracts';
import { jest } from '@jest/globals';
import { DataSource } from 'typeorm';
import { GitActivity } from '../../apps/api/src/git/activity/git-activity.service.js';
import { HostedChanges } from '../../apps/api/src/git/hosted/hosted-changes.service.js';
import { HostedRepositories } from '../../apps/api/src/git/hosting/repository-store.js';
import { RoomSnapshot } from '../../apps/api/src/rooms/index.js';
import { startTestServer, type TestServer } from '../support/app.js';
import { nothingUnderWay } from '../support/background.js';
import { accepted, eventually, Person } from '../support/people.js';
import { verifyRoom } from '../support/verify-room.js';
import { commitTo } from './hosting.support.js';
import {
  aPullRequest,
  aPush,
  gitActivity,
  merged,
  only,
  ProviderHook,
  settledDeliveries,
  sha,
} from './webhooks.support.js';

describe('git activity', () => {
  let server: TestServer;
  let host: Person;

  beforeAll(async () => {
    server = await startTestServer();
    host = await Person.register(server.url);
  });
  afterAll(() => server.close());

  const connect = () => ProviderHook.connect(server, host, { repoId: '42' });
  const snapshotOf = (roomId: string) => server.app.get(RoomSnapshot, { strict: false }).read(roomId);

  /** What the git feature announced of the room; a listener would act on each once. */
  const announced = async (roomId: string): Promise<string[]> => {
    const rows = await server.app
      .get(DataSource)
      .query<{ name: string }[]>(
        `SELECT name FROM announced WHERE data ->> 'roomId' = $1 AND name LIKE 'git.%' ORDER BY id`,
        [roomId],
      );
    return rows.map(({ name }) => name);
  };

  beforeAll(async () => {
    // The relay empties the outbox, so a copy is kept of what went through it.
    const database = server.app.get(DataSource);
    await database.query(`CREATE TABLE announced (id bigserial, name text, data jsonb)`);
    await database.query(`CREATE FUNCTION keep_announced() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN INSERT INTO announced (name, data) VALUES (NEW.name, NEW.data); RETURN NEW; END $$`);
    await database.query(`CREATE TRIGGER keep AFTER INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION keep_announced()`);
  });

  /** Delivers and waits, so that the order is the one written here. */
  const inOrder = async (hook: ProviderHook, ...payloads: object[]): Promise<void> => {
    for (const payload of payloads) {
      await hook.github('pull_request', payload);
      await hook.settled();
    }
  };
  const typesOf = async (hook: ProviderHook) => (await hook.activity()).map(({ type }) => type);

  describe('a pull request', () => {
    it('is opened, updated and merged, and told once each', async () => {
      const hook = await connect();
      const old = await snapshotOf(hook.room.id);
      await inOrder(
        hook,
        aPullRequest('opened', 1),
        aPullRequest('synchronize', 2, { head: { ref: 'feature', sha: sha('b') } }),
        aPullRequest('closed', 3, { ...merged(3), head: { ref: 'feature', sha: sha('b') } }),
        aPullRequest('closed', 3, { ...merged(3), head: { ref: 'feature', sha: sha('b') } }), // delivered anew by hand, under another id
      );
      expect(await typesOf(hook)).toEqual(['git.pr_opened', 'git.pr_updated', 'git.pr_merged']);
      expect(await announced(hook.room.id)).toEqual(['git.pull_request_opened', 'git.pull_request_merged']);
      const { pullRequests } = await verifyRoom(server, old);
      expect(pullRequests).toMatchObject([
        {
          number: 3,
          state: 'merged',
          headSha: sha('b'),
          mergeSha: sha('c'),
          mergedBy: { type: 'webhook', id: null, name: 'bob-at-github' },
          mergeability: { state: 'unknown' },
        },
      ]);
    });

    it('that was merged before the room heard of its opening stays merged', async () => {
      const hook = await connect();
      const old = await snapshotOf(hook.room.id);
      await inOrder(
        hook,
        aPullRequest('closed', 3, merged(3)),
        aPullRequest('synchronize', 2),
        aPullRequest('opened', 1),
      );
      expect(await typesOf(hook)).toEqual(['git.pr_merged']);
      expect(await announced(hook.room.id)).toEqual(['git.pull_request_merged']);
      expect((await hook.settled()).map(({ outcome }) => outcome)).toEqual(['applied', 'ignored', 'ignored']);
      expect((await verifyRoom(server, old)).pullRequests).toMatchObject([{ state: 'merged' }]);
    });

    it('keeps what is newest by its provider’s clock, however deliveries arrive', async () => {
      const hook = await connect();
      const title = (second: number, text: string) => aPullRequest('edited', second, { title: text });
      await inOrder(hook, aPullRequest('opened', 1, { title: 'A' }), title(3, 'A'), title(2, 'B'));
      expect((await snapshotOf(hook.room.id)).pullRequests).toMatchObject([{ title: 'A' }]);
      await inOrder(hook, title(4, 'C'), title(2, 'B'));
      expect((await snapshotOf(hook.room.id)).pullRequests).toMatchObject([{ title: 'C' }]);
    });

    it('may be closed and opened again', async () => {
      const hook = await connect();
      await inOrder(
        hook,
        aPullRequest('opened', 1),
        aPullRequest('closed', 2, { state: 'closed' }),
        aPullRequest('opened', 1),
        aPullRequest('reopened', 3),
      );
      expect(await typesOf(hook)).toEqual(['git.pr_opened', 'git.pr_closed', 'git.pr_opened']);
      expect(await announced(hook.room.id)).toEqual([
        'git.pull_request_opened',
        'git.pull_request_closed',
        'git.pull_request_opened',
      ]);
    });

    it('of which everything arrives at once, in any order, ends the same', async () => {
      const hook = await connect();
      const old = await snapshotOf(hook.room.id);
      const life = [
        aPullRequest('closed', 4, merged(4)),
        aPullRequest('opened', 1),
        aPullRequest('edited', 3, { title: 'Better' }),
        aPullRequest('synchronize', 2, { head: { ref: 'feature', sha: sha('b') } }),
      ];
      await Promise.all(
        life.flatMap((payload) => [hook.github('pull_request', payload), hook.github('pull_request', payload)]),
      );
      await hook.settled();
      expect((await verifyRoom(server, old)).pullRequests).toMatchObject([{ state: 'merged', mergeSha: sha('c') }]);
      expect((await announced(hook.room.id)).filter((name) => name.endsWith('merged'))).toHaveLength(1);
    });

    it('of another repository has a life of its own under the same number', async () => {
      const hook = await connect();
      await inOrder(hook, aPullRequest('closed', 9, merged(9)));
      const old = await snapshotOf(hook.room.id);
      const { webhookSecret, webhookUrl } = await host.request<{ webhookSecret: string; webhookUrl: string }>(
        'POST',
        `/api/rooms/${hook.room.id}/git`,
        {
          provider: 'github',
          repoId: '43',
          fullName: 'codertocat/another',
        },
      );
      const next = Object.assign(Object.create(ProviderHook.prototype) as ProviderHook, hook, {
        connection: { ...hook.connection, webhookSecret },
        path: new URL(webhookUrl).pathname,
      });
      await inOrder(next, { ...aPullRequest('opened', 1, { title: 'Of the other' }), repository: { id: 43 } });
      const { pullRequests } = await verifyRoom(server, old);
      expect(pullRequests.map(({ number, state }) => [number, state]).sort()).toEqual([
        [3, 'merged'],
        [3, 'open'],
      ]);
      expect(await host.request('GET', `/api/rooms/${hook.room.id}/pulls/3`)).toMatchObject({ title: 'Of the other' });
    });

    it('leaves the snapshot after thirty newer closed ones, by the same rule as in the reducer', async () => {
      const hook = await connect();
      const old = await snapshotOf(hook.room.id);
      const closed = Array.from({ length: 35 }, (_, index) =>
        aPullRequest('closed', index % 4, { number: index + 1, state: 'closed' }),
      );
      await Promise.all(closed.map((payload) => hook.github('pull_request', payload)));
      await hook.settled();
      expect((await verifyRoom(server, old)).pullRequests).toHaveLength(30);
    });

    it('is for members to read', async () => {
      const hook = await connect();
      await inOrder(hook, aPullRequest('opened', 1));
      const stranger = await Person.register(server.url);
      expect(await hook.pulls()).toMatchObject([{ number: 3 }]);
      expect(await host.request('GET', `/api/rooms/${hook.room.id}/pulls/3`)).toMatchObject({
        number: 3,
        title: 'Say hello',
      });
      for (const path of ['pulls', 'pulls/3']) {
        await expect(stranger.request('GET', `/api/rooms/${hook.room.id}/${path}`)).rejects.toMatchObject({
          status: 404,
        });
      }
      await expect(host.request('GET', `/api/rooms/${hook.room.id}/pulls/4`)).rejects.toMatchObject({ status: 404 });
    });
  });

  describe('who did it', () => {
    it('is known by the account’s id at the provider, and never by a name or an address', async () => {
      const linked = await Person.register(server.url);
      const impostor = { id: 9_000_002, login: linked.name, email: 'linked@example.org' };
      await server.app.get(DataSource).query(`UPDATE users SET github_id = 9000001 WHERE id = $1`, [linked.id]);
      const hook = await connect();
      await hook.github('push', aPush({ sender: { id: 9_000_001, login: 'whatever' } }));
      await hook.settled();
      await hook.github('push', aPush({ sender: impostor }));
      await hook.settled();
      await inOrder(
        hook,
        aPullRequest('opened', 1, { user: impostor }),
        aPullRequest('closed', 2, { ...merged(2, { id: 9_000_001, login: 'whatever' }), user: impostor }),
      );

      const activity = await hook.activity();
      expect(only(activity, 'git.commit').map(({ actor }) => actor)).toEqual([
        { type: 'human', id: linked.id, name: linked.name },
        { type: 'webhook', id: null, name: linked.name },
      ]);
      const [merge] = only(activity, 'git.pr_merged');
      expect(merge?.actor).toEqual({ type: 'human', id: linked.id, name: linked.name });
      expect(merge?.data.pullRequest.author).toEqual({ type: 'webhook', id: null, name: linked.name });
      expect(await beneficiaries(hook.room.id)).toEqual([{ beneficiary_id: null, merged_by_user_id: linked.id }]);
    });
  });

  const beneficiaries = (roomId: string): Promise<unknown> =>
    server.app
      .get(DataSource)
      .query(`SELECT beneficiary_id, merged_by_user_id FROM pull_requests WHERE room_id = $1`, [roomId]);

  describe('the hosted repository', () => {
    const hosted = async () => {
      const room = await host.createRoomWithRepository();
      const repository = server.app.get(HostedRepositories, { strict: false }).at(room.id);
      const changes = server.app.get(HostedChanges, { strict: false });
      return {
        room,
        push: async (branch: string, files: Record<string, string>, from = 'refs/heads/main') => {
          const head = await commitTo(repository, `refs/heads/${branch}`, { files, from });
          await changes.settle(room.id, []);
          await nothingUnderWay(server);
          return head;
        },
        open: (head: string, by: Person = host) =>
          by.request<PullRequest>('POST', `/api/rooms/${room.id}/pulls`, { title: `Merge ${head}`, head }),
        merge: (number: number, headSha: string) =>
          host.request('POST', `/api/rooms/${room.id}/pulls/${number}/merge`, { headSha }),
        pull: (number: number, matches: (pull: PullRequest) => boolean = () => true) =>
          eventually(async () =>
            (await snapshotOf(room.id)).pullRequests.find((pull) => pull.number === number && matches(pull)),
          ),
      };
    };

    it('shows a pull request with its files and whether it merges, under the id it was opened with', async () => {
      const { room, push, open, pull } = await hosted();
      await push('one', { 'docs/hello.md': 'Hello\n' });
      const opened = await open('one');
      expect(await pull(1)).toEqual(opened);
      expect(opened).toMatchObject({
        author: { type: 'human', id: host.id },
        files: [{ path: 'docs/hello.md', status: 'added', additions: 1 }],
        additions: 1,
        commits: 1,
        mergeability: { state: 'clean', conflicts: [] },
      });
      expect((await gitActivity(host, room.id)).map(({ type }) => type)).toEqual(['git.commit', 'git.pr_opened']);
    });

    it('is asked about in turns, while the room talks on', async () => {
      const { room, push, open, pull } = await hosted();
      await push('one', { 'one.md': 'One\n' });
      await push('two', { 'two.md': 'Two\n' });
      const database = server.app.get(DataSource);
      const { promise: gitIsBusy, resolve: letGitAnswer } = Promise.withResolvers<void>();
      const steps: string[] = [];
      const activity = server.app.get(GitActivity, { strict: false });
      const askGit = activity.survey.bind(activity);
      const spy = jest.spyOn(activity, 'survey').mockImplementation(async (...question) => {
        steps.push('asks');
        await gitIsBusy;
        const answer = await askGit(...question);
        steps.push('knows');
        return answer;
      });
      try {
        await open('one');
        await eventually(() => steps.length === 1);
        await open('two');
        const socket = await host.connect();
        expect(await accepted(socket, 'chat_message', { roomId: room.id, message: 'Hello' })).toMatchObject({
          message: 'Hello',
        });
        socket.close();
        await eventually(async () => {
          const waiting = await database.query<unknown[]>(
            `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
          );
          return waiting.length > 0 || steps.length > 1;
        });
        letGitAnswer();
        await pull(2);
      } finally {
        letGitAnswer();
        spy.mockRestore();
      }
      expect(steps.join(' ')).toMatch(/^asks knows(?: asks knows)+$/);
    });

    it('keeps the log small when a pull request is large', async () => {
      const { push, open, pull } = await hosted();
      const files = Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`file-${index}`, 'x\n']));
      await push('one', files);
      await open('one');
      const { files: shown, additions } = await pull(1);
      expect([shown.length, additions]).toEqual([300, 400]);
    });

    it('tells when a merge makes another pull request conflict', async () => {
      const { room, push, open, merge, pull } = await hosted();
      const head = await push('one', { 'README.md': '# One\n' });
      await push('two', { 'README.md': '# Two\n' });
      await push('three', { 'other.md': 'Other\n' });
      for (const branch of ['one', 'two', 'three']) {
        await open(branch);
      }
      await Promise.all([1, 2, 3].map((number) => pull(number)));
      const old = await snapshotOf(room.id);
      expect(old.pullRequests.map(({ mergeability }) => mergeability.state)).toEqual(['clean', 'clean', 'clean']);

      await merge(1, head);
      await pull(1, ({ state }) => state === 'merged');
      await pull(2, ({ mergeability }) => mergeability.state === 'conflict');
      await settledDeliveries(server, room.id);
      const { pullRequests } = await verifyRoom(server, old);
      expect(pullRequests.map(({ state, mergeability }) => [state, mergeability])).toEqual([
        ['merged', { state: 'up_to_date', conflicts: [] }],
        ['open', { state: 'conflict', conflicts: ['README.md'] }],
        ['open', { state: 'clean', conflicts: [] }],
      ]);
      expect(pullRequests[0]?.files.map(({ path }) => path)).toEqual(['README.md']);
      const updates = only(await gitActivity(host, room.id), 'git.pr_updated');
      expect(updates.map(({ actor, data }) => [actor.type, data.pullRequest.number])).toEqual([['system', 2]]);
    });

    it('counts an agent’s work for the person who answers for it', async () => {
      const { room, push, open, merge, pull } = await hosted();
      const { agent, token } = await host.bringAgent(room.id);
      const head = await push('one', { 'a.md': 'A\n' });
      await open('one', Object.assign(Object.create(Person.prototype) as Person, host, { token }));
      await pull(1);
      await merge(1, head);
      expect(await pull(1, ({ state }) => state === 'merged')).toMatchObject({
        author: { type: 'agent', id: agent.id, name: agent.name },
        mergedBy: { type: 'human', id: host.id, name: host.name },
      });
      expect(await beneficiaries(room.id)).toEqual([{ beneficiary_id: host.id, merged_by_user_id: host.id }]);
    });
  });
});
