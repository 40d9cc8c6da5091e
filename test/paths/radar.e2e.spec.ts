import { randomUUID } from 'node:crypto';
import type { NewAgent, PullRequest, Room, RoomState, TaskDetail } from '@clawtank/contracts';
import * as fc from 'fast-check';
import { startTestServer, type TestServer } from '../support/app.js';
import { signerOf } from '../support/agent-key.js';
import { Follower } from '../support/follower.js';
import { accepted, connect, Person, type RoomSocket } from '../support/people.js';
import { pushBranch } from '../support/push-branch.js';
import { verifyRoom } from '../support/verify-room.js';
import { Clone, inShort } from './paths.support.js';

const LINES = Array.from({ length: 20 }, (_, index) => `line ${index}\n`);
const BASE = LINES.join('');
const withLine = (line: number, text: string) =>
  LINES.map((old, index) => (index === line ? `${text}\n` : old)).join('');

describe('tasks whose branches are really there', () => {
  let server: TestServer;
  let owner: Person;
  let room: Room;
  let person: RoomSocket;
  let follower: Follower;
  let born: RoomState;
  let otter: NewAgent & { socket: RoomSocket; clone: Clone };
  let beaver: NewAgent & { socket: RoomSocket; clone: Clone };

  beforeAll(async () => (server = await startTestServer()));
  afterAll(() => server.close());
  beforeEach(async () => {
    owner = await Person.register(server.url);
    room = await owner.createRoomWithRepository();
    person = await owner.connect();
    follower = await Follower.join(person, room.id);
    born = follower.state;
    const bring = async () => {
      const agent = await owner.bringAgent(room.id);
      return {
        ...agent,
        socket: await connect(server.url, '/agents', agent.token),
        clone: await Clone.of(server, room.id, agent.token),
      };
    };
    otter = await bring();
    await merge({ 'a.txt': BASE, 'b.txt': BASE, 'old/one.txt': BASE, 'old/two.txt': BASE });
    beaver = await bring();
  });
  afterEach(() => {
    [person, otter.socket, beaver.socket].forEach((socket) => socket.close());
    [otter, beaver].forEach(({ clone }) => clone.remove());
  });

  /** Brings files to the default branch, as a merged pull request of nobody's task. */
  const merge = async (files: Record<string, string | null>) => {
    const head = `base/${randomUUID()}`;
    const clone = await Clone.of(server, room.id, await owner.gitToken());
    const headSha = await clone.push(head, files).finally(() => clone.remove());
    const pull = await accepted(person, 'open_pull_request', { roomId: room.id, title: 'Begin', head });
    await owner.request<PullRequest>('POST', `/api/rooms/${room.id}/pulls/${pull.number}/merge`, { headSha });
  };
  const claim = async ({ socket }: { socket: RoomSocket }, paths: string[] = []) => {
    const task = await accepted(person, 'create_task', { roomId: room.id, description: 'Change something' });
    const { lease } = await accepted(socket, 'claim_task', { roomId: room.id, taskId: task.id, paths });
    return { number: task.number, held: { roomId: room.id, taskId: task.id, leaseId: lease.leaseId } };
  };
  const pathsOf = (taskId: string) => follower.state.paths.find((paths) => paths.taskId === taskId);
  const changes = (taskId: string, ...paths: string[]) =>
    follower.until(() => JSON.stringify(pathsOf(taskId)?.changes?.paths) === JSON.stringify(paths));
  const conflictsAre = (...expected: string[]) =>
    follower
      .until((state) => JSON.stringify(inShort(state.conflicts)) === JSON.stringify(expected))
      .catch(() => expect(inShort(follower.state.conflicts)).toEqual(expected));
  const told = (type: string) => follower.events.filter((event) => event.type === type);

  it('are flagged at the push, once for the room and at the next claim for the agent', async () => {
    const [one, other] = [await claim(otter), await claim(beaver)];
    await otter.clone.push('otter/work', { 'a.txt': withLine(0, 'otter'), 'new.txt': 'x' });
    await changes(one.held.taskId, 'a.txt', 'new.txt');
    await beaver.clone.push('beaver/work', { 'a.txt': withLine(19, 'beaver') });
    await conflictsAre('1+2 touched a.txt');
    await beaver.clone.push('beaver/work', { 'a.txt': withLine(19, 'beaver again') });
    await follower.until(() => told('git.commit').length >= 5);
    const { conflicts } = await accepted(beaver.socket, 'claim_task', { roomId: room.id, taskId: other.held.taskId });
    expect(conflicts).toMatchObject([{ number: one.number, kind: 'touched', paths: ['a.txt'], total: 1 }]);
    expect(told('task.conflict')).toHaveLength(1);
    const detail = await owner.request<TaskDetail>('GET', `/api/rooms/${room.id}/tasks/${one.held.taskId}`);
    expect(detail.paths?.changes).toMatchObject({ branch: 'otter/work', paths: ['a.txt', 'new.txt'], total: 2 });
    expect(detail.conflicts).toMatchObject([{ number: other.number, holder: { id: beaver.agent.id } }]);
    await verifyRoom(server, born);
  });

  it('conflict for sure when git cannot merge them, and no longer once one of them gives way', async () => {
    await claim(otter);
    await claim(beaver);
    await otter.clone.push('otter/work', { 'a.txt': withLine(5, 'otter') });
    await beaver.clone.push('beaver/work', { 'a.txt': withLine(5, 'beaver'), 'b.txt': withLine(1, 'beaver') });
    await conflictsAre('1+2 unmergeable a.txt');
    await beaver.clone.push('beaver/work', { 'a.txt': withLine(15, 'beaver') }); // rewritten from the beginning
    await conflictsAre('1+2 touched a.txt');
    await beaver.clone.push('beaver/work', { 'b.txt': withLine(1, 'beaver') });
    await conflictsAre();
    expect(told('task.conflict_resolved')).toHaveLength(1);
  });

  it('meet where one only claims what the other changes', async () => {
    await claim(otter, ['old/*.txt']);
    await claim(beaver);
    await beaver.clone.push('beaver/work', { 'old/two.txt': withLine(3, 'beaver'), 'b.txt': null });
    await conflictsAre('1+2 claimed old/two.txt');
  });

  it('meet in what was moved, removed, made a folder of, or is no text', async () => {
    const [one, other] = [await claim(otter), await claim(beaver)];
    await otter.clone.git('fetch', '--quiet', 'origin');
    await otter.clone.git('switch', '--quiet', '--force-create', 'otter/work', 'origin/main');
    await otter.clone.git('mv', 'old/one.txt', 'moved.txt');
    await otter.clone.commit({ 'b.txt': null, 'blob.bin': Buffer.from([0, 1, 2, 255]) });
    await otter.clone.git('push', '--quiet', 'origin', 'otter/work');
    await changes(one.held.taskId, 'b.txt', 'blob.bin', 'moved.txt', 'old/one.txt');
    await beaver.clone.push('beaver/work', {
      'old/one.txt': withLine(2, 'beaver'),
      'blob.bin/inner': 'a folder here',
      'größe und länge.txt': 'x',
    });
    await changes(other.held.taskId, 'blob.bin/inner', 'größe und länge.txt', 'old/one.txt');
    const [conflict] = (await follower.until(({ conflicts }) => conflicts.length > 0 && conflicts)) || [];
    expect(conflict).toMatchObject({ kind: 'unmergeable' });
    expect(conflict?.paths.join(' ')).toContain('blob.bin');
  });

  it('are in nobody’s way once their branch is gone, they are given back, or merged', async () => {
    const [one, other, third] = [await claim(otter), await claim(beaver), await claim(beaver)];
    await otter.clone.push('otter/work', { 'a.txt': withLine(5, 'otter') });
    const named = ({ held: { taskId } }: typeof one) => `Work\n\nClawTank-Task: ${taskId}`;
    await beaver.clone.push('beaver/work', { 'a.txt': withLine(5, 'beaver') }, named(other));
    await beaver.clone.push('beaver/more', { 'a.txt': withLine(19, 'beaver') }, named(third));
    await conflictsAre('1+2 unmergeable a.txt', '1+3 touched a.txt', '2+3 touched a.txt');
    await beaver.clone.git('push', '--quiet', '--delete', 'origin', 'beaver/work');
    await conflictsAre('1+3 touched a.txt');
    await accepted(beaver.socket, 'release_task', third.held);
    await conflictsAre();
    expect(follower.state.paths.map(({ taskId }) => taskId)).toEqual([one.held.taskId]);

    const signer = await signerOf(otter.socket);
    const mine = await claim(otter);
    const commit = await pushBranch(server, room.id, otter.token, 'otter/signed', 'a.txt', signer);
    const proposal = { roomId: room.id, title: 'Mine', head: 'otter/signed', taskId: mine.held.taskId };
    const { number } = await accepted(otter.socket, 'open_pull_request', proposal);
    await accepted(otter.socket, 'submit_work', { ...mine.held, gitBranch: 'otter/signed', commit });
    await conflictsAre('1+4 unmergeable a.txt');
    await owner.request('POST', `/api/rooms/${room.id}/pulls/${number}/merge`, { headSha: commit });
    await conflictsAre();
    await follower.until(({ paths }) => paths.every(({ taskId }) => taskId !== mine.held.taskId));
    await verifyRoom(server, born);
  }, 120_000);

  it('are measured anew when the default branch moves', async () => {
    const { held } = await claim(otter);
    await otter.clone.push('otter/work', { 'a.txt': withLine(5, 'otter'), 'c.txt': 'x' });
    await changes(held.taskId, 'a.txt', 'c.txt');
    await beaver.clone.git('fetch', '--quiet', 'origin');
    await beaver.clone.git('switch', '--quiet', '--detach', 'origin/otter/work~0');
    const first = await beaver.clone.git('rev-parse', 'origin/otter/work');
    await otter.clone.commit({ 'd.txt': 'x' });
    await otter.clone.git('push', '--quiet', 'origin', 'otter/work');
    await changes(held.taskId, 'a.txt', 'c.txt', 'd.txt');
    // What was there first is merged from a branch of its own, and no longer the task's to bring.
    const url = Object.assign(new URL(`${server.url}/git/${room.id}.git`), {
      username: 'git',
      password: await owner.gitToken(),
    });
    await beaver.clone.git('push', '--quiet', url.href, `${first}:refs/heads/beaver/first`);
    const proposal = { roomId: room.id, title: 'The first half', head: 'beaver/first' };
    const { number } = await accepted(beaver.socket, 'open_pull_request', proposal);
    await owner.request('POST', `/api/rooms/${room.id}/pulls/${number}/merge`, { headSha: first });
    await changes(held.taskId, 'd.txt');
  });

  it('are told of the first hundred files of a huge change, counted and compared by more', async () => {
    const [one] = [await claim(otter), await claim(beaver)];
    const many = Object.fromEntries(
      Array.from({ length: 1500 }, (_, index) => [`many/${String(index).padStart(4, '0')}.txt`, `${index}`]),
    );
    await otter.clone.push('otter/work', many);
    const { paths, total } = await follower.until(() => pathsOf(one.held.taskId)?.changes);
    expect({ shown: paths.length, total }).toEqual({ shown: 100, total: 1500 });
    await beaver.clone.push('beaver/work', { 'many/0777.txt': '777' });
    await conflictsAre('1+2 touched many/0777.txt');
  });

  it('equal a recount from the repository, whatever two agents push', async () => {
    const [one, other] = [await claim(otter), await claim(beaver)];
    const content = fc.constantFrom(null, withLine(0, 'A'), withLine(0, 'B'), withLine(19, 'C'));
    const files = fc.dictionary(fc.constantFrom('a.txt', 'b.txt', 'old/one.txt', 'old/two.txt'), content, {
      minKeys: 1,
    });
    let round = 0;
    await fc.assert(
      fc.asyncProperty(files, files, async (mine, theirs) => {
        round += 1;
        const tips = await Promise.all([
          otter.clone.push('otter/work', { ...mine, 'otter.txt': `${round}` }),
          beaver.clone.push('beaver/work', { ...theirs, 'beaver.txt': `${round}` }),
        ]);
        await follower.until(
          () =>
            pathsOf(one.held.taskId)?.changes?.head === tips[0] &&
            pathsOf(other.held.taskId)?.changes?.head === tips[1],
        );
        await otter.clone.git('fetch', '--quiet', 'origin');
        const [left, right] = await Promise.all(
          tips.map(async (tip) => {
            const base = await otter.clone.git('merge-base', 'origin/main', tip);
            return (await otter.clone.git('diff', '--name-only', '--no-renames', base, tip)).split('\n');
          }),
        );
        expect(pathsOf(one.held.taskId)?.changes?.paths).toEqual(left);
        expect(pathsOf(other.held.taskId)?.changes?.paths).toEqual(right);
        const shared = left!.filter((path) => right!.includes(path));
        const merges = await otter.clone
          .git('merge-tree', '--write-tree', '--name-only', '--no-messages', tips[0], tips[1])
          .then(() => null)
          .catch((error: { stdout: string }) => error.stdout.trim().split('\n').slice(1));
        const expected = merges
          ? [`1+2 unmergeable ${merges.join(' ')}`]
          : shared.length > 0
            ? [`1+2 touched ${shared.join(' ')}`]
            : [];
        await conflictsAre(...expected);
      }),
      { numRuns: 5, endOnFailure: true },
    );
    await verifyRoom(server, born);
  }, 180_000);
});
