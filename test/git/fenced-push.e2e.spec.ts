import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Git } from '@clawtank/agent-sdk';
import type { Lease, NewAgent, Room, Task } from '@clawtank/contracts';
import { startTestServer, type TestServer } from '../support/app.js';
import { accepted, connect, eventually, Person, type RoomSocket } from '../support/people.js';

const run = promisify(execFile);

describe('a push that says under which lease it is made', () => {
  let server: TestServer;
  let owner: Person;
  let room: Room;
  let agent: NewAgent;
  let socket: RoomSocket;
  let folder: string;
  beforeAll(async () => {
    server = await startTestServer({ env: { TASK_LEASE_SECONDS: '2' } });
    owner = await Person.register(server.url);
    room = await owner.createRoomWithRepository();
    agent = await owner.bringAgent(room.id);
    socket = await connect(server.url, '/agents', agent.token);
  });
  afterAll(async () => {
    socket.close();
    await server.close();
  });
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'clawtank-fenced-'));
    await run('git', ['init', '--quiet', folder]);
    await run('git', [...AS, '-C', folder, 'commit', '--quiet', '--allow-empty', '-m', 'Work']);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const AS = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com'];
  const repository = () => new URL(`/git/${room.id}.git`, server.url).href;
  const claim = async (as = socket): Promise<Lease> => {
    const { id: taskId } = await owner
      .connect()
      .then((person) =>
        accepted(person, 'create_task', { roomId: room.id, description: 'Some work' }).finally(() => person.close()),
      );
    return (await accepted(as, 'claim_task', { roomId: room.id, taskId })).lease;
  };
  const release = ({ taskId, leaseId }: Lease) =>
    accepted(socket, 'release_task', { roomId: room.id, taskId, leaseId });
  const push = (branch: string, lease: Pick<Lease, 'taskId' | 'leaseId'>, token = agent.token) =>
    new Git(folder, { server: new URL(server.url), token })
      .under(lease)
      .run(['push', '--quiet', repository(), `HEAD:refs/heads/${branch}`]);
  const branches = async (): Promise<string> => {
    const git = new Git(folder, { server: new URL(server.url), token: agent.token });
    return git.run(['ls-remote', '--heads', repository()]);
  };

  it('is taken in while the lease lives, and keeps it alive', async () => {
    const lease = await claim();
    await push('work/held', lease);
    expect(await branches()).toContain('refs/heads/work/held');
    const renewed = await accepted(socket, 'lease_renew', { roomId: room.id, ...lease });
    expect(Date.parse(renewed.expiresAt)).toBeGreaterThan(Date.parse(lease.expiresAt));
    await release(lease);
  });

  it('is refused, and moves no branch, once the lease has run out', async () => {
    const lease = await claim();
    await eventually(async () => {
      const { task } = await owner.request<{ task: Task }>('GET', `/api/rooms/${room.id}/tasks/${lease.taskId}`);
      return task.lease === null;
    });
    await expect(push('work/late', lease)).rejects.toThrow('409');
    expect(await branches()).not.toContain('work/late');
  });

  it('is refused once the task was given back', async () => {
    const lease = await claim();
    await release(lease);
    await expect(push('work/given-back', lease)).rejects.toThrow('409');
    expect(await branches()).not.toContain('work/given-back');
  });

  it('is refused under the lease of another agent', async () => {
    const lease = await claim();
    const other = await owner.bringAgent(room.id);
    await expect(push('work/others', lease, other.token)).rejects.toThrow('409');
    expect(await branches()).not.toContain('work/others');
    await release(lease);
  });

  it('is refused when it names nothing that could be a lease', async () => {
    await expect(push('work/nonsense', { taskId: 'a', leaseId: 'b' })).rejects.toThrow('400');
    expect(await branches()).not.toContain('work/nonsense');
  });
});
