import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Task } from '@clawtank/contracts';
import { uniqueName } from '../support/people.js';
import type { Step } from '../support/scripted-model/protocol.js';
import type { ModelTurn } from '../support/scripted-model/scripted-model.js';
import { type Agent, agentOf, doTask, playOnStage, type Stage, taskIn, TEST_MS } from './stage.js';

describe('two agents in one OpenClaw gateway', () => {
  const secrets = mkdtempSync(join(tmpdir(), 'clawtank-openclaw-secrets-'));
  let stage: Stage;
  let other: Agent;

  playOnStage(async (set) => {
    stage = set;
    other = agentOf(await stage.owner.bringAgent(stage.reef.id, uniqueName('pinchy')));
    const path = join(secrets, 'token');
    writeFileSync(path, `${other.token}\n`, { mode: 0o600 });
    await stage.startGateway(
      {
        accounts: {
          day: { token: { source: 'env', provider: 'default', id: 'TOKEN_OF_DAY' } },
          night: { token: { source: 'file', provider: 'vault', id: 'value' } },
        },
      },
      {
        more: { secrets: { providers: { vault: { source: 'file', path, mode: 'singleValue' } } } },
        environment: { TOKEN_OF_DAY: stage.agent.token },
      },
    );
  });
  afterAll(() => rmSync(secrets, { recursive: true }));

  const nameIn = ({ prompt }: ModelTurn): string => /You are (\S+), an agent/.exec(prompt)?.[1] ?? 'nobody';

  it(
    'find their tokens where their settings refer to, and write them nowhere',
    async () => {
      const said = stage.gateway.output + stage.gateway.log;
      expect(said).toContain(`connected as ${stage.agent.name}`);
      expect(said).toContain(`connected as ${other.name}`);
      const config = readFileSync(join(stage.gateway.folder, 'state', 'openclaw.json'), 'utf8');
      for (const { token } of [stage.agent, other]) {
        expect(said).not.toContain(token);
        expect(config).not.toContain(token);
      }
    },
    TEST_MS,
  );

  it(
    'answer one message each for itself, and each once',
    async () => {
      stage.model.script = (turn) => ({ say: `I am ${nameIn(turn)}.` });
      const message = await stage.say(`@${stage.agent.name} @${other.name} hello, who are you`);
      expect(await stage.answer(message, stage.agent)).toEqual([`I am ${stage.agent.name}.`]);
      expect(await stage.answer(message, other)).toEqual([`I am ${other.name}.`]);
      expect(await stage.said(stage.reef, stage.agent)).toHaveLength(1);
      expect(await stage.said(stage.reef, other)).toHaveLength(1);
    },
    TEST_MS,
  );

  it(
    'do a task each at the same time: each has its own files, branch and name',
    async () => {
      const both = Promise.withResolvers<void>();
      const started = new Set<string>();
      stage.model.script = async (turn): Promise<Step> => {
        const { folder } = taskIn(turn);
        if (folder !== undefined) {
          started.add(folder);
          if (started.size === 2) {
            both.resolve();
          }
          await both.promise; // neither begins before the other has
        }
        return doTask(turn);
      };
      const asked: [Agent, Task][] = [];
      for (const agent of [stage.agent, other]) {
        asked.push([agent, await stage.taskOf(await stage.say(`@${agent.name} please add a file that says hello`))]);
      }
      for (const [agent, task] of asked) {
        const { branch } = await stage.reaches(task, 'in_review');
        expect(await stage.git('log', '-1', '--format=%an', branch ?? '')).toBe(`${agent.name} (agent)`);
        expect(await stage.git('show', `${branch}:hello.txt`)).toBe('Hello, reef.');
      }
      expect(await stage.branches()).toHaveLength(2);
    },
    TEST_MS,
  );

  it(
    'go on in one room while they think in another',
    async () => {
      const thought = Promise.withResolvers<void>();
      stage.model.script = async ({ prompt }): Promise<Step> => {
        if (prompt.includes('take your time')) {
          await thought.promise;
          return { say: 'Now I know.' };
        }
        return { say: 'At once.' };
      };
      const slow = await stage.say(`@${stage.agent.name} hello, take your time`);
      await stage.hears('take your time');
      const quick = await stage.say(`@${stage.agent.name} hi here`, { room: stage.lagoon });
      expect(await stage.answer(quick)).toEqual(['At once.']);
      thought.resolve();
      expect(await stage.answer(slow)).toEqual(['Now I know.']);
    },
    TEST_MS,
  );
});
