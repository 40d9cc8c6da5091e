import type { Review } from '@clawtank/contracts';
import { pause, SceneMissed, type Stage } from '../server/stage.js';
import type { Scene } from './scene.js';

/** Longer than a late answer takes, and far from what makes a client give up a connection. */
const LATE_ANSWER_MS = 2000;
/** After this long what was sent has arrived. */
const ARRIVED_MS = 500;
const AWAY_MS = 3000;
const BACK_MS = 25_000;
/** How long an agent has to take up what it was given when it is free. */
const TAKE_UP_MS = 30_000;
const QUIET_MS = 2500;
const MANY = 4;

/** One task that is told twice, beside one that is somebody else's. */
export const firstWork: Scene = {
  name: 'first work',
  async play(stage) {
    await stage.needsAgent();
    await stage.giveTask('not yours', { toAgent: false });
    stage.proxy.faults.once('push', 'task_assignment', { fate: 'repeat' });
    stage.proxy.faults.once('answer', 'claim_task', { fate: 'hold', forMs: LATE_ANSWER_MS });
    stage.recorder.deed('repeatedPush', { push: 'task_assignment' });
    stage.recorder.deed('heldAnswer', { command: 'claim_task', forMs: LATE_ANSWER_MS });
    const task = await stage.giveTask('hello');
    await stage.isClaimed(task);
    await stage.inspectWork(task);
    await stage.settle();
  },
};

/** The work of a task is looked at, and its agent is asked to change something. */
export const changes: Scene = {
  name: 'asked for changes',
  async play(stage) {
    await stage.needsAgent();
    const task = await stage.giveTask('draft');
    const submission = await stage.inspectWork(task);
    if (submission?.name !== 'submit_work') {
      throw new SceneMissed('The agent handed nothing in');
    }
    const sha = String(submission.request['commit']);
    const verdict: Review['verdict'] = 'changes_requested';
    const comment = `Please add a second line to ${task.file} that says: and more`;
    const position = stage.recorder.position;
    stage.recorder.deed('askedForChanges', { taskId: task.id });
    await stage.owner.command('review_task', { roomId: stage.room.id, taskId: task.id, verdict, sha, comment });
    await stage.isClaimed(task, TAKE_UP_MS, position);
    await stage.inspectWork(task, undefined, position);
    await stage.settle();
  },
};

/** The line is cut while the agent is at work, and for a while there is no other. Meanwhile people talk. */
export const cutInTheMiddle: Scene = {
  name: 'cut in the middle',
  async play(stage) {
    await stage.needsAgent();
    const task = await stage.holdWork('after the cut');
    await pause(ARRIVED_MS);
    const position = stage.recorder.position;
    const away = stage.cutFor(AWAY_MS);
    await say(stage, 'This was said while the agent was away.');
    await away;
    await stage.isRegistered(BACK_MS, position);
    stage.letWorkGoOn(task);
    await stage.inspectWork(task);
    await stage.settle();
  },
};

/** The work is handed in, but the answer is lost with the line. */
export const noAnswer: Scene = {
  name: 'no answer',
  async play(stage) {
    await stage.needsAgent();
    const swallowed = stage.proxy.faults.once('answer', 'submit_work', { fate: 'swallow' });
    const task = await stage.giveTask('handed in twice');
    await stage.isClaimed(task);
    const conclusion = await stage.inspectWork(task);
    swallowed.cancel();
    if (conclusion?.name !== 'submit_work') {
      throw new SceneMissed('The agent handed nothing in');
    }
    const { commandId } = conclusion.request;
    stage.recorder.deed('swallowedAnswer', {
      command: 'submit_work',
      commandId: typeof commandId === 'string' ? commandId : null,
    });
    const position = stage.recorder.position;
    stage.cut();
    await stage.isRegistered(BACK_MS, position);
    await stage.recorder.until('answered', ({ name }) => name === 'submit_work', 5000, position);
    await stage.settle();
  },
};

/** A task is called off while the agent is at work, and the agent is told. */
export const lostLease: Scene = {
  name: 'lost lease',
  async play(stage) {
    await stage.needsAgent();
    const task = await stage.holdWork('called off');
    const position = stage.recorder.position;
    stage.recorder.deed('tookTaskAway', { taskId: task.id, how: 'told' });
    await stage.owner.command('cancel_task', { roomId: stage.room.id, taskId: task.id });
    await stage.recorder.until('pushed', ({ name }) => name === 'lease_lost', 5000, position);
    await pause(500);
    stage.letWorkGoOn(task);
    await stage.watch(QUIET_MS);
  },
};

/** A task is called off, and the word of it gets lost: the agent hears of it by its own next command. */
export const lostInSilence: Scene = {
  name: 'lost in silence',
  async play(stage) {
    await stage.needsAgent();
    const task = await stage.holdWork('called off in silence');
    stage.proxy.faults.once('push', 'lease_lost', { fate: 'swallow' });
    const silence = stage.proxy.faults.once('push', 'activity_update', { fate: 'swallow' }, (data) =>
      JSON.stringify(data).includes(task.id),
    );
    stage.recorder.deed('tookTaskAway', { taskId: task.id, how: 'silent' });
    await stage.owner.command('cancel_task', { roomId: stage.room.id, taskId: task.id });
    await silence.happened;
    stage.letWorkGoOn(task);
    await stage.recorder.until(
      'answered',
      ({ request, reply }) => request['taskId'] === task.id && !reply.ok,
      WATCH_FOR_REFUSAL_MS,
      stage.recorder.position,
    );
    await stage.watch(QUIET_MS);
  },
};
const WATCH_FOR_REFUSAL_MS = 10_000;

/** More tasks at once than an agent may hold. */
export const manyTasks: Scene = {
  name: 'many tasks',
  async play(stage) {
    await stage.needsAgent();
    const tasks = await Promise.all(Array.from({ length: MANY }, (_, index) => stage.giveTask(`one of many ${index}`)));
    await Promise.all(tasks.map((task) => stage.conclusion(task, MANY_MS)));
    await stage.settle();
  },
};
const MANY_MS = 45_000;

/** Work that takes so long that the lease has to be renewed. */
export const longWork: Scene = {
  name: 'long work',
  async play(stage) {
    await stage.needsAgent();
    const position = stage.recorder.position;
    const task = await stage.holdWork('long work');
    const claim = await stage.isClaimed(task);
    const lease = leaseMs(claim.reply);
    if (lease > LONGEST_LEASE_MS) {
      stage.letWorkGoOn(task);
      throw new SceneMissed(`Leases last ${lease / 1000} seconds on this server, which is too long to wait for`);
    }
    await stage.recorder.until(
      'answered',
      ({ name, request }) => name === 'lease_renew' && request['taskId'] === task.id,
      lease * 1.1,
      position,
    );
    stage.letWorkGoOn(task);
    await stage.conclusion(task);
    await stage.settle();
  },
};
const LONGEST_LEASE_MS = 90_000;

/** The repository cannot be reached. */
export const noRepository: Scene = {
  name: 'no repository',
  async play(stage) {
    await stage.needsAgent();
    stage.proxy.git.fail();
    try {
      const task = await stage.giveTask('without a repository');
      await stage.isClaimed(task);
      await stage.recorder.until('gitAnswered', ({ status }) => status === 503, 20_000);
      stage.recorder.deed('gitFailed', { taskId: task.id });
      await stage.conclusion(task);
    } finally {
      stage.proxy.git.open();
    }
    await stage.settle();
  },
};

/** The agent's process dies without a word while it is at work, and is started again. */
export const crash: Scene = {
  name: 'crash',
  async play(stage) {
    await stage.needsAgent();
    const task = await stage.holdWork('survives a crash');
    await stage.killAgent();
    stage.letWorkGoOn(task);
    const position = stage.recorder.position;
    await stage.startAgent();
    await stage.isClaimed(task, TAKE_UP_MS, position);
    await stage.inspectWork(task, undefined, position);
    await stage.settle();
  },
};

/** The lease that a claim was answered with, by the server's own clock. */
function leaseMs(reply: unknown): number {
  const { data } = reply as { data: { lease: { expiresAt: string }; assignment: { task: { updatedAt: string } } } };
  return Date.parse(data.lease.expiresAt) - Date.parse(data.assignment.task.updatedAt);
}

async function say(stage: Stage, text: string): Promise<void> {
  await stage.owner.command('chat_message', { roomId: stage.room.id, message: text });
}
