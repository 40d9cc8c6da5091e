import { join } from 'node:path';
import { AgentKeyStore } from '@clawtank/agent-sdk';
import type { AgentKey, Task } from '@clawtank/contracts';
import { anAgentKey, registrationOf } from '../support/agent-key.js';
import { accepted, connect, eventually, Person } from '../support/people.js';
import { pushBranch } from '../support/push-branch.js';
import { type Bridge, isRunning, Scene, Server } from './scene.js';

const PATIENCE_MS = 15_000;

describe('clawtank-bridge, when what it works by is taken away in the middle of a turn', () => {
  let server: Server;
  let scene: Scene;
  beforeAll(async () => (server = await Server.start()), 120_000);
  afterAll(() => server.stop());
  beforeEach(async () => {
    scene = await Scene.set(server);
    scene.script({ turns: [[{ write: ['one.md', '1\n'] }, { hang: true }]], ignoresTerm: true, hasChild: true });
  });
  afterEach(() => scene.leave());

  const revokeAgent = () => scene.owner.request('DELETE', `/api/agents/${scene.agent.id}`);
  const revokeKeys = async () => {
    const keys = await scene.owner.request<AgentKey[]>('GET', `/api/agents/${scene.agent.id}/keys`);
    for (const { id } of keys) {
      await scene.owner.request('DELETE', `/api/agents/${scene.agent.id}/keys/${id}`);
    }
  };
  const branches = (reader: { token: string }) => scene.gitAs(reader, 'branch', '--list', 'clawtank/*', 'late/*');

  /** The bridge in the middle of a turn, with the processes of its agent. */
  async function atWork(): Promise<{ bridge: Bridge; task: Task; processes: number[] }> {
    const bridge = scene.join();
    const task = await scene.give('Write one.md');
    const { pid } = await scene.notes('prompt');
    const { child } = await scene.notes('child', 2); // the first was the one that is only greeted
    return { bridge, task, processes: [pid, child as number] };
  }

  const areGone = (processes: readonly number[]) =>
    eventually(() => processes.every((pid) => !isRunning(pid)), PATIENCE_MS);

  it('ends its agent, pushes nothing and says why when the agent’s token is revoked', async () => {
    const { bridge, task, processes } = await atWork();
    const witness = await scene.owner.bringAgent(scene.room.id);

    await revokeAgent();

    expect(await bridge.ended).toBe(77);
    await areGone(processes);
    expect(bridge.output).toContain('The server does not let the agent in: This agent was revoked');
    expect(branches(witness)).toBe('');
    expect(await scene.reaches(task, 'open')).toMatchObject({ lease: null, submittedSha: null });
    const again = scene.join();
    expect(await again.ended).toBe(69);
    expect(again.output).toContain('does not know this token');
  });

  it('ends its agent when its key is revoked; what that key signs afterwards counts for nothing', async () => {
    const { bridge, task, processes } = await atWork();
    const revoked = await new AgentKeyStore(join(scene.dataFolder, 'keys')).keyOf(scene.agent.id);

    await revokeKeys();

    expect(await bridge.ended).toBe(77);
    await areGone(processes);
    expect(bridge.output).toContain('The server does not let the agent in: The key of this agent was revoked');
    expect(branches(scene.agent)).toBe('');
    const again = scene.join();
    expect(await again.ended).toBe(77);
    expect(again.output).toMatch(/The server does not let the agent in: .*key/);

    const socket = await connect(server.url, '/agents', scene.agent.token);
    const { agentId, commitEmail } = await accepted(socket, 'agent_register', {});
    await accepted(socket, 'register_key', registrationOf(anAgentKey(), agentId));
    const { lease } = await accepted(socket, 'claim_task', { roomId: scene.room.id, taskId: task.id });
    const signer = { key: revoked, email: commitEmail };
    const commit = await pushBranch(server, scene.room.id, scene.agent.token, 'late/signed', 'late.md', signer);
    const work = { roomId: scene.room.id, taskId: task.id, leaseId: lease.leaseId, gitBranch: 'late/signed', commit };
    await expect(accepted(socket, 'submit_work', work)).rejects.toMatchObject({
      code: 'commit_not_signed',
      message: expect.stringContaining('no active key of this agent') as string,
    });
    socket.close();
  });

  it('ends its agent and pushes nothing when its owner is banned from the room', async () => {
    const host = await Person.register(server.url);
    const room = await host.createRoomWithRepository();
    const witness = await host.bringAgent(room.id);
    await host.invite(room.id, scene.owner);
    await scene.owner.request('POST', `/api/rooms/${room.id}/agents/${scene.agent.id}`);
    const bridge = scene.join();
    await bridge.says(/has a seat in 2 rooms/);
    const socket = await host.connect();
    await accepted(socket, 'join_room', { roomId: room.id });
    const given = { roomId: room.id, description: 'Write one.md', agentId: scene.agent.id };
    const task = await accepted(socket, 'create_task', given);
    const { pid } = await scene.notes('prompt');

    await host.request('POST', `/api/rooms/${room.id}/bans`, { userId: scene.owner.id });

    await bridge.says(/Task 1: stopped, it is no longer mine/);
    await areGone([pid]);
    const now = await eventually(async () => {
      const { task: found } = await host.request<{ task: Task }>('GET', `/api/rooms/${room.id}/tasks/${task.id}`);
      return found.lease === null && found;
    });
    expect(now).toMatchObject({ state: 'open', assignedTo: null, submittedSha: null });
    expect(scene.gitAs({ token: witness.token, roomId: room.id }, 'branch', '--list', 'clawtank/*')).toBe('');
    socket.close();
  });
});
