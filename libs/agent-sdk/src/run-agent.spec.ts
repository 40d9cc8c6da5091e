import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { CommandName, DirectMessage } from '@clawtank/contracts';
import { aDirectMessage } from '../../../test/agent-sdk/builders.js';
import { type Asked, ContractServer } from '../../../test/agent-sdk/contract-server.js';
import { once } from '../../../test/agent-sdk/once.js';
import {
  type Agent,
  AgentAtWork,
  AgentStopping,
  CommandRefused,
  LeaseLost,
  runAgent,
  type RunAgentOptions,
  type RunningAgent,
  type TaskSession,
} from './index.js';

const COMMIT = 'a'.repeat(40);
const OTHER_TASK = '00000000-0000-4000-8000-0000000000ff';
const WORK = { branch: 'agent/crusty/task-7', commit: COMMIT, description: 'Done' };

let server: ContractServer;
let running: RunningAgent;
let problems: unknown[];

beforeEach(async () => {
  server = await ContractServer.start();
  problems = [];
});
afterEach(async () => {
  await running.stop(0);
  await server.stop();
});

async function start(agent: Agent, options: Partial<RunAgentOptions> = {}): Promise<void> {
  running = runAgent(agent, {
    url: server.url,
    token: 'cta_test',
    stopOn: [],
    report: (_doing, error) => problems.push(error),
    ...options,
  });
  await running.client.ready();
}

/** Resolves as soon as `name` was asked `times` times. */
async function asked(name: CommandName, times = 1): Promise<Asked[]> {
  while (server.askedFor(name).length < times) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  return server.askedFor(name);
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A handler that hands its session out and ends when it is told to. */
function heldHandler(until?: (session: TaskSession) => Promise<unknown>) {
  const sessions: TaskSession[] = [];
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const agent: Agent = {
    onTaskAssignment: async (session) => {
      sessions.push(session);
      await (until ? until(session) : finished);
    },
  };
  const started = async (count = 1): Promise<TaskSession> => {
    while (sessions.length < count) await new Promise((resolve) => setImmediate(resolve));
    return sessions[count - 1] as TaskSession;
  };
  return { agent, sessions, finish, started };
}

const aborted = (signal: AbortSignal) =>
  new Promise<unknown>((resolve) => {
    if (signal.aborted) resolve(signal.reason);
    signal.addEventListener('abort', () => resolve(signal.reason));
  });

describe('an agent that is given a task', () => {
  it('claims it, reports, opens a pull request, and submits the work under its lease', async () => {
    await start({
      onTaskAssignment: async (task) => {
        await task.progress('Half way', 50);
        await task.openPullRequest({ title: 'Say hello', head: WORK.branch });
        await task.submit(WORK);
      },
    });
    const { taskId, roomId } = server.assign();

    const [submitted] = await asked('submit_work');

    const [progress] = server.askedFor('task_progress');
    expect(progress?.request).toMatchObject({ taskId, roomId, note: 'Half way', percent: 50 });
    expect(server.askedFor('open_pull_request')[0]?.request).toMatchObject({ taskId, roomId, head: WORK.branch });
    expect(submitted?.request).toMatchObject({ taskId, gitBranch: WORK.branch, commit: COMMIT, description: 'Done' });
    expect(submitted?.request.leaseId).toBe(progress?.request.leaseId);
    expect(problems).toEqual([]);
  });

  it('works on it once however often it is told', async () => {
    const { agent, sessions, finish, started } = heldHandler();
    await start(agent, { concurrency: 2 });

    server.assign({}, 3);
    await started();
    finish();
    await asked('release_task');

    expect(sessions).toHaveLength(1);
    expect(server.askedFor('claim_task')).toHaveLength(1);
  });

  it('does one at a time, and the next one after it', async () => {
    const order: number[] = [];
    await start({
      onTaskAssignment: async (task) => {
        order.push(task.assignment.task.number);
        await task.submit(WORK);
        order.push(-task.assignment.task.number);
      },
    });

    server.assign({ number: 1 });
    server.assign({ number: 2 });
    await asked('submit_work', 2);
    await running.stop();

    expect(order).toEqual([1, -1, 2, -2]);
  });

  it('does as many at a time as it is allowed', async () => {
    const { agent, finish, started } = heldHandler();
    await start(agent, { concurrency: 2 });

    server.assign();
    server.assign();
    await started(2);

    finish();
  });

  it('leaves it alone when somebody else was faster', async () => {
    const { agent, sessions } = heldHandler();
    await start(agent);
    server.refuse('claim_task', 'task_not_open');

    server.assign();
    await asked('claim_task');
    await running.stop();

    expect(sessions).toEqual([]);
    expect(problems).toEqual([]);
  });

  it('takes one of its own choice to the same handler, and hears why it cannot', async () => {
    const { agent, sessions, finish, started } = heldHandler();
    await start(agent);
    const { taskId } = server.assign();
    await started();
    await expect(running.claim(server.roomId, OTHER_TASK)).rejects.toThrow(AgentAtWork);
    expect(await running.claim(server.roomId, taskId)).toBe(sessions[0]);
    finish();
    await asked('agent_status', 3); // idle, working, idle again

    server.refuse('claim_task', 'task_not_open');
    await expect(running.claim(server.roomId, OTHER_TASK)).rejects.toMatchObject({ code: 'task_not_open' });
    await delay(0);
    const session = await running.claim(server.roomId, server.assign({}, 0).taskId);
    expect(await started(2)).toBe(session);
    expect(problems).toEqual([]);
  });

  it('fails it with the message of what its handler throws', async () => {
    await start({
      onTaskAssignment: () => {
        throw new Error('No such file');
      },
    });
    server.assign();

    const [failed] = await asked('fail_task');

    expect(failed?.request).toMatchObject({ reason: 'No such file', retryable: false });
    expect(problems).toEqual([new Error('No such file')]);
  });

  it('releases it when its handler ends without a result', async () => {
    await start({ onTaskAssignment: () => undefined });
    server.assign();

    const [released] = await asked('release_task');

    expect(released?.request).toMatchObject({ reason: 'The agent ended its work without a result' });
  });

  it('does not take up at once what it has just given up', async () => {
    await start({ onTaskAssignment: () => undefined });
    const task = server.assign();
    await asked('agent_status', 3); // idle, working, and idle again
    server.push('task_assignment', task);
    await once(running.client, 'task_assignment');

    await running.stop();

    expect(server.askedFor('claim_task')).toHaveLength(1);
  });

  it('may correct a submission that was refused', async () => {
    const refusals: unknown[] = [];
    await start({
      onTaskAssignment: async (task) => {
        await task.submit(WORK).catch((error: unknown) => refusals.push(error));
        await task.submit({ ...WORK, branch: 'pushed-now' });
      },
    });
    server.refuse('submit_work', 'branch_missing');
    server.assign();

    const submitted = await asked('submit_work', 2);

    expect(refusals[0]).toBeInstanceOf(CommandRefused);
    expect(submitted[1]?.request.gitBranch).toBe('pushed-now');
  });

  it('leaves out progress that is overtaken before it could be sent', async () => {
    await start({
      onTaskAssignment: async (task) => {
        void task.progress('one');
        void task.progress('two');
        await task.progress('three');
        await task.submit(WORK);
      },
    });
    server.assign();
    await asked('submit_work');

    expect(server.askedFor('task_progress').map(({ request }) => request.note)).toEqual(['three']);
  });

  it('says that it works, and on what, and that it is idle again', async () => {
    const { agent, finish, started } = heldHandler();
    await start(agent);
    server.assign({ title: 'Say hello' });
    await started();
    finish();

    const statuses = (await asked('agent_status', 3)).map(({ request }) => request);

    expect(statuses).toEqual([{ status: 'idle' }, { status: 'working', currentTask: 'Say hello' }, { status: 'idle' }]);
  });
});

describe('a lease', () => {
  it('is renewed while the work goes on or waits to be handed in, and no longer after that', async () => {
    server.leaseMs = 900;
    server.refuse('submit_work', 'rate_limited', 700);
    await start({
      onTaskAssignment: async (task) => {
        await asked('lease_renew', 2);
        await task.submit(WORK);
        await delay(400); // longer than a third of the lease
      },
    });
    const { taskId } = server.assign();
    await asked('submit_work', 2);
    await running.stop();

    const names = server.asked
      .filter(({ name, request }) => request.taskId === taskId && name !== 'task_receipt')
      .map(({ name }) => name);
    expect(names.slice(0, 4)).toEqual(['claim_task', 'lease_renew', 'lease_renew', 'submit_work']);
    expect(names.slice(4, -1)).toContain('lease_renew');
    expect(names.at(-1)).toBe('submit_work');
  });

  it('that the server takes away stops the handler, which says nothing more', async () => {
    const { agent, finish, started } = heldHandler();
    await start(agent);
    const { taskId, roomId } = server.assign();
    const session = await started();

    const leaseId = server.expireLease(taskId);
    server.push('lease_lost', { taskId, roomId, leaseId, reason: 'The task was cancelled' });

    expect(await aborted(session.signal)).toEqual(new LeaseLost('The task was cancelled'));
    await expect(session.submit(WORK)).rejects.toBeInstanceOf(LeaseLost);
    finish();
    await running.stop();
    expect(server.askedFor('release_task')).toEqual([]);
  });

  it('that is lost may be followed by another: the task is begun anew once its handler has ended', async () => {
    const { agent, started, finish } = heldHandler((session) => aborted(session.signal));
    await start(agent);
    const assignment = server.assign();
    const { taskId, roomId } = assignment;
    await started();

    const leaseId = server.expireLease(taskId);
    server.push('lease_lost', { taskId, roomId, leaseId, reason: 'It ran out' });
    server.push('task_assignment', assignment);

    const anew = await started(2);
    expect(anew.signal.aborted).toBe(false);
    finish();
  });

  it('that ran out unnoticed is noticed by the next renewal', async () => {
    server.leaseMs = 900;
    const { agent, finish, started } = heldHandler();
    await start(agent);
    const { taskId } = server.assign();
    const session = await started();

    server.expireLease(taskId);

    expect(await aborted(session.signal)).toBeInstanceOf(LeaseLost);
    finish();
  });

  it('is confirmed before something that cannot be undone', async () => {
    const { agent, finish, started } = heldHandler();
    await start(agent);
    const { taskId } = server.assign();
    const session = await started();
    await session.confirm();

    server.expireLease(taskId);

    await expect(session.confirm()).rejects.toBeInstanceOf(LeaseLost);
    finish();
  });

  it('of another lease being lost changes nothing', async () => {
    const { agent, finish, started } = heldHandler();
    await start(agent);
    const { taskId, roomId } = server.assign();
    const session = await started();

    server.push('lease_lost', { taskId, roomId, leaseId: taskId, reason: 'An old one' });
    await once(running.client, 'lease_lost');

    expect(session.signal.aborted).toBe(false);
    finish();
  });

  it('is not claimed again when its end is among what the agent has missed in the room', async () => {
    const { agent, finish, started } = heldHandler();
    const { taskId, roomId } = server.holdTask();
    await start(agent);
    const session = await started();
    const room = running.client.room(roomId);

    server.callOff(taskId);
    await expect(session.submit(WORK)).rejects.toThrow(LeaseLost);
    finish();
    server.appendMessage('This shows that something is missing');
    await once(room, 'message');
    await room.say('hello'); // after all that was asked before

    expect(server.askedFor('join_room')).toHaveLength(2);
    expect(server.askedFor('claim_task')).toHaveLength(1);
  });

  it('is claimed again after a lost connection, and the work goes on', async () => {
    const { agent, sessions, finish, started } = heldHandler();
    await start(agent);
    server.assign();
    const session = await started();

    server.kick();
    await asked('claim_task', 2);
    await session.submit(WORK);

    expect(session.signal.aborted).toBe(false);
    expect(sessions).toHaveLength(1);
    finish();
  });

  it('that ran out while the line was down is replaced, and what waits goes out under the new one', async () => {
    const { agent, finish, started } = heldHandler();
    await start(agent);
    const { taskId } = server.assign();
    const session = await started();
    server.kick();
    await once(running.client, 'disconnected');
    const progress = session.progress('Still at it');
    const old = server.expireLease(taskId);

    await progress;
    await session.submit(WORK);

    const leases = server.askedFor('task_progress').map(({ request }) => request.leaseId);
    expect(leases).toHaveLength(2);
    expect(leases[0]).toBe(old);
    expect(leases[1]).toBe(server.askedFor('submit_work')[0]?.request.leaseId);
    expect(session.lease.leaseId).toBe(leases[1]);
    finish();
  });

  it('survives a submission whose answer is lost: the work is handed in once', async () => {
    await start({ onTaskAssignment: async (task) => void (await task.submit(WORK)) });
    server.cutBeforeAnswering('submit_work');
    server.assign();

    const [first, second] = await asked('submit_work', 2);
    await running.stop();

    expect(second?.request).toEqual(first?.request);
    expect(problems).toEqual([]);
  });

  it('held since before the agent was started is taken up again from what the room says', async () => {
    const assignment = server.holdTask();
    const { agent, finish, started } = heldHandler();
    await start(agent);

    const session = await started();

    expect(session.assignment.taskId).toBe(assignment.taskId);
    finish();
  });
});

describe('an agent that is stopped', () => {
  it('lets the work in hand finish', async () => {
    const { agent, sessions, finish, started } = heldHandler();
    await start(agent);
    server.assign();
    const session = await started();

    const stopped = running.stop();
    await session.submit(WORK);
    finish();
    await stopped;
    await running.stopped;

    expect(sessions[0]?.signal.aborted).toBe(false);
    expect(server.askedFor('release_task')).toEqual([]);
  });

  it('releases what does not finish in time, and claims nothing more', async () => {
    const { agent, started } = heldHandler((session) => aborted(session.signal));
    await start(agent);
    server.assign();
    await started();
    server.assign();

    await running.stop(0);

    const [released] = server.askedFor('release_task');
    expect(released?.request).toMatchObject({ reason: new AgentStopping().message });
    expect(server.askedFor('claim_task')).toHaveLength(1);
    expect(problems).toEqual([]);
  });

  it('while it claims a task gives it back', async () => {
    const { agent, sessions } = heldHandler();
    await start(agent);
    server.assign();
    await once(running.client, 'task_assignment');

    await running.stop(0);

    expect(server.askedFor('release_task')).toHaveLength(1);
    expect(sessions).toEqual([]);
  });

  it('by a refusal for good aborts its work and says why it ended', async () => {
    const { agent, finish, started } = heldHandler();
    await start(agent);
    server.assign();
    const session = await started();

    server.closeSession('The agent was revoked');

    await expect(running.stopped).rejects.toMatchObject({ code: 'session_closed' });
    expect(session.signal.reason).toBeInstanceOf(LeaseLost);
    finish();
  });
});

describe('the other half of the protocol', () => {
  it('is told of its rooms and of what others say in them, not of what it says itself', async () => {
    const heard: string[] = [];
    const rooms: string[] = [];
    await start({
      onTaskAssignment: () => undefined,
      onRoomJoin: ({ state }) => void rooms.push(state?.room.name ?? ''),
      onChatMessage: ({ message }) => void heard.push(message),
    });
    const room = running.client.room(server.roomId);
    if (!room.state) await once(room, 'joined');

    server.appendMessage('mine', { by: server.agentId });
    server.appendMessage('yours');
    while (room.state?.seq !== 3) await once(room, 'message');

    expect(rooms).toEqual(['Reef']);
    expect(heard).toEqual(['yours']);
  });

  it('is told of what others say to it alone: once, not of what becomes of it, nor of its own', async () => {
    const heard: string[] = [];
    await start({
      onTaskAssignment: () => undefined,
      onDirectMessage: ({ message }) => void heard.push(message),
    });
    let pushed = 0;
    running.client.room(server.roomId).on('directMessage', () => pushed++);
    const say = (message: Partial<DirectMessage>): void =>
      server.push('direct_message', { message: aDirectMessage({ roomId: server.roomId, ...message }) });

    say({ message: 'mine', userId: server.agentId });
    say({ message: 'yours' });
    say({ message: 'yours, edited', editedAt: '2026-11-01T12:00:01.000Z' });
    say({ message: '', deletedAt: '2026-11-01T12:00:02.000Z' });
    while (pushed < 4) await new Promise((resolve) => setImmediate(resolve));

    expect(heard).toEqual(['yours']);
  });

  it('survives an author’s mistake', async () => {
    await start({
      onTaskAssignment: () => undefined,
      onChatMessage: () => Promise.reject(new Error('a mistake')),
    });
    const room = running.client.room(server.roomId);
    if (!room.state) await once(room, 'joined');

    server.appendMessage('boom');
    await once(room, 'message');
    await room.say('still here');

    expect(problems).toEqual([new Error('a mistake')]);
  });
});

describe('what is addressed to the agent', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'clawtank-inbox-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const idle = (): void => undefined;
  /** An agent that keeps the numbers it was handed, and waits for `until` with each. */
  const listening = (heard: number[], until: (number: number) => unknown = idle): Agent => ({
    onTaskAssignment: idle,
    onAddressed: async ({ number }) => {
      heard.push(number);
      await until(number);
    },
  });
  const acknowledgements = () => server.askedFor('ack_inbox').map(({ request }) => request['upTo']);

  it('is handed over in order, one by one, and acknowledged when it is dealt with', async () => {
    server.address(1, { told: false });
    server.address(2, { told: false });
    const heard: number[] = [];
    const first = Promise.withResolvers<void>();
    await start(listening(heard, (number) => (number === 1 ? first.promise : undefined)));
    await asked('read_inbox');
    await delay(50);
    expect([heard, acknowledgements()]).toEqual([[1], []]);
    first.resolve();
    await asked('ack_inbox', 2);
    server.address(3);
    await asked('ack_inbox', 3);
    expect([heard, acknowledgements()]).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
  });

  it('is acknowledged after a cut, and not handed over again', async () => {
    const heard: number[] = [];
    await start(listening(heard), { journal: folder });
    server.cutBeforeAnswering('ack_inbox');
    server.address(1);
    await asked('agent_register', 2);
    server.address(2);
    await asked('ack_inbox', 2);
    expect(heard).toEqual([1, 2]);
  });

  it('does not come again in the next run once it is in the journal, though the server never heard of it', async () => {
    const heard: number[] = [];
    server.refuse('ack_inbox', 'internal');
    await start(listening(heard), { journal: folder });
    server.address(1);
    await asked('ack_inbox');
    await running.stop(0);
    await start(listening(heard), { journal: folder });
    await asked('ack_inbox', 2);
    server.address(2);
    await asked('ack_inbox', 3);
    expect([heard, acknowledgements()]).toEqual([
      [1, 2],
      [1, 1, 2],
    ]);
  });

  it('comes again in the next run if the agent was stopped in the middle of it', async () => {
    const heard: number[] = [];
    const stuck: Agent = {
      onTaskAssignment: idle,
      onAddressed: ({ number }, _room, signal) => {
        heard.push(number);
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
      },
    };
    await start(stuck, { journal: folder });
    server.address(1);
    await until(() => heard.length === 1);
    await running.stop(0);
    expect(acknowledgements()).toEqual([]);
    await start(listening(heard), { journal: folder });
    await asked('ack_inbox');
    expect(heard).toEqual([1, 1]);
  });

  it('is handed over again to a handler that throws, and given up in the end, so that others get their turn', async () => {
    const heard: number[] = [];
    await start(
      listening(heard, (number) => {
        if (number === 1) {
          throw new Error('I cannot');
        }
      }),
    );
    server.address(1);
    server.address(2);
    await asked('ack_inbox', 2);
    expect(heard).toEqual([1, 1, 1, 2]);
    expect(problems).toHaveLength(3);
  }, 15_000);

  it('is left alone by an agent that does not ask for it', async () => {
    await start({ onTaskAssignment: idle });
    server.address(1);
    await delay(50);
    expect(server.askedFor('read_inbox')).toEqual([]);
  });
});
