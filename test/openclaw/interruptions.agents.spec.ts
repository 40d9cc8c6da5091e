import type { ChatMessage, Task } from '@clawtank/contracts';
import { readFile, watch } from 'node:fs/promises';
import { join } from 'node:path';
import type { Step } from '../support/scripted-model/protocol.js';
import type { ModelTurn } from '../support/scripted-model/scripted-model.js';
import { doTask, hasSubmitted, playOnStage, type Stage, TEST_MS } from './stage.js';

const NO_TASK = { say: 'I have nothing to say to that.' };
const isOfTask = ({ prompt }: ModelTurn): boolean => prompt.includes('git worktree made for it alone');
const hasWritten = (turn: ModelTurn): boolean => isOfTask(turn) && turn.results.length > 0;

describe('an OpenClaw agent that is interrupted in the middle of a task', () => {
  let stage: Stage;
  playOnStage(async (set) => void (stage = set));
  /** A gateway that was killed is not started again and again: each test has one of its own. */
  beforeEach(() => stage.startGateway(), TEST_MS);

  /** Does its task, but thinks about it for as long as this takes where `when` is true for the first time. */
  function pausing(when: (turn: ModelTurn) => boolean): { readonly reached: Promise<void>; goOn(): void } {
    const reached = Promise.withResolvers<void>();
    const going = Promise.withResolvers<void>();
    stage.model.script = async (turn): Promise<Step> => {
      if (when(turn)) {
        reached.resolve();
        await going.promise;
      }
      return isOfTask(turn) ? doTask(turn) : NO_TASK;
    };
    return { reached: reached.promise, goOn: going.resolve };
  }

  async function asked(): Promise<{ readonly message: ChatMessage; readonly task: Task; readonly before: string[] }> {
    const before = (await stage.said()).map(({ id }) => id);
    const message = await stage.say(`@${stage.agent.name} please add a file that says hello`);
    return { message, task: await stage.taskOf(message), before };
  }

  /** That the work is there once: one branch with one commit, one proposal, one submission, and one message about it. */
  async function expectHandedInOnce({ task, before }: Awaited<ReturnType<typeof asked>>): Promise<void> {
    const { branch, submittedSha } = await stage.reaches(task, 'in_review');
    // Whatever was still on its way has come once the agent has answered what was said after it.
    await stage.answer(await stage.say(`@${stage.agent.name} hello there`));

    expect(await stage.submissionsOf(task)).toEqual([submittedSha]);
    expect((await stage.branches()).filter((name) => name.startsWith(`clawtank/${task.number}-`))).toEqual([branch]);
    expect(await stage.git('rev-parse', branch ?? '')).toBe(submittedSha);
    expect(await stage.git('rev-list', '--count', `${stage.reef.repository?.defaultBranch}..${branch}`)).toBe('1');
    expect((await stage.pullRequests()).filter(({ head }) => head === branch)).toHaveLength(1);
    const said = (await stage.said()).filter(({ id }) => !before.includes(id)).map(({ message }) => message);
    expect(said).toEqual([expect.stringContaining(`Task ${task.number} is ready for review`), NO_TASK.say]);
  }

  it.each([
    ['while it works', hasWritten],
    ['after it handed it in, before its turn has ended', (turn: ModelTurn) => isOfTask(turn) && hasSubmitted(turn)],
  ])(
    'hands it in once when the gateway is killed %s',
    async (_, when) => {
      const { reached, goOn } = pausing(when);
      const request = await asked();
      await reached;
      await stage.gateway.kill();
      stage.model.script = (turn) => (isOfTask(turn) ? doTask(turn) : NO_TASK);
      goOn();
      await stage.gateway.start();
      await expectHandedInOnce(request);
    },
    TEST_MS,
  );

  it(
    'hands it in once when the gateway is killed while it hands it in',
    async () => {
      pausing(() => false);
      const request = await asked();
      await committed(request.task);
      await stage.gateway.kill();
      await stage.gateway.start();
      await expectHandedInOnce(request);
    },
    TEST_MS,
  );

  it(
    'hands it in once when the gateway is killed twice before anything was changed',
    async () => {
      const hasBegun = (turn: ModelTurn): boolean => isOfTask(turn) && turn.tools.includes('submit_work');
      let { reached, goOn } = pausing(hasBegun);
      const request = await asked();
      await reached;
      await stage.gateway.kill();
      goOn();
      ({ reached, goOn } = pausing(hasBegun));
      await stage.gateway.start();
      await reached;
      await stage.gateway.kill();
      goOn();
      stage.model.script = (turn) => (isOfTask(turn) ? doTask(turn) : NO_TASK);
      await stage.gateway.start();
      await expectHandedInOnce(request);
    },
    TEST_MS,
  );

  it(
    'hands it in once when the server is killed while it works, and comes back',
    async () => {
      const { reached, goOn } = pausing(hasWritten);
      const request = await asked();
      await reached;
      await stage.server.kill();
      await stage.happens(() => stage.gateway.output.includes('[clawtank] disconnected'));
      goOn(); // it hands in while nobody is there to take it
      await stage.server.restart();
      await expectHandedInOnce(request);
    },
    TEST_MS,
  );

  it(
    'answers once what is asked as a task when the gateway is killed while it thinks',
    async () => {
      const { until } = stage.thinking();
      const message = await stage.say(`@${stage.agent.name} how many fish are in the reef?`);
      await stage.hears('how many fish');
      await stage.gateway.kill();
      stage.answering('Forty-two fish.');
      until('Forty-two fish.');
      await stage.gateway.start();
      expect(await stage.answer(message)).toEqual(['Forty-two fish.']);
      await stage.reaches(await stage.taskOf(message), 'failed');
    },
    TEST_MS,
  );

  /** Waits until the work on a task is committed on the agent's machine, and nothing of it is known elsewhere yet. */
  async function committed({ id }: Task): Promise<void> {
    const folder = join(stage.gateway.folder, 'state', 'clawtank', 'default');
    for await (const change of watch(folder)) {
      void change;
      const text = await readFile(join(folder, 'tasks.json'), 'utf8').catch(() => '{}');
      const { start, base } = (JSON.parse(text) as Record<string, { start?: string; base?: string }>)[id] ?? {};
      if (start !== undefined && start !== base) {
        return;
      }
    }
  }
});
