import { randomUUID } from 'node:crypto';
import type { RoomState, UserReputation } from '@clawtank/contracts';
import { DataSource } from 'typeorm';
import type { GitEvents } from '../../apps/api/src/events/git.events.js';
import { UnitOfWork } from '../../apps/api/src/platform/database/unit-of-work.js';
import { ReputationService } from '../../apps/api/src/reputation/reputation.service.js';
import { RoomAccess, RoomLog } from '../../apps/api/src/rooms/index.js';
import { startTestServer, type TestServer } from '../support/app.js';
import { eventually, Person, request } from '../support/people.js';
import { sampleEvents } from '../support/sample-events.js';

type Merge = GitEvents['git.pull_request_merged'];

let server: TestServer;
let author: Person;
let merger: Person;
let stranger: Person;
let roomId: string;

beforeAll(async () => {
  server = await startTestServer();
});

beforeEach(async () => {
  author = await Person.register(server.url);
  merger = await Person.register(server.url);
  stranger = await Person.register(server.url);
  ({ id: roomId } = await merger.createRoom());
  await merger.invite(roomId, author);
});

afterAll(() => server.close());

const get = <Service>(service: new (...args: never[]) => Service): Service =>
  server.app.get(service, { strict: false });
const award = (merge: Merge) => get(ReputationService).awardMerge(merge);

function aMerge(changed: Partial<Merge> = {}): Merge {
  return {
    roomId,
    pullRequestId: randomUUID(),
    number: 3,
    taskId: null,
    headSha: 'a'.repeat(40),
    mergeSha: 'b'.repeat(40),
    mergedBy: { type: 'human', id: merger.id, name: merger.name },
    mergedByUserId: merger.id,
    beneficiaryId: author.id,
    author: { type: 'agent', id: randomUUID(), name: 'scribe' },
    title: 'Add hello',
    paths: ['docs/hello.md', 'src/cli.ts'],
    ...changed,
  };
}

const reputationOf = (person: Person, reader?: Person) =>
  request<UserReputation>(
    server.url,
    'GET',
    `/api/users/${person.id}/reputation`,
    reader ? { token: reader.token } : {},
  );

/** The XP events in the room's log, oldest first. */
async function told(): Promise<{ type: string; data: object }[]> {
  const { activity } = await merger.request<RoomState>('GET', `/api/rooms/${roomId}/state`);
  return activity.filter(({ type }) => type.startsWith('xp.')).map(({ type, data }) => ({ type, data }));
}

const atXp = (person: Person, totalXp: number) =>
  get(DataSource).query(`INSERT INTO user_reputation (user_id, total_xp) VALUES ($1, $2)`, [person.id, totalXp]);

describe('A merged pull request', () => {
  it('awards its author once, however often and however simultaneously it is reported', async () => {
    const merge = aMerge();
    await Promise.all(Array.from({ length: 20 }, () => award(merge)));

    expect(await reputationOf(author, merger)).toMatchObject({
      totalXP: 10,
      level: 1,
      contributions: { mergedPRs: 1, codeReviews: 0, projectsCompleted: 0 },
      skillAreas: ['documentation', 'typescript'],
      recentActivity: [
        {
          type: 'merged_pr',
          xpAwarded: 10,
          roomId,
          details: {
            pullRequest: 3,
            title: 'Add hello',
            mergeSha: 'b'.repeat(40),
            mergedBy: merger.name,
            agent: 'scribe',
          },
        },
      ],
    });
    expect(await told()).toEqual([
      {
        type: 'xp.awarded',
        data: {
          userId: author.id,
          name: author.name,
          amount: 10,
          reason: 'Pull request #3 was merged',
          totalXP: 10,
          level: 1,
        },
      },
    ]);
  });

  it('is heard of by way of the outbox', async () => {
    const data = aMerge();
    await get(UnitOfWork).run(async (work) => {
      work.announce({ name: 'git.pull_request_merged', data });
      work.announce({ name: 'git.pull_request_merged', data });
    });
    await eventually(async () => (await reputationOf(author)).totalXP === 10);
  });

  it('adds to what the same person earns elsewhere at the same moment', async () => {
    const rooms = await Promise.all(Array.from({ length: 5 }, () => merger.createRoom()));
    await Promise.all(rooms.flatMap(({ id }) => [award(aMerge({ roomId: id })), award(aMerge({ roomId: id }))]));
    expect(await reputationOf(author)).toMatchObject({ totalXP: 100, level: 2, contributions: { mergedPRs: 10 } });
  });

  it('raises the level when the new total reaches it, and says so in the room', async () => {
    await atXp(author, 95);
    await award(aMerge());
    expect(await reputationOf(author)).toMatchObject({ totalXP: 105, level: 2 });
    expect(await told()).toMatchObject([
      { type: 'xp.awarded', data: { totalXP: 105, level: 2 } },
      { type: 'xp.level_up', data: { userId: author.id, name: author.name, level: 2 } },
    ]);
  });

  it('does not raise the level before', async () => {
    await atXp(author, 85);
    await award(aMerge());
    expect(await reputationOf(author)).toMatchObject({ totalXP: 95, level: 1 });
    expect((await told()).map(({ type }) => type)).toEqual(['xp.awarded']);
  });

  it.each([
    ['somebody merged their own work', () => ({ mergedByUserId: author.id })],
    ['nobody here merged it', () => ({ mergedByUserId: null })],
    ['it is nobody’s work here', () => ({ beneficiaryId: null })],
    ['its author has no account any more', () => ({ beneficiaryId: randomUUID() })],
  ])('awards nothing if %s', async (_, changed) => {
    await award(aMerge(changed()));
    expect(await reputationOf(author)).toMatchObject({ totalXP: 0, level: 1, recentActivity: [] });
    expect(await told()).toEqual([]);
  });

  it('counts although its room is gone', async () => {
    const merge = aMerge();
    await merger.request('DELETE', `/api/rooms/${roomId}`);
    await award(merge);
    expect(await reputationOf(author, author)).toMatchObject({
      totalXP: 10,
      recentActivity: [{ roomId: null, details: {} }],
    });
  });
});

describe('Where somebody earned what they have', () => {
  const isHidden = { roomId: null, roomName: null, details: {} };

  it('is told to members of a private room only', async () => {
    await award(aMerge());
    const [seen] = (await reputationOf(author, author)).recentActivity;
    expect(seen).toMatchObject({ roomId, details: { pullRequest: 3 } });
    for (const reader of [undefined, stranger]) {
      expect((await reputationOf(author, reader)).recentActivity).toMatchObject([{ xpAwarded: 10, ...isHidden }]);
    }
  });

  it('is told to everybody, masked, if the merge was public', async () => {
    await merger.request('PUT', `/api/rooms/${roomId}`, { visibility: 'public' });
    await tellOfMerge();
    await award(aMerge({ title: 'Ask bob@example.com' }));
    expect((await reputationOf(author)).recentActivity).toMatchObject([{ roomId, details: { title: 'Ask [e-mail]' } }]);
    expect((await reputationOf(author, merger)).recentActivity).toMatchObject([
      { details: { title: 'Ask bob@example.com' } },
    ]);
  });

  it('stays hidden if the room was private then, though it is public now', async () => {
    await tellOfMerge();
    await award(aMerge());
    await merger.request('PUT', `/api/rooms/${roomId}`, { visibility: 'public' });
    expect((await reputationOf(author)).recentActivity).toMatchObject([isHidden]);
  });

  it('is hidden again once the room is private', async () => {
    await merger.request('PUT', `/api/rooms/${roomId}`, { visibility: 'public' });
    await tellOfMerge();
    await award(aMerge());
    await merger.request('PUT', `/api/rooms/${roomId}`, { visibility: 'private' });
    expect((await reputationOf(author)).recentActivity).toMatchObject([isHidden]);
  });

  it('is unknown of people who do not exist', async () => {
    await expect(request(server.url, 'GET', `/api/users/${randomUUID()}/reputation`)).rejects.toMatchObject({
      status: 404,
    });
  });

  async function tellOfMerge(): Promise<void> {
    const { type, actor, data } = sampleEvents['git.pr_merged'];
    await get(UnitOfWork).run(async (work) =>
      get(RoomLog).append(work, await get(RoomAccess).hold(work, roomId), { type, actor, data }),
    );
  }
});
