import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Room, Task, TaskAssignment } from '@clawtank/contracts';
import { DataSource } from 'typeorm';
import { startTestServer, type TestServer } from '../support/app.js';
import { signerOf, type Signer } from '../support/agent-key.js';
import { accepted, command, connect, eventually, Person, type RoomSocket } from '../support/people.js';
import { pushBranch } from '../support/push-branch.js';

const run = promisify(execFile);

const codeOf = (reply: { ok: boolean; error?: { code: string } }) => reply.error?.code ?? 'ok';

describe('the life of a task', () => {
  let server: TestServer;
  let owner: Person;
  let room: Room;
  let agentId: string;
  let token: string;
  let signer: Signer;
  let person: RoomSocket;
  let agent: RoomSocket;

  beforeAll(async () => (server = await startTestServer()));
  afterAll(() => server.close());
  beforeEach(async () => {
    owner = await Person.register(server.url);
    room = await owner.createRoomWithRepository();
    ({
      agent: { id: agentId },
      token,
    } = await owner.bringAgent(room.id));
    person = await owner.connect();
    agent = await connect(server.url, '/agents', token);
    signer = await signerOf(agent);
  });
  afterEach(() => {
    person.close();
    agent.close();
  });

  const newTask = (task: { agentId?: string; dependsOn?: string[]; parentId?: string } = { agentId }) =>
    accepted(person, 'create_task', { roomId: room.id, description: 'Write the manual', ...task });
  const claim = async (taskId: string) => {
    const { lease } = await accepted(agent, 'claim_task', { roomId: room.id, taskId });
    return { roomId: room.id, taskId, leaseId: lease.leaseId };
  };
  const handIn = async (taskId: string, gitBranch = `agent/${randomUUID()}`) => {
    const held = await claim(taskId);
    const commit = await pushBranch(server, room.id, token, gitBranch, `${randomUUID()}.txt`, signer);
    return accepted(agent, 'submit_work', { ...held, gitBranch, commit });
  };
  const oneMoreCommit = async (branch: string) => {
    const folder = mkdtempSync(join(tmpdir(), 'clawtank-more-'));
    const url = new URL(`${server.url}/git/${room.id}.git`);
    Object.assign(url, { username: 'git', password: await owner.gitToken() });
    const git = (...args: string[]) =>
      run('git', ['-C', folder, '-c', 'user.name=T', '-c', 'user.email=t@example.com', ...args]);
    try {
      await run('git', ['clone', '--quiet', '--branch', branch, url.href, folder]);
      await git('commit', '--quiet', '--allow-empty', '-m', 'One more');
      await git('push', '--quiet', 'origin', branch);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
  const review = (socket: RoomSocket, task: Task, verdict: 'approved' | 'changes_requested', more: object = {}) =>
    command(socket, 'review_task', {
      roomId: room.id,
      taskId: task.id,
      sha: task.submittedSha ?? '',
      verdict,
      commandId: randomUUID(),
      ...more,
    });
  const stateOf = async (taskId: string) =>
    (await owner.request<{ task: Task }>('GET', `/api/rooms/${room.id}/tasks/${taskId}`)).task;
  const offers = () => {
    const heard: TaskAssignment[] = [];
    agent.on('task_assignment', (assignment) => heard.push(assignment));
    return heard;
  };

  describe('in review', () => {
    it('is approved for exactly the commit that was looked at', async () => {
      const task = await handIn((await newTask()).id);
      const reply = await review(person, task, 'approved', { comment: 'Well done' });
      expect(reply).toMatchObject({
        ok: true,
        data: { state: 'approved', review: { verdict: 'approved', sha: task.submittedSha, by: { id: owner.id } } },
      });
    });

    it('is not approved for another commit', async () => {
      const task = await handIn((await newTask()).id);
      expect(codeOf(await review(person, task, 'approved', { sha: 'a'.repeat(40) }))).toBe('head_moved');
      expect((await stateOf(task.id)).state).toBe('in_review');
    });

    it('is not approved once the branch has moved, though nobody was told of that yet', async () => {
      const branch = `agent/${randomUUID()}`;
      const task = await handIn((await newTask()).id, branch);
      await oneMoreCommit(branch);
      expect(codeOf(await review(person, task, 'approved'))).toBe('head_moved');
    });

    it('loses its approval to a push', async () => {
      const branch = `agent/${randomUUID()}`;
      const task = await handIn((await newTask()).id, branch);
      await review(person, task, 'approved');
      await oneMoreCommit(branch);
      await eventually(async () => (await stateOf(task.id)).state === 'in_review');
      expect((await stateOf(task.id)).review).toBeNull();
    });

    it('keeps its approval when old news of the branch come late', async () => {
      const branch = `agent/${randomUUID()}`;
      const task = await handIn((await newTask()).id, branch);
      await review(person, task, 'approved');
      await server.app
        .get(DataSource)
        .query(`INSERT INTO outbox (name, data) VALUES ('git.pushed', $1)`, [
          JSON.stringify({ roomId: room.id, branch, head: 'b'.repeat(40) }),
        ]);
      await pushBranch(server, room.id, await owner.gitToken(), `agent/${randomUUID()}`); // wakes the outbox
      await eventually(async () => {
        const rows = await server.app
          .get(DataSource)
          .query<unknown[]>(`SELECT 1 FROM outbox WHERE name = 'git.pushed' AND data ->> 'head' = $1`, [
            'b'.repeat(40),
          ]);
        return rows.length === 0;
      });
      expect((await stateOf(task.id)).state).toBe('approved');
    });

    it('goes back to the agent that did it, with what was said, and comes again', async () => {
      const heard = offers();
      const task = await handIn((await newTask()).id);
      heard.length = 0;
      const remarks = [{ path: 'manual.txt', line: 3, text: 'Which lamp?' }];
      await review(person, task, 'changes_requested', { comment: 'Nearly', remarks });
      const offer = await eventually(() => heard[0]);
      expect(offer.task).toMatchObject({ state: 'changes_requested', review: { comment: 'Nearly', remarks } });

      const { token: otherToken } = await owner.bringAgent(room.id);
      const other = await connect(server.url, '/agents', otherToken);
      expect(codeOf(await command(other, 'claim_task', { roomId: room.id, taskId: task.id }))).toBe('task_not_open');
      other.close();

      const again = await handIn(task.id);
      expect(again).toMatchObject({ state: 'in_review', review: null });
    });

    it('is judged by people, never by an agent, be it the owner’s other one', async () => {
      const task = await handIn((await newTask()).id);
      const { token: otherToken } = await owner.bringAgent(room.id);
      const other = await connect(server.url, '/agents', otherToken);
      expect(codeOf(await review(agent, task, 'approved'))).toBe('forbidden');
      expect(codeOf(await review(other, task, 'approved'))).toBe('forbidden');
      other.close();
    });

    it('takes no other way: what is open cannot be approved, what is finished cannot be changed', async () => {
      const open = await newTask();
      expect(codeOf(await review(person, { ...open, submittedSha: 'a'.repeat(40) }, 'approved'))).toBe('task_not_open');
      await accepted(person, 'cancel_task', { roomId: room.id, taskId: open.id });
      const change = { roomId: room.id, taskId: open.id, priority: 'high' } as const;
      expect(codeOf(await command(person, 'update_task', change))).toBe('task_not_open');
    });
  });

  describe('that waits for another', () => {
    it('is not claimed before that is done, and is offered then', async () => {
      const heard = offers();
      const first = await newTask({});
      const second = await newTask({ agentId, dependsOn: [first.id] });
      expect(codeOf(await command(agent, 'claim_task', { roomId: room.id, taskId: second.id }))).toBe('task_blocked');
      expect(heard).toEqual([]);
      const head = (await handIn(first.id)).branch ?? '';
      const pull = await accepted(agent, 'open_pull_request', {
        roomId: room.id,
        title: 'First',
        head,
        taskId: first.id,
      });
      await owner.request('POST', `/api/rooms/${room.id}/pulls/${pull.number}/merge`, { headSha: pull.headSha });
      const offer = await eventually(() => heard[0]);
      expect(offer.taskId).toBe(second.id);
      await claim(second.id);
    });

    it('is not offered to an agent that comes while it waits', async () => {
      const first = await newTask({});
      const second = await newTask({ agentId, dependsOn: [first.id] });
      const third = await newTask();
      agent.close();
      agent = await connect(server.url, '/agents', token);
      const heard = offers();
      await eventually(() => heard.length > 0);
      expect(heard.map(({ taskId }) => taskId)).toEqual([third.id]);
      await accepted(person, 'update_task', { roomId: room.id, taskId: second.id, dependsOn: [] });
      await eventually(() => heard.some(({ taskId }) => taskId === second.id));
    });

    it('never waits for itself, whoever asks at the same time', async () => {
      const pairs = await Promise.all(Array.from({ length: 10 }, () => Promise.all([newTask({}), newTask({})])));
      const others = await Promise.all([owner.connect(), owner.connect()]);
      const link = (task: Task, other: Task, socket = person) =>
        command(socket, 'update_task', { roomId: room.id, taskId: task.id, dependsOn: [other.id] });
      const replies = await Promise.all(
        pairs.map(([one, two]) => Promise.all([link(one, two, others[0]), link(two, one, others[1])])),
      );
      others.forEach((socket) => socket.close());
      for (const pair of replies) {
        expect(pair.map(codeOf).sort()).toEqual(['invalid_input', 'ok']);
      }
      const [one] = pairs[0]!;
      const self = await link(one, one);
      expect(self).toMatchObject({ ok: false, error: { errors: [{ path: 'dependsOn' }] } });
    });

    it('waits only for what is in its room', async () => {
      const elsewhere = await owner.createRoom();
      const foreign = await accepted(person, 'create_task', { roomId: elsewhere.id, description: 'Elsewhere' });
      for (const relation of [{ dependsOn: [foreign.id] }, { parentId: foreign.id }]) {
        const reply = await command(person, 'create_task', { roomId: room.id, description: 'Here', ...relation });
        expect(codeOf(reply)).toBe('not_found');
      }
    });
  });

  describe('that is changed', () => {
    it('says so to everybody, and only what was named changes', async () => {
      const task = await newTask();
      const deadline = '2030-01-01T12:00:00.000Z';
      const changed = await accepted(person, 'update_task', {
        roomId: room.id,
        taskId: task.id,
        priority: 'high',
        deadline,
      });
      expect(changed).toMatchObject({ ...task, priority: 'high', deadline, updatedAt: expect.any(String) as string });
    });

    it('keeps its words and its agent while somebody works on it', async () => {
      const { taskId } = await claim((await newTask()).id);
      for (const change of [{ title: 'Another' }, { agentId: null }]) {
        expect(codeOf(await command(person, 'update_task', { roomId: room.id, taskId, ...change }))).toBe(
          'task_not_open',
        );
      }
      await accepted(person, 'update_task', { roomId: room.id, taskId, priority: 'low' });
    });
  });
});
