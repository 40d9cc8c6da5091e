import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ActivityPage, Approval, RoomState, Task, TaskDetail } from '@clawtank/contracts';
import { accepted } from '../support/people.js';
import type { Step } from '../support/scripted-model/protocol.js';
import type { ModelTurn } from '../support/scripted-model/scripted-model.js';
import { hasSubmitted, playOnStage, type Stage, taskIn, TEST_MS } from './stage.js';

/** How long OpenClaw waits for one request; it is half an hour for what its own tools ask for. */
const EXPIRES_MS = 10_000;

interface Pending {
  readonly approvals: readonly { readonly id: string }[];
}

describe('an OpenClaw agent that may run nothing without leave', () => {
  let stage: Stage;
  playOnStage(async (set) => {
    stage = set;
    await stage.startGateway({}, { tools: { exec: { mode: 'ask' } } });
  });

  /** A model that makes a file by a command, hands in what it made, and gives up where it may not. `told` is what it knows of its task. */
  function makesFile(name: string, told: ReturnType<typeof taskIn> = {}): void {
    let task = told;
    let isAsked = false;
    stage.model.script = (turn: ModelTurn): Step => {
      task = { ...task, ...taskIn(turn) };
      const { folder = '', taskId } = task;
      if (!isAsked && !turn.prompt.includes(name) && told.folder === undefined) {
        return { say: 'That is all.' }; // the end of the turn before, of which the room has what it asked for already
      }
      if (!isAsked) {
        isAsked = true;
        return { call: 'exec', with: { command: `touch ${join(folder, name)}` } };
      }
      if (turn.results.some((result) => /approval/i.test(result) && !hasSubmitted(turn)) && !isOver(turn)) {
        return { say: 'I wait for leave.' };
      }
      if (hasSubmitted(turn) || turn.results.some((result) => result.includes('"failed":true'))) {
        return { say: 'That is all.' };
      }
      return existsSync(join(folder, name))
        ? { call: 'submit_work', with: { taskId, summary: 'Made the file.' } }
        : { call: 'fail_task', with: { taskId, reason: 'I was not allowed to.' } };
    };
  }
  const isOver = ({ prompt }: ModelTurn): boolean => /exec (finished|denied)|approved async|denied/i.test(prompt);

  const state = (): Promise<RoomState> => stage.owner.request('GET', `/api/rooms/${stage.reef.id}/state`);

  async function asksFor(name: string): Promise<{ readonly task: Task; readonly approval: Approval }> {
    makesFile(name);
    const task = await stage.taskOf(await stage.say(`@${stage.agent.name} please add the file ${name}`));
    const approval = await stage.happens(async () =>
      (await state()).approvals.find(({ taskId, state: now }) => taskId === task.id && now === 'pending'),
    );
    return { task, approval };
  }

  async function decide({ id }: Approval, decision: 'approved' | 'rejected'): Promise<void> {
    const socket = await stage.owner.connect();
    await accepted(socket, 'decide_approval', { roomId: stage.reef.id, id, decision });
    socket.close();
  }

  it(
    'asks its owner in the room, and goes on with leave',
    async () => {
      const { task, approval } = await asksFor('allowed.txt');
      expect(approval).toMatchObject({
        kind: 'execute',
        title: expect.stringContaining('Run touch') as string,
        detail: expect.stringContaining('allowed.txt') as string,
      });
      await decide(approval, 'approved');
      const { branch } = await stage.reaches(task, 'in_review');
      expect(await stage.git('ls-tree', '--name-only', branch ?? '', 'allowed.txt')).toBe('allowed.txt');
    },
    TEST_MS,
  );

  it(
    'does not do what its owner rejects',
    async () => {
      const { task, approval } = await asksFor('rejected.txt');
      await decide(approval, 'rejected');
      expect((await stage.reaches(task, 'failed')).failure).toBe('I was not allowed to.');
    },
    TEST_MS,
  );

  it(
    'hears what was decided while it was cut off',
    async () => {
      const { task, approval } = await asksFor('later.txt');
      await stage.server.kill();
      await stage.server.restart();
      await stage.signIn();
      await decide(approval, 'approved');
      const { branch } = await stage.reaches(task, 'in_review');
      expect(await stage.git('ls-tree', '--name-only', branch ?? '', 'later.txt')).toBe('later.txt');
    },
    TEST_MS,
  );

  /** What became of all that was asked for a task, oldest first. */
  const statesOf = async ({ id }: Task): Promise<Approval['state'][]> => {
    const path = `/api/rooms/${stage.reef.id}/tasks/${id}`;
    const { approvals } = await stage.owner.request<TaskDetail>('GET', path);
    return approvals.map(({ state: now }) => now);
  };

  /** By the agent's word: what is asked for a task that has ended looks the same. */
  const wasWithdrawn = async ({ id }: Approval): Promise<boolean> => {
    const path = `/api/rooms/${stage.reef.id}/activity?limit=100`;
    const { activity } = await stage.owner.request<ActivityPage>('GET', path);
    return activity.some(
      ({ type, data }) => type === 'approval.decided' && data.approval.id === id && data.approval.state === 'withdrawn',
    );
  };

  it(
    'goes on when its owner decides at the gateway, takes back what it asked in the room, and heeds nothing that is decided after that',
    async () => {
      const { task, approval } = await asksFor('elsewhere.txt');
      const { approvals } = JSON.parse(await stage.gateway.command('approvals', 'pending', '--json')) as Pending;
      expect(approvals).toHaveLength(1);
      await stage.gateway.command('approvals', 'resolve', approvals[0]?.id ?? '', 'deny');
      await stage.happens(() => wasWithdrawn(approval));
      expect((await stage.reaches(task, 'failed')).failure).toBe('I was not allowed to.');
      await expect(decide(approval, 'approved')).rejects.toThrow();
      expect(await stage.branches()).toHaveLength(2);
    },
    TEST_MS,
  );

  it(
    'takes back in the room what OpenClaw waits for no longer because nobody decided in time',
    async () => {
      const { task, approval } = await asksFor('in-time.txt');
      const sessionKey = `agent:main:clawtank:channel:task:${stage.reef.id}:${task.id}`;
      const request = { command: 'touch too-late.txt', agentId: 'main', sessionKey, timeoutMs: EXPIRES_MS };
      const expired = stage.gateway.command(
        ...['gateway', 'call', 'exec.approval.request', '--timeout', '60000', '--params', JSON.stringify(request)],
      );
      await stage.happens(async () => (await statesOf(task)).join() === 'pending,pending');
      await expired;
      await stage.happens(async () => (await statesOf(task)).join() === 'pending,withdrawn');
      await decide(approval, 'rejected');
      await stage.reaches(task, 'failed');
      expect(await statesOf(task)).toEqual(['rejected', 'withdrawn']);
    },
    TEST_MS,
  );

  it(
    'asks anew when its gateway is killed while it waits, and leaves nothing to decide about that nobody waits for',
    async () => {
      const { task } = await asksFor('killed.txt');
      // Of the turn that it takes up again by itself, OpenClaw keeps nearly all tools away.
      const resumed = Promise.withResolvers<void>();
      stage.model.script = ({ tools }) => {
        if (!tools.includes('exec')) {
          resumed.resolve();
        }
        return { say: 'I cannot do that now.' };
      };
      await stage.gateway.kill();
      await stage.gateway.start();
      await resumed.promise;
      makesFile('killed.txt', taskIn(await stage.hears('killed.txt')));
      await stage.happens(async () => (await statesOf(task)).join() === 'withdrawn,pending');
      const anew = (await state()).approvals.find(({ taskId, state: now }) => taskId === task.id && now === 'pending');
      await decide(anew!, 'approved');
      const { branch } = await stage.reaches(task, 'in_review');
      expect(await stage.git('ls-tree', '--name-only', branch ?? '', 'killed.txt')).toBe('killed.txt');
      expect((await stage.said()).filter(({ message }) => message.includes('I cannot do that now'))).toEqual([]);
    },
    TEST_MS,
  );
});
