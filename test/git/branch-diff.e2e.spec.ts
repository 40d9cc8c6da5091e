import type { BranchDiff } from '@clawtank/contracts';
import { startTestServer, type TestServer } from '../support/app.js';
import { Person } from '../support/people.js';
import { pushBranch } from '../support/push-branch.js';

describe('what a branch has', () => {
  let server: TestServer;
  let owner: Person;
  let roomId: string;

  beforeAll(async () => {
    server = await startTestServer();
    owner = await Person.register(server.url);
    roomId = (await owner.createRoomWithRepository()).id;
  });
  afterAll(() => server.close());

  const look = (branch: string, room = roomId, person = owner) =>
    person.request<BranchDiff>('GET', `/api/rooms/${room}/branches/${encodeURIComponent(branch)}/diff`);
  const push = async (branch: string, name: string) =>
    pushBranch(server, roomId, await owner.gitToken(), branch, { name, content: Buffer.from('red\ngreen\n') });

  it('is seen before anybody proposed it, and only what the default branch has not', async () => {
    const tip = await push('agent/lamps', 'lamps.md');
    await push('agent/other', 'other.md');
    expect(await look('agent/lamps')).toEqual({
      headSha: tip,
      totalCommits: 1,
      commits: [{ sha: tip, message: 'Add a file', authorClaim: 'Test', timestamp: expect.any(String) as string }],
      files: [
        {
          path: 'lamps.md',
          previousPath: null,
          status: 'added',
          additions: 2,
          deletions: 0,
          binary: false,
          patch: expect.stringContaining('+green') as string,
          truncated: false,
        },
      ],
      truncated: false,
    });
  });

  it.each(['agent/nowhere', '--output=/tmp/x', 'main^{/x}', 'a..b', 'refs/heads/agent/lamps'])(
    'is nothing for what is no branch: %s',
    async (branch) => {
      await expect(look(branch)).rejects.toMatchObject({ problem: { code: 'branch_missing' } });
    },
  );

  it('is nobody else’s to see', async () => {
    await push('agent/secret', 'secret.md');
    const stranger = await Person.register(server.url);
    await expect(look('agent/secret', roomId, stranger)).rejects.toMatchObject({ status: 404 });
    const { id: theirs } = await stranger.createRoomWithRepository();
    await expect(look('agent/secret', theirs, stranger)).rejects.toMatchObject({ problem: { code: 'branch_missing' } });
  });
});
