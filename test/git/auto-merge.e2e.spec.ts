import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type AutoMergeStanding,
  autoMergeStanding,
  type NewAgent,
  type PullRequest,
  type Room,
  type RoomSettings,
  type Task,
  taskOfPullRequest,
} from '@clawtank/contracts';
import { DataSource } from 'typeorm';
import { AutoMerges } from '../../apps/api/src/git/auto-merge/auto-merge.service.js';
import { HostedRepositories } from '../../apps/api/src/git/hosting/repository-store.js';
import { type Signer, signerOf } from '../support/agent-key.js';
import { startTestServer, type TestServer } from '../support/app.js';
import { nothingUnderWay } from '../support/background.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { Follower } from '../support/follower.js';
import { accepted, connect, eventually, Person, type RoomSocket } from '../support/people.js';
import { pushBranch } from '../support/push-branch.js';
import { aPullRequest, gitActivity, merged, only, ProviderHook, sha } from './webhooks.support.js';

const sql = <Row>(server: TestServer, query: string, parameters: unknown[] = []) =>
  server.app.get(DataSource).query<Row[]>(query, parameters);
const merges = (server: TestServer) => server.app.get(AutoMerges, { strict: false });

describe('a room that has approved work merged', () => {
  let server: TestServer;
  let owner: Person;
  let bob: Person;
  let room: Room;
  let agent: NewAgent;
  let agentSocket: RoomSocket;
  let signer: Signer;
  let bobSocket: RoomSocket;
  let follower: Follower;

  beforeAll(async () => {
    server = await startTestServer();
    [owner, bob] = [await Person.register(server.url), await Person.register(server.url)];
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    room = await owner.createRoomWithRepository();
    await owner.invite(room.id, bob);
    agent = await owner.bringAgent(room.id);
    agentSocket = await connect(server.url, '/agents', agent.token);
    signer = await signerOf(agentSocket);
    bobSocket = await bob.connect();
    follower = await Follower.join(await owner.connect(), room.id);
  });
  afterEach(() => {
    agentSocket.close();
    bobSocket.close();
    follower.socket.close();
  });

  const set = (settings: Partial<RoomSettings>) => owner.request('PUT', `/api/rooms/${room.id}`, { settings });
  const pulls = () => owner.request<PullRequest[]>('GET', `/api/rooms/${room.id}/pulls`);
  const pull = async (number: number) => (await pulls()).find((one) => one.number === number)!;

  /** Work of the agent that waits for its review, with its pull request: of a new task, or of one that it hands in anew. */
  async function handedIn(
    file = `${randomUUID()}.md`,
    before?: Task,
  ): Promise<{ task: Task; pullRequest: PullRequest }> {
    const description = `Write ${file}`;
    const { id: taskId } = before ?? (await accepted(bobSocket, 'create_task', { roomId: room.id, description }));
    const { lease } = await accepted(agentSocket, 'claim_task', { roomId: room.id, taskId });
    const gitBranch = `agent/${randomUUID()}`;
    const content = Buffer.from(`${gitBranch}\n`);
    const commit = await pushBranch(server, room.id, agent.token, gitBranch, { name: file, content }, signer);
    const held = { roomId: room.id, taskId, leaseId: lease.leaseId };
    const task = await accepted(agentSocket, 'submit_work', { ...held, gitBranch, commit });
    const proposal = { roomId: room.id, taskId, title: description, head: gitBranch };
    const pullRequest = await accepted(agentSocket, 'open_pull_request', proposal);
    await follower.until((state) => state.pullRequests.some(({ id }) => id === pullRequest.id));
    return { task, pullRequest };
  }
  const approve = (by: RoomSocket, { id: taskId, submittedSha }: Task) =>
    accepted(by, 'review_task', { roomId: room.id, taskId, verdict: 'approved', sha: submittedSha! });
  const merging = (number: number) =>
    follower.until((state) => state.pullRequests.find((one) => one.number === number && one.state === 'merged'));
  /** Whatever could merge has had its turn. */
  const hadItsTurn = async () => {
    await merges(server).mergeNow(room.id);
    await merges(server).mergeDue();
  };
  const standing = (number: number): Promise<AutoMergeStanding> =>
    Promise.resolve(
      follower.until((state) => {
        const one = state.pullRequests.find((known) => known.number === number);
        return one && { is: autoMergeStanding(state.room, one, taskOfPullRequest(one, state.tasks)) };
      }),
    ).then(({ is }) => is);
  const git = async (...args: string[]) => {
    const environment = {
      GIT_AUTHOR_NAME: 'Somebody',
      GIT_AUTHOR_EMAIL: 'somebody@example.com',
      GIT_COMMITTER_NAME: 'Somebody',
      GIT_COMMITTER_EMAIL: 'somebody@example.com',
    };
    const repository = server.app.get(HostedRepositories, { strict: false }).at(room.id);
    const { stdout } = await repository.run(args, { environment });
    return stdout.toString().trim();
  };

  it('merges exactly what was approved, once, for whoever approved it, and says so', async () => {
    await set({ autoMergeEnabled: true });
    const { task, pullRequest } = await handedIn();
    expect(await standing(pullRequest.number)).toBe('waits_for_approval');
    await hadItsTurn();
    expect((await pull(pullRequest.number)).state).toBe('open');

    await approve(bobSocket, task);
    const done = await merging(pullRequest.number);
    const bobHere = { type: 'human', id: bob.id, name: bob.name };
    expect(done).toMatchObject({
      headSha: task.submittedSha,
      mergedBy: bobHere,
      autoMerge: { sha: task.submittedSha, approvedBy: bobHere, state: 'merged', obstacle: null },
    });
    expect(await git('log', '-1', '--format=%an %cn', 'refs/heads/main')).toBe(`${bob.name} ClawTank`);
    expect(await git('log', '-1', '--format=%P', 'refs/heads/main')).toContain(task.submittedSha!);
    await follower.until((state) => state.tasks.some(({ id, state: now }) => id === task.id && now === 'done'));

    await hadItsTurn();
    const activity = await gitActivity(owner, room.id);
    expect(only(activity, 'git.pr_merged')).toMatchObject([{ actor: bobHere }]);
    expect(await git('rev-list', '--count', '--merges', 'refs/heads/main')).toBe('1');
    await follower.until(() => follower.events.find(({ type }) => type === 'xp.awarded'));
    expect(follower.events.filter(({ type }) => type === 'xp.awarded')).toMatchObject([{ data: { userId: owner.id } }]);
  });

  it('merges nothing that is not approved as it stands now', async () => {
    const { task, pullRequest } = await handedIn();
    await approve(bobSocket, task);
    await pushBranch(server, room.id, await bob.gitToken(), `on-top-of/${randomUUID()}`); // another branch changes nothing
    await set({ autoMergeEnabled: true });
    await merging(pullRequest.number);

    await set({ autoMergeEnabled: false });
    const next = await handedIn();
    await approve(bobSocket, next.task);
    await hadItsTurn();
    expect(await standing(next.pullRequest.number)).toBe('off');
    await moveBranch(next.task.branch!);
    await follower.until((state) =>
      state.pullRequests.some(
        ({ number, headSha }) => number === next.pullRequest.number && headSha !== next.task.submittedSha,
      ),
    );
    await set({ autoMergeEnabled: true });
    await hadItsTurn();
    expect(await standing(next.pullRequest.number)).toBe('new_commits');
    expect(await pull(next.pullRequest.number)).toMatchObject({ state: 'open', autoMerge: null });
  });

  it('leaves alone what was handed in anew with another pull request', async () => {
    const first = await handedIn();
    await accepted(bobSocket, 'review_task', {
      roomId: room.id,
      taskId: first.task.id,
      verdict: 'changes_requested',
      sha: first.task.submittedSha!,
      comment: 'Start over',
    });
    const second = await handedIn(undefined, first.task);
    await set({ autoMergeEnabled: true });
    await approve(bobSocket, second.task);
    await merging(second.pullRequest.number);
    await hadItsTurn();
    expect(await standing(first.pullRequest.number)).toBe('superseded');
    expect(await pull(first.pullRequest.number)).toMatchObject({ state: 'open', autoMerge: null });
  });

  it('does not merge a branch that moved in the very moment, of which nobody has heard yet', async () => {
    const { task, pullRequest } = await handedIn();
    await approve(bobSocket, task);
    const { head } = pullRequest;
    await nothingUnderWay(server); // whoever follows the push looks at the branch
    const other = await git('commit-tree', `${task.submittedSha}^{tree}`, '-p', task.submittedSha!, '-m', 'Unheard of');
    await git('update-ref', `refs/heads/${head}`, other);
    await set({ autoMergeEnabled: true });
    await follower.until((state) =>
      state.pullRequests.some(({ id, autoMerge }) => id === pullRequest.id && autoMerge?.obstacle === 'head_moved'),
    );
    expect(await pull(pullRequest.number)).toMatchObject({ state: 'open' });
    expect(await git('rev-list', '--count', '--merges', 'refs/heads/main')).toBe('0');
  });

  it('waits while agents rest, and when the setting is off; goes on when they go on', async () => {
    await set({ autoMergeEnabled: true, agentsPaused: false });
    const { task, pullRequest } = await handedIn();
    await set({ agentsPaused: true });
    await approve(bobSocket, task);
    await hadItsTurn();
    expect(await standing(pullRequest.number)).toBe('paused');
    await set({ autoMergeEnabled: false, agentsPaused: false });
    await hadItsTurn();
    expect(await pull(pullRequest.number)).toMatchObject({ state: 'open', autoMerge: null });
    await set({ autoMergeEnabled: true, agentsPaused: true });
    await hadItsTurn();
    expect((await pull(pullRequest.number)).state).toBe('open');
    await set({ agentsPaused: false });
    await merging(pullRequest.number);
  });

  it('merges for nobody who could not do it by hand, and says so until somebody else approves', async () => {
    const { task, pullRequest } = await handedIn();
    await approve(bobSocket, task);
    await owner.request('PUT', `/api/rooms/${room.id}/members/${bob.id}/role`, { role: 'guest' });
    await set({ autoMergeEnabled: true });
    await follower.until((state) =>
      state.pullRequests.some(({ autoMerge }) => autoMerge?.obstacle === 'approver_may_not'),
    );
    await hadItsTurn();
    expect(await standing(pullRequest.number)).toBe('refused');
    const updates = only(await gitActivity(owner, room.id), 'git.pr_updated');
    expect(updates).toHaveLength(1);
    await approve(follower.socket, task);
    expect(await merging(pullRequest.number)).toMatchObject({ mergedBy: { id: owner.id } });
  });

  it('leaves what conflicts to people', async () => {
    const [one, other] = [await handedIn('same.md'), await handedIn('same.md')];
    await set({ autoMergeEnabled: true });
    await approve(bobSocket, one.task);
    await merging(one.pullRequest.number);
    await follower.until((state) =>
      state.pullRequests.some(
        ({ id, mergeability }) => id === other.pullRequest.id && mergeability.state === 'conflict',
      ),
    );
    await approve(bobSocket, other.task);
    await hadItsTurn();
    expect(await standing(other.pullRequest.number)).toBe('conflicts');
    expect((await pull(other.pullRequest.number)).state).toBe('open');
  });

  it('knows its merge when it dies before it could note it', async () => {
    const { task, pullRequest } = await handedIn();
    await approve(bobSocket, task);
    await sql(
      server,
      `CREATE FUNCTION fail_to_note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'interrupted'; END $$`,
    );
    await sql(
      server,
      `CREATE TRIGGER fail_to_note BEFORE UPDATE ON pull_requests FOR EACH ROW
       WHEN ((NEW.auto_merge ->> 'isDone')::boolean) EXECUTE FUNCTION fail_to_note()`,
    );
    await set({ autoMergeEnabled: true });
    await eventually(async () => (await git('rev-list', '--count', '--merges', 'refs/heads/main')) === '1');
    expect((await pull(pullRequest.number)).state).toBe('open');
    await sql(server, `DROP TRIGGER fail_to_note ON pull_requests`);
    await sql(server, `DROP FUNCTION fail_to_note`);
    await sql(
      server,
      `UPDATE pull_requests SET auto_merge = auto_merge || '{"claimedUntil": "2020-01-01T00:00:00.000Z"}' WHERE id = $1`,
      [pullRequest.id],
    );
    await merges(server).mergeDue();
    expect(await merging(pullRequest.number)).toMatchObject({
      mergedBy: { id: bob.id },
      autoMerge: { state: 'merged', approvedBy: { id: bob.id } },
    });
    expect(await git('rev-list', '--count', '--merges', 'refs/heads/main')).toBe('1');
  });

  it('does not claim a merge that somebody made by hand', async () => {
    const { task, pullRequest } = await handedIn();
    await approve(bobSocket, task);
    await owner.request('POST', `/api/rooms/${room.id}/pulls/${pullRequest.number}/merge`, {
      headSha: pullRequest.headSha,
    });
    await set({ autoMergeEnabled: true });
    expect(await merging(pullRequest.number)).toMatchObject({ mergedBy: { id: owner.id }, autoMerge: null });
  });

  /** Moves the branch to another commit, as a person's push that everybody hears of. */
  async function moveBranch(branch: string): Promise<void> {
    const token = await bob.gitToken();
    await pushBranch(server, room.id, token, `${branch}-next`);
    await git('update-ref', `refs/heads/${branch}`, await git('rev-parse', `refs/heads/${branch}-next`));
    await pushBranch(server, room.id, token, `noticed/${randomUUID()}`);
  }
});

/** GitHub's REST API as far as it is asked to merge pull request 3, with the fields it documents. */
class GitHub {
  merged = false;
  head = sha('a');
  mergeableState = 'clean';
  /** What it answers to a merge, and whether the answer arrives. */
  answer: { status: number; message: string; isLost?: boolean } = { status: 200, message: '' };
  readonly merges: { sha: string; commit_title: string; commit_message: string; authorization: string | undefined }[] =
    [];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<GitHub> {
    const server = createServer();
    const gitHub = new GitHub(server);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { status, body } = gitHub.ask(
          `${request.method} ${request.url?.replace('/repos/codertocat/hello-world', '')}`,
          Buffer.concat(chunks).toString(),
          request.headers.authorization,
        );
        // Long enough for whoever asks at the same moment to ask.
        setTimeout(() => {
          if (gitHub.answer.isLost && request.method === 'PUT') {
            request.socket.destroy();
          } else {
            response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
          }
        }, 100);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return gitHub;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.close();
  }

  private ask(what: string, text: string, authorization: string | undefined): { status: number; body: object } {
    switch (what) {
      case 'GET /git/ref/heads/feature':
        return { status: 200, body: { object: { sha: this.head } } };
      case 'GET /pulls/3':
        return {
          status: 200,
          body: { merged: this.merged, head: { sha: this.head }, mergeable_state: this.mergeableState },
        };
      case 'PUT /pulls/3/merge': {
        const { status, message } = this.answer;
        this.merges.push({ ...(JSON.parse(text) as (typeof this.merges)[number]), authorization });
        this.merged ||= status === 200;
        return { status, body: status === 200 ? { sha: sha('c'), merged: true } : { message } };
      }
      case `GET /commits/${sha('c')}`: {
        const [made] = this.merges;
        return made
          ? { status: 200, body: { commit: { message: `${made.commit_title}\n\n${made.commit_message}` } } }
          : { status: 200, body: { commit: { message: 'Merge pull request #3\n\nBy hand' } } };
      }
      default:
        return { status: 404, body: { message: 'Not Found' } };
    }
  }
}

describe('approved work in a repository at GitHub', () => {
  let gitHub: GitHub;
  let database: TestDatabase;
  let server: TestServer;
  let other: TestServer;
  let owner: Person;
  let bob: Person;
  let hook: ProviderHook;
  let roomId: string;
  let socket: RoomSocket;
  let task: Task;

  beforeAll(async () => {
    gitHub = await GitHub.start();
    database = await createTestDatabase();
    const env = {
      GITHUB_CLIENT_ID: 'id',
      GITHUB_CLIENT_SECRET: 'secret',
      GITHUB_BASE_URL: gitHub.url,
      GITHUB_API_URL: gitHub.url,
    };
    server = await startTestServer({ database, env });
    other = await startTestServer({ database, env });
    [owner, bob] = [await Person.register(server.url), await Person.register(server.url)];
  });
  afterAll(async () => {
    await other.close();
    await server.close();
    await database.drop();
    gitHub.stop();
  });
  beforeEach(async () => {
    Object.assign(gitHub, { merged: false, head: sha('a'), mergeableState: 'clean', merges: [] });
    gitHub.answer = { status: 200, message: '' };
    hook = await ProviderHook.connect(server, owner, { repoId: '42', accessToken: 'of-the-room' });
    roomId = hook.room.id;
    await owner.invite(roomId, bob);
    const { agent } = await owner.bringAgent(roomId);
    socket = await bob.connect();
    task = await accepted(socket, 'create_task', { roomId, description: 'Say hello', agentId: agent.id });
    // Instead of all that an agent does until its work is in review.
    await sql(server, `UPDATE tasks SET state = 'in_review', branch = 'feature', submitted_sha = $2 WHERE id = $1`, [
      task.id,
      sha('a'),
    ]);
    await deliver(aPullRequest('opened', 0));
  });
  afterEach(async () => {
    await set({ autoMergeEnabled: false }); // what was refused would be tried again, at the GitHub of the next test
    await nothingUnderWay(server);
    socket.close();
  });

  const deliver = async (payload: object) => {
    expect((await hook.github('pull_request', payload)).status).toBe(202);
    await hook.settled();
  };
  const set = (settings: Partial<RoomSettings>) => owner.request('PUT', `/api/rooms/${roomId}`, { settings });
  const approve = () =>
    accepted(socket, 'review_task', { roomId, taskId: task.id, verdict: 'approved', sha: sha('a') });
  const theOne = async () => (await hook.pulls())[0]!;
  /** Until the attempt that is due is over, and nothing is announced any more. */
  const over = async () => {
    await nothingUnderWay(server);
    await merges(server).mergeNow(roomId);
    await eventually(async () => {
      const [row] = await sql<{ until: string | null }>(
        server,
        `SELECT auto_merge ->> 'claimedUntil' AS until FROM pull_requests WHERE room_id = $1`,
        [roomId],
      );
      return row!.until === null;
    });
  };

  it('is merged with the room’s token, exactly as it was approved, and told as the approver’s', async () => {
    await approve();
    await set({ autoMergeEnabled: true });
    await eventually(() => gitHub.merges.length > 0);
    await over();
    expect(gitHub.merges).toMatchObject([{ sha: sha('a'), authorization: 'Bearer of-the-room' }]);
    await deliver(aPullRequest('closed', 5, merged(5, { id: 99, login: 'token-of-the-host' })));
    expect(await theOne()).toMatchObject({
      state: 'merged',
      mergedBy: { type: 'human', id: bob.id },
      autoMerge: { state: 'merged', approvedBy: { id: bob.id } },
    });
    expect(only(await hook.activity(), 'git.pr_merged')).toHaveLength(1);
  });

  it('is merged once, however many ask at the same moment, in two processes', async () => {
    await approve();
    await sql(server, `UPDATE rooms SET settings = settings || '{"autoMergeEnabled": true}' WHERE id = $1`, [roomId]);
    await Promise.all([server, other, server, other].map((one) => merges(one).mergeNow(roomId)));
    await over();
    expect(gitHub.merges).toHaveLength(1);
  });

  it('is merged once when the answer is lost, and known as ours by what the commit says', async () => {
    gitHub.answer = { status: 200, message: '', isLost: true };
    await approve();
    await set({ autoMergeEnabled: true });
    await eventually(async () => (await theOne()).autoMerge?.obstacle === 'unavailable');
    await deliver(aPullRequest('closed', 5, merged(5, { id: 99, login: 'token-of-the-host' })));
    expect(await theOne()).toMatchObject({ state: 'merged', mergedBy: { id: bob.id }, autoMerge: { state: 'merged' } });
    await over();
    expect(gitHub.merges).toHaveLength(1);
  });

  it('that somebody merged there meanwhile is theirs', async () => {
    gitHub.mergeableState = 'blocked';
    await approve();
    await set({ autoMergeEnabled: true });
    await eventually(async () => (await theOne()).autoMerge?.obstacle === 'rules');
    gitHub.merged = true;
    await over();
    await deliver(aPullRequest('closed', 5, merged(5)));
    expect(await theOne()).toMatchObject({ state: 'merged', mergedBy: { name: 'bob-at-github' }, autoMerge: null });
  });

  it.each([
    ['checks', 'unstable'],
    ['conflicts', 'dirty'],
    ['rules', 'behind'],
    ['unavailable', 'unknown'],
    ['draft', 'draft'],
    ['rules', 'a_word_of_tomorrow'],
  ])('waits, and says why: %s, which GitHub calls %s', async (obstacle, mergeableState) => {
    gitHub.mergeableState = mergeableState;
    await approve();
    await set({ autoMergeEnabled: true });
    await eventually(async () => (await theOne()).autoMerge?.obstacle === obstacle);
    await over();
    expect(gitHub.merges).toEqual([]);
    gitHub.mergeableState = 'clean';
    await sql(
      server,
      `UPDATE pull_requests SET auto_merge = jsonb_set(auto_merge, '{refusal,nextAt}', '"2020-01-01T00:00:00.000Z"') WHERE room_id = $1`,
      [roomId],
    );
    await merges(server).mergeDue();
    expect(gitHub.merges).toHaveLength(1);
  });

  it.each([
    ['token_may_not', { status: 403, message: 'Resource not accessible by personal access token' }],
    ['rules', { status: 405, message: 'Merge commits are not allowed on this repository.' }],
    ['head_moved', { status: 409, message: 'Head branch was modified. Review and try the merge again.' }],
    ['unavailable', { status: 503, message: 'Try again' }],
  ])('says in GitHub’s words what it refuses: %s', async (obstacle, answer) => {
    gitHub.answer = answer;
    await approve();
    await set({ autoMergeEnabled: true });
    await eventually(async () => (await theOne()).autoMerge?.obstacle === obstacle);
    expect((await theOne()).autoMerge).toMatchObject({ state: 'refused', message: answer.message });
    await over();
    expect(only(await hook.activity(), 'git.pr_updated')).toHaveLength(1);
  });

  it('is left alone when its head is another by now, or it goes elsewhere', async () => {
    await approve();
    gitHub.head = sha('b');
    await set({ autoMergeEnabled: true });
    await eventually(async () => (await theOne()).autoMerge?.obstacle === 'head_moved');
    await deliver(aPullRequest('synchronize', 2, { head: { ref: 'feature', sha: sha('b'), repo: { id: 42 } } }));
    expect((await theOne()).autoMerge).toBeNull();
    await over();
    expect(gitHub.merges).toEqual([]);
  });
});
