import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { signedCommit } from '@clawtank/agent-sdk';
import type { AgentKey, CommandInput, NewAgent, Room, TaskDetail } from '@clawtank/contracts';
import { anAgentKey, registrationOf, type Signer, signerOf } from '../support/agent-key.js';
import { startTestServer, type TestServer } from '../support/app.js';
import { accepted, connect, Person, type RoomSocket } from '../support/people.js';

const run = promisify(execFile);

describe('work is taken in only as the agent signed it', () => {
  let server: TestServer;
  let owner: Person;
  let room: Room;
  let agent: NewAgent;
  let socket: RoomSocket;
  let signer: Signer;
  let clone: string;
  let branches = 0;

  beforeAll(async () => {
    server = await startTestServer();
    owner = await Person.register(server.url);
    room = await owner.createRoomWithRepository();
    agent = await owner.bringAgent(room.id);
    socket = await connect(server.url, '/agents', agent.token);
    signer = await signerOf(socket);
    clone = mkdtempSync(join(tmpdir(), 'clawtank-signed-work-'));
    const url = new URL(`${server.url}/git/${room.id}.git`);
    url.username = 'git';
    url.password = await owner.gitToken();
    await run('git', ['clone', '--quiet', url.href, clone]);
  });
  afterAll(async () => {
    socket.close();
    rmSync(clone, { recursive: true, force: true });
    await server.close();
  });

  const git = async (...args: string[]) => {
    const { stdout } = await run('git', [
      ...['-C', clone, '-c', 'user.name=Somebody', '-c', 'user.email=somebody@example.com'],
      ...args,
    ]);
    return stdout.trim();
  };
  /** A branch of its own, from the tip of main. */
  async function aBranch(): Promise<string> {
    const branch = `agent/work-${(branches += 1)}`;
    await git('fetch', '--quiet');
    await git('switch', '--quiet', '-C', branch, 'origin/main');
    return branch;
  }
  const change = (): void => writeFileSync(join(clone, `${crypto.randomUUID()}.md`), 'changed\n');
  const commit = (as: Partial<Signer> = {}) => {
    change();
    return signedCommit({ worktree: clone, name: 'crusty', message: 'Change', ...signer, ...as });
  };
  const commitUnsigned = async () => {
    change();
    await git('add', '.');
    await git('commit', '--quiet', '-m', 'Change');
  };
  async function claim() {
    const task = await accepted(await ownerSocket(), 'create_task', { roomId: room.id, description: 'do it' });
    const { lease } = await accepted(socket, 'claim_task', { roomId: room.id, taskId: task.id });
    return { roomId: room.id, taskId: task.id, leaseId: lease.leaseId };
  }
  let connected: Promise<RoomSocket> | undefined;
  const ownerSocket = () => (connected ??= owner.connect());
  afterAll(async () => (await ownerSocket()).close());

  async function submit(
    gitBranch: string,
    more: Partial<CommandInput<'submit_work'>> = {},
    by = socket,
    held?: Awaited<ReturnType<typeof claim>>,
  ) {
    await git('push', '--quiet', '--force', 'origin', gitBranch);
    const work = { ...(held ?? (await claim())), gitBranch, commit: await git('rev-parse', gitBranch), ...more };
    return accepted(by, 'submit_work', work).finally(() => accepted(by, 'release_task', work).catch(() => undefined));
  }

  it('when every commit is its own', async () => {
    const branch = await aBranch();
    await commit();
    await commit();
    expect(await submit(branch)).toMatchObject({ state: 'in_review', branch });
  });

  it('and git was asked to sign with ssh-keygen as well', async () => {
    const branch = await aBranch();
    change();
    await git('add', '.');
    const folder = mkdtempSync(join(tmpdir(), 'clawtank-theirs-'));
    const file = join(folder, 'key');
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file]);
    const signing = ['-c', 'gpg.format=ssh', '-c', `user.signingkey=${file}`];
    await git(...signing, '-c', `user.email=${signer.email}`, 'commit', '--quiet', '-S', '-m', 'Change');
    await expect(submit(branch)).rejects.toMatchObject({ code: 'commit_not_signed' });

    const { agentId } = await accepted(socket, 'agent_register', {});
    writeFileSync(join(folder, 'proof'), `clawtank-key:${agentId}`);
    await run('ssh-keygen', ['-q', '-Y', 'sign', '-f', file, '-n', 'clawtank', join(folder, 'proof')]);
    const { stdout: proof } = await run('cat', [join(folder, 'proof.sig')]);
    const { stdout: publicKey } = await run('cat', [`${file}.pub`]);
    await accepted(socket, 'register_key', { publicKey, proof });
    expect(await submit(branch)).toMatchObject({ state: 'in_review' });
    rmSync(folder, { recursive: true });
  });

  it('not when one commit in the middle is unsigned', async () => {
    const branch = await aBranch();
    await commit();
    await commitUnsigned();
    const sha = await git('rev-parse', 'HEAD');
    await commit();
    await expect(submit(branch)).rejects.toMatchObject({
      code: 'commit_not_signed',
      message: `Commit ${sha.slice(0, 10)} is not signed`,
    });
  });

  it('not when another agent’s key signed it, also when that is an agent of the same owner', async () => {
    const other = await owner.bringAgent(room.id);
    const otherSocket = await connect(server.url, '/agents', other.token);
    const branch = await aBranch();
    await commit({ key: (await signerOf(otherSocket)).key });
    await expect(submit(branch)).rejects.toMatchObject({ code: 'commit_not_signed' });
    otherSocket.close();
  });

  it('not when it says that somebody else wrote it', async () => {
    const branch = await aBranch();
    await commit({ email: 'ada@example.org' });
    await expect(submit(branch)).rejects.toMatchObject({
      code: 'commit_not_signed',
      message: expect.stringContaining('authored by ada@example.org') as string,
    });
  });

  it('not with a key that its owner has revoked since', async () => {
    const key = anAgentKey();
    const { id } = await accepted(socket, 'register_key', registrationOf(key, agent.agent.id));
    const branch = await aBranch();
    await commit({ key });
    await owner.request('DELETE', `/api/agents/${agent.agent.id}/keys/${id}`);
    await expect(submit(branch)).rejects.toMatchObject({
      code: 'commit_not_signed',
      message: expect.stringContaining(key.fingerprint) as string,
    });
    const keys = await owner.request<AgentKey[]>('GET', `/api/agents/${agent.agent.id}/keys`);
    expect(keys.find((one) => one.id === id)?.revokedAt).not.toBeNull();
  });

  it('not when the branch brings nothing', async () => {
    await expect(submit(await aBranch())).rejects.toMatchObject({ code: 'evidence_missing' });
  });

  it('not when a merge of the default branch into it is not signed', async () => {
    const branch = await aBranch();
    await commit();
    await git('commit-tree', 'HEAD^{tree}', '-p', 'HEAD', '-p', 'origin/main', '-m', 'Merge').then((merge) =>
      git('reset', '--quiet', '--hard', merge),
    );
    await expect(submit(branch)).rejects.toMatchObject({ code: 'commit_not_signed' });
  });

  it('not with more commits than anybody would look at', async () => {
    const branch = await aBranch();
    const stream = Array.from({ length: 251 }, (_, number) =>
      [`commit refs/heads/${branch}`, 'committer x <x@example.com> 1700000000 +0000', 'data 1', 'x']
        .concat(number === 0 ? ['from refs/remotes/origin/main^0', ''] : [''])
        .join('\n'),
    ).join('\n');
    const importing = run('git', ['-C', clone, 'fast-import', '--quiet', '--force']);
    importing.child.stdin?.end(stream);
    await importing;
    await expect(submit(branch)).rejects.toMatchObject({
      code: 'evidence_missing',
      message: `${branch} has more than 250 commits of its own`,
    });
  });

  it('with the checks that were run, which the task then shows; not if one of them failed', async () => {
    const branch = await aBranch();
    await commit();
    const passed = { name: 'tests', command: 'npm test', passed: true, summary: '12 passed' };
    const failed = { name: 'lint', command: 'npm run lint', passed: false };
    await expect(submit(branch, { checks: [passed, failed] })).rejects.toMatchObject({
      code: 'checks_failed',
      message: 'The check lint did not pass',
    });
    const { id } = await submit(branch, { checks: [passed] });
    const { checks } = await owner.request<TaskDetail>('GET', `/api/rooms/${room.id}/tasks/${id}`);
    expect(checks).toEqual([passed]);
  });

  it('once, when it is asked again after the branch moved on', async () => {
    const branch = await aBranch();
    await commit();
    const held = await claim();
    const more = { commandId: crypto.randomUUID(), commit: await git('rev-parse', branch) };
    const first = await submit(branch, more, socket, held);
    await commitUnsigned();
    expect(await submit(branch, more, socket, held)).toMatchObject({ id: first.id, state: 'in_review' });
  });
});
