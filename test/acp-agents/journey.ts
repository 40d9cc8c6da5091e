import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Approval, ChatMessage, Task } from '@clawtank/contracts';
import { type Bridge, Scene, Server } from '../bridge/scene.js';
import { installedPackage } from '../support/npm-package.js';
import { accepted, eventually } from '../support/people.js';
import type { Step } from '../support/scripted-model/protocol.js';
import { ScriptedModel } from '../support/scripted-model/scripted-model.js';
import { endAtOnce, processesAtHome } from './processes.js';
import type { Company, RealAgent } from './real-agent.js';

const SETUP_MS = 900_000;
const PATIENCE_MS = 120_000;
/** How long to look whether something is said that is not to be said. */
const QUIET_MS = 2000;
/** Within this time a cancelled task has to have stopped. */
const CANCEL_MS = 10_000;

/** Variables of an owner that are nobody else's business, and a way to the world that leads nowhere. */
const SECRET = 'sk-warehouse-0123456789abcdef';
const OWN_ENVIRONMENT = {
  WAREHOUSE_API_KEY: SECRET,
  HTTPS_PROXY: 'http://127.0.0.1:9',
  HTTP_PROXY: 'http://127.0.0.1:9',
  NO_PROXY: '127.0.0.1,localhost',
};

/** The story of a task, from a mention to the work handed in and mended, with the real agent of a preset. */
export function describeJourney(agent: RealAgent): void {
  describe(`clawtank-bridge with ${agent.preset}`, () => {
    let server: Server;
    let model: ScriptedModel;
    let scene: Scene;
    let programs: string;
    let company: Company | undefined;
    beforeAll(async () => {
      programs = join(await installedPackage(agent.package, agent.version), 'node_modules', '.bin');
      server = await Server.start();
      model = await ScriptedModel.start();
      company = await agent.begin?.(model);
    }, SETUP_MS);
    afterAll(async () => {
      await company?.stop();
      await model?.stop();
      await server?.stop();
    });
    beforeEach(async () => (scene = await Scene.set(server, PATIENCE_MS)));
    afterEach(() => scene.leave());

    const environment = () => ({
      ...{ CLAWTANK_TOKEN: scene.agent.token, ...OWN_ENVIRONMENT, ...company?.environment },
      ...agent.settle(scene.folder, model),
      PATH: [programs, dirname(process.execPath), process.env['PATH']].join(':'),
    });

    const start = (...args: string[]): Bridge =>
      scene.run(['join', scene.roomUrl, '--data', scene.dataFolder, '--agent', agent.preset, ...args], environment());

    /** Has the model take these steps, and end its turn with some words. */
    const scriptSteps = (words: string, steps: () => (Step | null)[]): void => {
      model.script = ({ prompt, results, tools }) => {
        if (tools.length === 0 || !/<<< (?:REQUEST|REVIEW|QUESTION) by|^You were interrupted/m.test(prompt)) {
          return { say: 'A title' };
        }
        return steps().filter((step) => step !== null)[results.length] ?? { say: words };
      };
    };

    const inWorktree = (path: string): string => join(scene.worktrees()[0] ?? '', path);

    const say = (words: string): Promise<ChatMessage> =>
      accepted(scene.socket, 'chat_message', { roomId: scene.room.id, message: `@${scene.agent.name} ${words}` });

    const mention = async (request: string): Promise<Task> => {
      const { id } = await say(request);
      return scene.follower.until(({ tasks }) => tasks.find(({ sourceMessageId }) => sourceMessageId === id));
    };

    /** Answers whatever the agent asks leave for, until the task is done. */
    const decideAll = async (task: Task, decision: 'approved' | 'rejected'): Promise<Approval[]> => {
      const decided = new Map<string, Approval>();
      const working = scene.reaches(task, 'in_review', 'failed');
      const end = working.then(() => 'end' as const);
      while ((await Promise.race([end, delay(100)])) !== 'end') {
        const waiting = scene.follower.state.approvals.filter(
          ({ id, state }) => state === 'pending' && !decided.has(id),
        );
        for (const approval of waiting) {
          decided.set(approval.id, approval);
          await scene.decide(approval, decision);
        }
      }
      await working;
      return [...decided.values()];
    };

    const notes = () =>
      scene.follower.events.flatMap((event) =>
        event.type === 'task.progressed' ? (event.data.task.progress?.note ?? []) : [],
      );

    const leftOver = (bridge?: Bridge) => processesAtHome(scene.folder).filter(({ pid }) => pid !== bridge?.pid);

    const stops = async (bridge: Bridge): Promise<void> => {
      expect(await bridge.stop()).toBe(0);
      expect(leftOver()).toEqual([]);
    };

    it('finds everything in order', async () => {
      const doctor = scene.run(
        ['doctor', scene.roomUrl, '--data', scene.dataFolder, '--agent', agent.preset],
        environment(),
      );
      const code = await doctor.ended;
      expect({ code, output: doctor.output }).toMatchObject({ code: 0 });
      expect(doctor.output).toMatch(agent.title);
      expect(leftOver()).toEqual([]);
    });

    it('does what a mention asks for, asks its owner, hands in signed work, and mends it for a reviewer', async () => {
      const bridge = start('--check', 'grep -q reef hello.md');
      await bridge.says(/is connected/, PATIENCE_MS);
      scriptSteps('I greeted the reef.', () => [
        agent.tools.plan(['Greet the reef', 'Look at it']),
        agent.tools.write(inWorktree('hello.md'), 'Hello, reef.\n'),
        agent.tools.run('cp hello.md copy.md'),
      ]);
      const task = await mention('please add a file that greets the reef');
      const approvals = await decideAll(task, 'approved');

      const { branch, submittedSha } = await scene.reaches(task, 'in_review');
      expect(approvals.map(({ kind }) => kind)).toEqual(agent.asks);
      expect(scene.git('show', `${branch}:hello.md`)).toBe('Hello, reef.');
      expect(scene.git('show', `${branch}:copy.md`)).toBe('Hello, reef.');
      expect(scene.git('log', '-1', '--format=%an', branch ?? '')).toBe(`${scene.agent.name} (agent)`);
      expect(scene.git('cat-file', 'commit', branch ?? '')).toContain('gpgsig -----BEGIN SSH SIGNATURE-----');
      expect(await scene.pullRequest()).toMatchObject({
        ...{ head: branch, commits: 1 },
        body: expect.stringMatching(/I greeted the reef\.[^]*`grep -q reef hello\.md`: passed/) as string,
      });
      expect(notes().join('\n')).toMatch(/hello\.md/);
      if (agent.tools.plan([])) {
        expect(notes().join('\n')).toMatch(/Step 1 of 2: Greet the reef/);
      }

      scriptSteps('I greeted the lagoon, too.', () => [agent.tools.write(inWorktree('lagoon.md'), 'Hello, lagoon.\n')]);
      await accepted(scene.socket, 'review_task', {
        ...{ roomId: scene.room.id, taskId: task.id, sha: submittedSha ?? '' },
        ...{ verdict: 'changes_requested', comment: 'Greet the lagoon as well.' },
      });
      await scene.reaches(task, 'changes_requested', 'claimed');
      await decideAll(task, 'approved');
      expect(await scene.reaches(task, 'in_review')).toMatchObject({ branch });
      expect(model.turns.some(({ prompt }) => prompt.includes('| Greet the lagoon as well.'))).toBe(true);
      expect(scene.git('show', `${branch}:lagoon.md`)).toBe('Hello, lagoon.');
      expect(scene.git('rev-parse', `${branch}^`)).toBe(submittedSha);

      await stops(bridge);
      const told = [bridge.output, JSON.stringify(scene.follower.events), ...model.heard].join('\n');
      expect(told).not.toContain(SECRET);
      expect(told).not.toContain(scene.agent.token);
    });

    it('edits without asking where it may, and does not do what its owner refuses', async () => {
      const bridge = start('--allow', 'edits');
      await bridge.says(/is connected/, PATIENCE_MS);
      scriptSteps('I did without.', () => [
        agent.tools.write(inWorktree('hello.md'), 'Hello, reef.\n'),
        agent.tools.run('touch refused.md'),
      ]);
      const task = await mention('please add a file that greets the reef');
      const approvals = await decideAll(task, 'rejected');

      const { branch } = await scene.reaches(task, 'in_review');
      expect(approvals.map(({ kind }) => kind)).toEqual(['execute']);
      expect(approvals[0]?.detail).toContain('touch refused.md');
      expect((await scene.pullRequest()).body).toContain('I did without.');
      expect(scene.git('ls-tree', '--name-only', branch ?? '').split('\n')).toEqual(['README.md', 'hello.md']);
      await stops(bridge);
    });

    /** Lets the model think for ever, until it has another script; resolves when it was asked. */
    const thinks = (): Promise<void> =>
      new Promise((resolve) => {
        model.script = () => {
          resolve();
          return new Promise(() => undefined);
        };
      });

    it('is started again when it dies in the middle of a turn, and its work is finished', async () => {
      const bridge = start('--allow', 'edits');
      await bridge.says(/is connected/, PATIENCE_MS);
      const asked = thinks();
      const task = await mention('please add a file that greets the reef');
      await asked;
      scriptSteps('Here I am again.', () => [agent.tools.write(inWorktree('hello.md'), 'Hello, reef.\n')]);
      for (const { pid } of leftOver(bridge)) {
        endAtOnce(pid);
      }
      await decideAll(task, 'approved');

      const { branch } = await scene.reaches(task, 'in_review');
      expect(bridge.output).toContain('Starting it again');
      expect(scene.git('show', `${branch}:hello.md`)).toBe('Hello, reef.');
      await stops(bridge);
    });

    it('stops within seconds when its task is cancelled, with all its processes', async () => {
      const bridge = start();
      await bridge.says(/is connected/, PATIENCE_MS);
      const asked = thinks();
      const task = await mention('please add a file that greets the reef');
      await asked;
      expect(leftOver(bridge)).not.toEqual([]);

      await scene.cancel(task);
      await eventually(() => leftOver(bridge).length === 0, CANCEL_MS);
      await bridge.says(/stopped, it is no longer mine/);
      await stops(bridge);
    });

    it('answers questions once, of a word and of a sentence', async () => {
      const bridge = start();
      await bridge.says(/is connected/, PATIENCE_MS);
      const answers = () => scene.follower.state.messages.filter(({ userId }) => userId === scene.agent.id);
      const ask = async (message: string, answer: string): Promise<string> => {
        scriptSteps(answer, () => []);
        const before = answers().length;
        const { id } = await say(message);
        await eventually(() => answers().length > before, PATIENCE_MS).catch((error: Error) => {
          throw new Error(`${error.message}. The bridge:\n${bridge.output}`);
        });
        return id;
      };

      const word = await ask('why?', 'Because of the algae.');
      const another = await ask('how?', 'By growing.');
      const sentence = await ask('how many fish are in the reef?', 'Forty-two.');
      await delay(QUIET_MS);
      expect(answers()).toMatchObject([
        { message: 'Because of the algae.', replyTo: word },
        { message: 'By growing.', replyTo: another },
        { message: 'Forty-two.', replyTo: sentence },
      ]);
      await stops(bridge);
    });
  });
}
