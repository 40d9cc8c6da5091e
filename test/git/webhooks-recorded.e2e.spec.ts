import { createRequire } from 'node:module';
import type { WebhookDefinition } from '@octokit/webhooks-examples';
import { RoomSnapshot } from '../../apps/api/src/rooms/index.js';
import { startTestServer, type TestServer } from '../support/app.js';
import { Person } from '../support/people.js';
import { describeWithRedis } from '../support/redis.js';
import { verifyRoom } from '../support/verify-room.js';
import { type Answer, only, ProviderHook } from './webhooks.support.js';

const definitions = createRequire(import.meta.url)('@octokit/webhooks-examples') as WebhookDefinition[];
const recorded = definitions.flatMap(({ name, examples }) =>
  examples.map((payload, index) => ({
    event: name,
    payload,
    delivery: `recorded-${name}-${index}`,
  })),
);
const CODERTOCAT_HELLO_WORLD = '186853002';
const AT_ONCE = 16;
/** For six hundred deliveries on a busy machine. */
const PATIENCE_MS = 120_000;

/** Delivers all of them, some at a time, as they would come in. */
async function deliverAll(hook: ProviderHook): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let at = 0; at < recorded.length; at += AT_ONCE) {
    const batch = recorded.slice(at, at + AT_ONCE);
    answers.push(
      ...(await Promise.all(batch.map(({ event, payload, delivery }) => hook.github(event, payload, { delivery })))),
    );
  }
  return answers;
}

/** All of them are accepted and processed without an error, and change nothing when they come again. */
async function expectAllToBeHarmless(server: TestServer, host: Person): Promise<void> {
  const hook = await ProviderHook.connect(server, host, { repoId: CODERTOCAT_HELLO_WORLD });
  const snapshots = server.app.get(RoomSnapshot, { strict: false });
  const before = await snapshots.read(hook.room.id);

  const answers = await deliverAll(hook);
  expect(answers.filter(({ status }) => status !== 202)).toEqual([]);
  expect(answers.filter(({ body }) => body.duplicate)).toEqual([]);
  const deliveries = await hook.settled();
  expect(deliveries).toHaveLength(329);
  expect(deliveries.filter(({ outcome, error }) => outcome === 'failed' || error !== null)).toEqual([]);
  const after = await verifyRoom(server, before);

  const repeats = await deliverAll(hook);
  expect(repeats.filter(({ status, body }) => status !== 202 || !body.duplicate)).toEqual([]);
  expect(await hook.settled()).toEqual(deliveries);
  expect(await snapshots.read(hook.room.id)).toEqual(after);
}

describe('the recorded deliveries of GitHub', () => {
  let server: TestServer;
  let host: Person;

  beforeAll(async () => {
    server = await startTestServer();
    host = await Person.register(server.url);
  });
  afterAll(() => server.close());

  it('are all 329', () => {
    expect(recorded).toHaveLength(329);
  });

  it(
    'are accepted, processed without an error, and change nothing when they come again',
    () => expectAllToBeHarmless(server, host),
    PATIENCE_MS,
  );

  it('become activity of the room that works on their repository, if they are about branches and pull requests', async () => {
    const hook = await ProviderHook.connect(server, host, { repoId: CODERTOCAT_HELLO_WORLD });
    for (const { event, payload } of recorded.filter(({ event }) => event === 'push' || event === 'pull_request')) {
      await hook.github(event, payload);
      await hook.settled();
    }

    const activity = await hook.activity();
    const pushes = only(activity, 'git.commit');
    expect(pushes.map(({ actor, data: { push } }) => [actor.type, actor.name, push.branch, push.totalCommits])).toEqual(
      [
        ['webhook', 'Codertocat', 'master', 1],
        ['webhook', 'Codertocat', 'master', 1],
      ],
    );
    expect(
      activity
        .filter(({ type }) => type !== 'git.commit')
        .map(({ type }) => type)
        .slice(0, 2),
    ).toEqual(['git.pr_opened', 'git.pr_closed']);
    expect(await hook.pulls()).toMatchObject([
      {
        number: 2,
        title: 'Update the README with new information.',
        provider: 'github',
        author: { type: 'webhook', id: null, name: 'Codertocat' },
        head: 'changes',
        base: 'master',
        state: 'closed',
      },
    ]);
  });

  it(
    'become nothing in a room that works on another repository',
    async () => {
      const hook = await ProviderHook.connect(server, host, { repoId: '1' });
      await deliverAll(hook);
      const deliveries = await hook.settled();
      expect(new Set(deliveries.map(({ outcome }) => outcome))).toEqual(new Set(['ignored']));
      expect(await hook.activity()).toEqual([]);
      expect(await hook.pulls()).toEqual([]);
    },
    PATIENCE_MS,
  );
});

describeWithRedis('the recorded deliveries of GitHub, queued on Redis', (redis) => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startTestServer({ redis });
  });
  afterAll(() => server.close());

  it(
    'are accepted, processed without an error, and change nothing when they come again',
    async () => expectAllToBeHarmless(server, await Person.register(server.url)),
    PATIENCE_MS,
  );
});
