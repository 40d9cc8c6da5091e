import { randomUUID } from 'node:crypto';
import type { Approval, TaskDetail } from '@clawtank/contracts';
import { runAgent, type RunningAgent } from '@clawtank/agent-sdk';
import type { Socket } from 'socket.io-client';
import { DataSource } from 'typeorm';
import { RoomSnapshot } from '../../apps/api/src/rooms/index.js';
import { startTestServer, type TestServer } from '../support/app.js';
import { accepted, command, connect, eventually, Person, type RoomSocket } from '../support/people.js';

const A_STEP = { kind: 'execute', title: 'Publish it', detail: 'npm publish --access public' } as const;

/** As a network does that fails: without a word. */
function cutOff({ client }: RunningAgent): void {
  const { connection } = client as unknown as { connection: { socket: Socket } };
  connection.socket.io.engine.close();
}

describe('leave for a step', () => {
  let server: TestServer;
  let owner: Person;
  let roomId: string;
  let agentId: string;
  let token: string;
  let person: RoomSocket;
  let agent: RoomSocket;

  beforeAll(async () => (server = await startTestServer()));
  afterAll(() => server.close());
  beforeEach(async () => {
    owner = await Person.register(server.url);
    roomId = (await owner.createRoom()).id;
    ({
      agent: { id: agentId },
      token,
    } = await owner.bringAgent(roomId));
    person = await owner.connect();
    agent = await connect(server.url, '/agents', token);
  });
  afterEach(() => {
    person.close();
    agent.close();
  });

  const newTask = () => accepted(person, 'create_task', { roomId, description: 'Publish the package', agentId });
  const claim = async (taskId: string) => {
    const { lease } = await accepted(agent, 'claim_task', { roomId, taskId });
    return { roomId, taskId, leaseId: lease.leaseId };
  };
  const held = async () => claim((await newTask()).id);
  const ask = async (approvalId = 'step-1') =>
    accepted(agent, 'request_approval', { ...(await held()), approvalId, ...A_STEP });
  const snapshot = () => server.app.get(RoomSnapshot, { strict: false }).read(roomId);
  const entries = async (type: string) => {
    const rows = await server.app
      .get(DataSource)
      .query<{ n: number }[]>(`SELECT count(*)::int AS n FROM room_events WHERE room_id = $1 AND type = $2`, [
        roomId,
        type,
      ]);
    return rows[0]?.n;
  };
  const codeOf = (reply: { ok: boolean; error?: { code: string } }) => reply.error?.code ?? 'ok';

  it('is asked for in the room, says exactly what would be done and by whose authority, and waits there', async () => {
    const approval = await ask();
    expect(approval).toMatchObject({
      ...A_STEP,
      state: 'pending',
      agent: { type: 'agent', id: agentId },
      owner: { type: 'human', id: owner.id, name: owner.name },
      decidedBy: null,
    });
    expect((await snapshot()).approvals).toEqual([approval]);
  });

  it('is told to the agent once it is decided, with the reason, and no longer waits', async () => {
    const asked = await ask();
    const told = new Promise<Approval>((resolve) =>
      agent.once('approval_decided', ({ approval }) => resolve(approval)),
    );
    const decided = await accepted(person, 'decide_approval', {
      roomId,
      id: asked.id,
      decision: 'rejected',
      note: 'Not before the review',
    });
    expect(decided).toMatchObject({ state: 'rejected', note: 'Not before the review', decidedBy: { id: owner.id } });
    expect(await told).toEqual(decided);
    expect((await snapshot()).approvals).toEqual([]);
    const detail = await owner.request<TaskDetail>('GET', `/api/rooms/${roomId}/tasks/${asked.taskId}`);
    expect(detail.approvals).toEqual([decided]);
  });

  it('is asked for once, however often and at once the agent asks', async () => {
    const lease = await held();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        accepted(agent, 'request_approval', { ...lease, approvalId: 'step-1', ...A_STEP, commandId: randomUUID() }),
      ),
    );
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(await entries('approval.requested')).toBe(1);
  });

  it('is decided once: of many who decide at once the first decides, and nobody hears two answers', async () => {
    const asked = await ask();
    const others = await Promise.all(Array.from({ length: 5 }, () => owner.connect()));
    const replies = await Promise.all(
      others.flatMap((socket) =>
        (['approved', 'rejected'] as const).map((decision) =>
          command(socket, 'decide_approval', { roomId, id: asked.id, decision, commandId: randomUUID() }),
        ),
      ),
    );
    others.forEach((socket) => socket.close());
    const states = new Set(replies.flatMap((reply) => (reply.ok ? [reply.data.state] : [])));
    expect(states.size).toBe(1);
    expect(replies.map(codeOf).sort()).toEqual([
      ...Array<string>(5).fill('already_decided'),
      ...Array<string>(5).fill('ok'),
    ]);
    expect(await entries('approval.decided')).toBe(1);
  });

  it('is withdrawn by the agent that needs it no more, and decided by nobody then', async () => {
    const lease = await held();
    const asked = await accepted(agent, 'request_approval', { ...lease, approvalId: 'step-1', ...A_STEP });
    const withdrawn = await accepted(agent, 'withdraw_approval', { ...lease, approvalId: 'step-1' });
    expect(withdrawn).toMatchObject({ id: asked.id, state: 'withdrawn', decidedBy: null });
    expect((await snapshot()).approvals).toEqual([]);
    const detail = await owner.request<TaskDetail>('GET', `/api/rooms/${roomId}/tasks/${asked.taskId}`);
    expect(detail.approvals).toEqual([withdrawn]);
    const decision = { roomId, id: asked.id, decision: 'approved' } as const;
    expect(codeOf(await command(person, 'decide_approval', decision))).toBe('already_decided');
    expect(await accepted(agent, 'withdraw_approval', { ...lease, approvalId: 'step-1' })).toEqual(withdrawn);
    expect(await entries('approval.decided')).toBe(1);
    expect(codeOf(await command(agent, 'withdraw_approval', { ...lease, approvalId: 'step-2' }))).toBe('not_found');
  });

  it('stays as it was decided when it is withdrawn after that', async () => {
    const lease = await held();
    const asked = await accepted(agent, 'request_approval', { ...lease, approvalId: 'step-1', ...A_STEP });
    const decided = await accepted(person, 'decide_approval', { roomId, id: asked.id, decision: 'approved' });
    expect(await accepted(agent, 'withdraw_approval', { ...lease, approvalId: 'step-1' })).toEqual(decided);
    expect(await entries('approval.decided')).toBe(1);
  });

  it('is decided or withdrawn, never both, however closely one follows the other', async () => {
    for (let round = 1; round <= 10; round++) {
      const lease = await held();
      const asked = await accepted(agent, 'request_approval', { ...lease, approvalId: 'step-1', ...A_STEP });
      const [withdrawn, decided] = await Promise.all([
        accepted(agent, 'withdraw_approval', { ...lease, approvalId: 'step-1' }),
        command(person, 'decide_approval', { roomId, id: asked.id, decision: 'approved' }),
      ]);
      expect([withdrawn.state, codeOf(decided)]).toEqual(
        decided.ok ? ['approved', 'ok'] : ['withdrawn', 'already_decided'],
      );
      expect(await entries('approval.decided')).toBe(round);
      await accepted(agent, 'release_task', lease);
    }
  });

  it('is given by the agent’s owner alone, not by the host nor by another member', async () => {
    const [host, member] = [await Person.register(server.url), await Person.register(server.url)];
    await owner.invite(roomId, host);
    await owner.invite(roomId, member);
    await owner.request('POST', `/api/rooms/${roomId}/transfer`, { userId: host.id });
    const asked = await ask();
    for (const other of [host, member]) {
      const socket = await other.connect();
      const reply = await command(socket, 'decide_approval', { roomId, id: asked.id, decision: 'approved' });
      expect(codeOf(reply)).toBe('forbidden');
      socket.close();
    }
    expect(codeOf(await command(agent, 'decide_approval', { roomId, id: asked.id, decision: 'approved' }))).toBe(
      'forbidden',
    );
  });

  it('need not be decided once the agent no longer holds the task, and is asked for anew under a new lease', async () => {
    const lease = await held();
    const asked = await accepted(agent, 'request_approval', { ...lease, approvalId: 'step-1', ...A_STEP });
    await accepted(agent, 'release_task', { ...lease, reason: 'later' });
    expect((await snapshot()).approvals).toEqual([]);
    expect(codeOf(await command(person, 'decide_approval', { roomId, id: asked.id, decision: 'approved' }))).toBe(
      'lease_lost',
    );
    const again = await accepted(agent, 'request_approval', {
      ...(await claim(lease.taskId)),
      approvalId: 'step-1',
      ...A_STEP,
    });
    expect(again).toMatchObject({ state: 'pending' });
    expect(again.id).not.toBe(asked.id);
  });

  it('is not asked for without end', async () => {
    const lease = await held();
    for (let step = 0; step < 20; step++) {
      await accepted(agent, 'request_approval', { ...lease, approvalId: `step-${step}`, ...A_STEP });
    }
    expect(codeOf(await command(agent, 'request_approval', { ...lease, approvalId: 'one-more', ...A_STEP }))).toBe(
      'agent_busy',
    );
  });

  it('is nobody else’s business: strangers who watch a public room learn nothing of it', async () => {
    await owner.request('PUT', `/api/rooms/${roomId}`, { visibility: 'public' });
    await ask();
    const rows = await server.app
      .get(DataSource)
      .query<unknown[]>(
        `SELECT 1 FROM room_events WHERE room_id = $1 AND type LIKE 'approval.%' AND public_seq IS NOT NULL`,
        [roomId],
      );
    expect(rows).toEqual([]);
  });

  describe('with the SDK', () => {
    let running: RunningAgent;
    let noLonger: AbortController;
    const answers: Approval[] = [];
    beforeEach(() => {
      answers.length = 0;
      noLonger = new AbortController();
      agent.close();
      running = runAgent(
        {
          async onTaskAssignment(session) {
            answers.push(await session.requestApproval({ approvalId: 'step-1', ...A_STEP }, noLonger.signal));
            await session.release('shown');
          },
        },
        { url: server.url, token, stopOn: [], report: () => undefined },
      );
    });
    afterEach(() => running.stop(0));

    const waiting = () => eventually(async () => (await snapshot()).approvals[0]);

    it('comes through', async () => {
      await running.client.ready();
      await newTask();
      const { id } = await waiting();
      await accepted(person, 'decide_approval', { roomId, id, decision: 'approved' });
      await eventually(() => answers.length > 0);
      expect(answers[0]).toMatchObject({ id, state: 'approved' });
    });

    it('comes through if it was given while the agent was cut off', async () => {
      await running.client.ready();
      await newTask();
      const { id } = await waiting();
      const back = new Promise((resolve) => running.client.once('connected', resolve));
      const gone = new Promise<void>((resolve) => running.client.once('disconnected', () => resolve()));
      cutOff(running);
      await gone;
      await accepted(person, 'decide_approval', { roomId, id, decision: 'approved' });
      await back;
      await eventually(() => answers.length > 0);
      expect(answers[0]).toMatchObject({ id, state: 'approved' });
      expect(await entries('approval.requested')).toBe(1);
    });

    it.each(['before it is asked for', 'while it waits', 'while the agent is cut off'])(
      'is withdrawn when the agent says %s that it needs it no more',
      async (when) => {
        await running.client.ready();
        if (when === 'before it is asked for') {
          noLonger.abort();
        }
        await newTask();
        if (when !== 'before it is asked for') {
          await waiting();
        }
        if (when === 'while the agent is cut off') {
          const gone = new Promise<void>((resolve) => running.client.once('disconnected', () => resolve()));
          cutOff(running);
          await gone;
        }
        noLonger.abort();
        await eventually(() => answers.length > 0);
        expect(answers[0]).toMatchObject({ state: 'withdrawn' });
        expect((await snapshot()).approvals).toEqual([]);
      },
    );

    it('is no longer waited for when the task is called off', async () => {
      await running.client.ready();
      const task = await newTask();
      await waiting();
      await accepted(person, 'cancel_task', { roomId, taskId: task.id });
      await eventually(async () => (await snapshot()).approvals.length === 0);
      expect(answers).toEqual([]);
    });
  });
});
