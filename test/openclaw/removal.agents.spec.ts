import type { ChatMessage } from '@clawtank/contracts';
import { Person, uniqueName } from '../support/people.js';
import type { Step } from '../support/scripted-model/protocol.js';
import type { ModelTurn } from '../support/scripted-model/scripted-model.js';
import { type Agent, agentOf, doTask, playOnStage, type Stage, taskIn, TEST_MS } from './stage.js';

interface ChannelStatus {
  readonly channelAccounts: {
    readonly clawtank: readonly { readonly connected?: boolean; readonly lastError?: string | null }[];
  };
}

describe('an OpenClaw agent that loses its seat', () => {
  let stage: Stage;
  /** Whoever answers for the agent is not whom the rooms belong to. */
  let member: Person;
  let agent: Agent;

  playOnStage(async (set) => {
    stage = set;
    member = await Person.register(stage.server.url);
    await stage.owner.invite(stage.reef.id, member);
    await stage.owner.invite(stage.lagoon.id, member);
    agent = agentOf(await member.bringAgent(stage.reef.id, uniqueName('pinchy')));
    await seat(stage.lagoon.id);
    await stage.startGateway({ token: agent.token });
  });
  beforeEach(async () => {
    member = await Person.signIn(stage.server.url, member.name, 'correct horse battery');
  });

  const seat = (roomId: string): Promise<unknown> => member.request('POST', `/api/rooms/${roomId}/agents/${agent.id}`);
  const calls = (message: string, room = stage.reef): Promise<ChatMessage> =>
    stage.say(`@${agent.name} ${message}`, { by: member, room });

  /** What it says in answer to something in the other room, after all that it had to say before. */
  async function goesOnElsewhere(): Promise<void> {
    stage.answering('I am still here.');
    expect(await stage.answer(await calls('hello there', stage.lagoon), agent)).toEqual(['I am still here.']);
  }

  async function status() {
    const { channelAccounts } = JSON.parse(
      await stage.gateway.command('channels', 'status', '--json'),
    ) as ChannelStatus;
    return channelAccounts.clawtank[0];
  }

  /** Lets it come to where it is in the middle of an answer, and hands out how it goes on. */
  async function amidAnAnswer(words: string, room = stage.reef) {
    const { until } = stage.thinking();
    await calls(words, room);
    await stage.hears(words);
    return until;
  }

  it(
    'says nothing more in a room it was put out of, in the middle of an answer, and goes on in the others',
    async () => {
      const before = await stage.said(stage.reef, agent);
      const until = await amidAnAnswer('hello, what do you think of corals');
      await stage.owner.request('DELETE', `/api/rooms/${stage.reef.id}/agents/${agent.id}`);
      await stage.happens(() => stage.gateway.output.includes('is gone (removed)'));
      until('They are beautiful.');
      await goesOnElsewhere();

      expect(await stage.said(stage.reef, agent)).toEqual(before);
      expect(await status()).toMatchObject({
        connected: true,
        lastError: `The agent’s seat in the room ${stage.reef.name} is gone (removed)`,
      });
    },
    TEST_MS,
  );

  it(
    'answers again once it is back, and nothing of what was said before',
    async () => {
      await seat(stage.reef.id);
      await stage.happens(async () => (await status())?.lastError === null);
      stage.answering('Here I am again.');
      const before = await stage.said(stage.reef, agent);
      expect(await stage.answer(await calls('welcome'), agent)).toEqual(['Here I am again.']);
      expect(await stage.said(stage.reef, agent)).toHaveLength(before.length + 1);
    },
    TEST_MS,
  );

  it(
    'hands nothing in and pushes nothing of a task from whose room its owner has gone',
    async () => {
      const written = Promise.withResolvers<void>();
      const gone = Promise.withResolvers<void>();
      stage.model.script = async (turn: ModelTurn): Promise<Step> => {
        if (taskIn(turn).folder !== undefined && turn.results.length === 1) {
          written.resolve();
          await gone.promise;
        }
        return doTask(turn);
      };
      const before = await stage.said(stage.reef, agent);
      const task = await stage.taskOf(await calls('please add a file that says hello'));
      await written.promise;
      await member.request('POST', `/api/rooms/${stage.reef.id}/leave`);
      await stage.happens(() => stage.gateway.output.match(/is gone \(removed\)/g)?.length === 2);
      gone.resolve(); // the model hands in what it has done, as if nothing had happened
      await goesOnElsewhere();

      expect(await stage.branches()).toEqual([]);
      expect(await stage.pullRequests()).toEqual([]);
      expect(await stage.submissionsOf(task)).toEqual([]);
      expect(await stage.said(stage.reef, agent)).toEqual(before);
    },
    TEST_MS,
  );

  it(
    'says nothing more anywhere once its token is revoked, in the middle of an answer, and says why',
    async () => {
      const before = await stage.said(stage.lagoon, agent);
      const until = await amidAnAnswer('hello, what do you think of sand', stage.lagoon);
      const turns = stage.model.turns.length;
      await member.request('POST', `/api/agents/${agent.id}/token`);
      await stage.happens(() => stage.gateway.output.includes('[clawtank] closed for good'));
      until('There is a lot of it.');
      const refused = await stage.happens(async () => {
        const found = await status();
        return found?.connected === false && found;
      });

      expect(refused.lastError).toMatch(/\(session_closed\)|\(credentials_wrong\)|\(unauthenticated\)/);
      await calls('hello there', stage.lagoon);
      await stage.gateway.stop(); // whatever it was at, it has ended
      expect(await stage.said(stage.lagoon, agent)).toEqual(before);
      expect(stage.model.turns).toHaveLength(turns);
    },
    TEST_MS,
  );
});
