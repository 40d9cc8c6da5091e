import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type {
  ActivityPage,
  AgentKey,
  ChatMessage,
  CommandInput,
  MessagePage,
  NewAgent,
  PullRequest,
  Room,
  Task,
} from '@clawtank/contracts';
import { Server } from '../bridge/scene.js';
import { accepted, eventually, Person, uniqueName } from '../support/people.js';
import { Gateway, type GatewayOptions } from './gateway.js';
import type { Step } from '../support/scripted-model/protocol.js';
import { type ModelTurn, ScriptedModel } from '../support/scripted-model/scripted-model.js';

const run = promisify(execFile);

export const SETUP_MS = 900_000;
export const TEST_MS = 300_000;
/** A gateway that starts beside other work takes its time, and a turn after it as well. */
const ANSWER_MS = 120_000;
/** How long to look whether something is said that is not to be said. */
const QUIET_MS = 4000;

export interface Agent {
  readonly id: string;
  readonly name: string;
  readonly token: string;
}

/** Somebody who says something, and where; the agent's owner in the room with the repository unless said otherwise. */
type Saying = Partial<Omit<CommandInput<'chat_message'>, 'message'>> & { readonly by?: Person; readonly room?: Room };

/** A server, a model, an agent with its owner in two rooms, and the agent's gateway: what the tests of the plugin are played on. */
export class Stage {
  /** The room with the repository. */
  readonly reef: Room;
  readonly lagoon: Room;
  readonly agent: Agent;
  private running: Gateway | null = null;

  private constructor(
    readonly server: Server,
    readonly model: ScriptedModel,
    public owner: Person,
    { reef, lagoon, agent }: Pick<Stage, 'reef' | 'lagoon' | 'agent'>,
  ) {
    this.reef = reef;
    this.lagoon = lagoon;
    this.agent = agent;
  }

  /** Everything but the gateway. */
  static async set(serverSettings: Readonly<Record<string, string>> = {}): Promise<Stage> {
    const server = await Server.start(serverSettings);
    const model = await ScriptedModel.start();
    const owner = await Person.register(server.url);
    const reef = await owner.createRoomWithRepository();
    const lagoon = await owner.createRoom();
    const agent = agentOf(await owner.bringAgent(reef.id, uniqueName('crusty')));
    await owner.request('POST', `/api/rooms/${lagoon.id}/agents/${agent.id}`);
    return new Stage(server, model, owner, { reef, lagoon, agent });
  }

  get gateway(): Gateway {
    if (!this.running) {
      throw new Error('The gateway has not been started yet');
    }
    return this.running;
  }

  /**
   * Starts a gateway that knows nothing, in place of the one there was. `channel` says more than where the server is and what the token.
   * A gateway that was killed three times within five minutes no longer starts its channels by itself: whoever kills starts another.
   */
  async startGateway(channel: object = {}, options: Partial<GatewayOptions> = {}): Promise<void> {
    if (this.running) {
      await this.running.remove();
      await this.revokeKeys();
    }
    const { accounts = { one: {} } } = channel as { accounts?: object };
    const settings = { serverUrl: this.server.url, ...('accounts' in channel ? {} : { token: this.agent.token }) };
    this.running = await Gateway.set({ modelUrl: this.model.url, ...options, channel: { ...settings, ...channel } });
    await this.running.start(Object.keys(accounts).length);
  }

  /** The key of a gateway that is gone is in nobody's hands, and an agent has five at most. */
  private async revokeKeys(): Promise<void> {
    const path = `/api/agents/${this.agent.id}/keys`;
    for (const { id, revokedAt } of await this.owner.request<AgentKey[]>('GET', path)) {
      if (revokedAt === null) {
        await this.owner.request('DELETE', `${path}/${id}`);
      }
    }
  }

  async remove(): Promise<void> {
    await this.running?.remove();
    await this.model.stop();
    await this.server.stop();
  }

  /** Whoever looks on for long has to sign in again. */
  async signIn(): Promise<void> {
    this.owner = await Person.signIn(this.server.url, this.owner.name, 'correct horse battery');
  }

  answering(text: string): void {
    this.model.script = () => ({ say: text });
  }

  /** Lets the model think until it is told to say something. */
  thinking(): { readonly until: (text: string) => void } {
    const { promise, resolve } = Promise.withResolvers<Step>();
    this.model.script = () => promise;
    return { until: (text) => resolve({ say: text }) };
  }

  async say(message: string, { by = this.owner, room = this.reef, ...more }: Saying = {}): Promise<ChatMessage> {
    const socket = await by.connect();
    try {
      return await accepted(socket, 'chat_message', { ...more, roomId: room.id, message });
    } finally {
      socket.close();
    }
  }

  /** All that the agent ever said in a room. */
  async said(room = this.reef, { id }: Pick<Agent, 'id'> = this.agent): Promise<ChatMessage[]> {
    const { messages } = await this.owner.request<MessagePage>('GET', `/api/rooms/${room.id}/messages?limit=200`);
    return messages.filter(({ userId }) => userId === id);
  }

  /** Waits for the answer to a message, and looks for a while whether there is more. */
  async answer({ id, roomId }: ChatMessage, agent: Pick<Agent, 'id'> = this.agent): Promise<string[]> {
    const room = roomId === this.lagoon.id ? this.lagoon : this.reef;
    const answers = async (): Promise<string[]> =>
      (await this.said(room, agent)).filter(({ replyTo }) => replyTo === id).map(({ message }) => message);
    await this.happens(async () => (await answers()).length > 0);
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
    return answers();
  }

  /** Waits until the model was told this. */
  hears(words: string): Promise<ModelTurn> {
    return this.happens(() => this.model.turns.findLast(({ prompt }) => prompt.includes(words)));
  }

  /** Waits for a fact; what is not one within minutes is answered by what the gateway has said. */
  async happens<Answer>(ask: () => Promise<Answer | undefined | null | false> | Answer | undefined | null | false) {
    return eventually(ask, ANSWER_MS).catch((error: Error) => {
      throw new Error(`${error.message}. The gateway said:\n${this.gateway.output}`);
    });
  }

  taskOf(message: ChatMessage): Promise<Task> {
    return eventually(async () => {
      const tasks = await this.owner.request<Task[]>('GET', `/api/rooms/${message.roomId}/tasks`);
      return tasks.find(({ sourceMessageId }) => sourceMessageId === message.id);
    });
  }

  async taskNow({ id, roomId }: Pick<Task, 'id' | 'roomId'>): Promise<Task> {
    return (await this.owner.request<{ task: Task }>('GET', `/api/rooms/${roomId}/tasks/${id}`)).task;
  }

  async reaches(which: Task, ...states: Task['state'][]): Promise<Task> {
    return this.happens(async () => {
      const task = await this.taskNow(which);
      return states.includes(task.state) && task;
    }).catch(async (error: Error) => {
      const told = JSON.stringify(this.model.turns.slice(-3).map(({ results }) => results));
      throw new Error(
        `The task is ${JSON.stringify(await this.taskNow(which))}, and the tools answered ${told}. ${error.message}`,
      );
    });
  }

  /** The commits that were handed in for a task, in order. The entry that only adds the number of a proposal is none of its own. */
  async submissionsOf({ id, roomId }: Task): Promise<(string | null)[]> {
    const { activity } = await this.owner.request<ActivityPage>('GET', `/api/rooms/${roomId}/activity?limit=100`);
    return activity
      .flatMap((item) => (item.type === 'task.submitted' && item.data.task.id === id ? [item] : []))
      .toSorted((one, other) => one.seq - other.seq)
      .filter(({ data }, at, all) => all[at - 1]?.data.task.pullRequest === data.task.pullRequest || at === 0)
      .map(({ data }) => data.task.submittedSha);
  }

  pullRequests(): Promise<PullRequest[]> {
    return this.owner.request<PullRequest[]>('GET', `/api/rooms/${this.reef.id}/pulls`);
  }

  /** The branches of the room's repository but the default one. */
  async branches(): Promise<string[]> {
    const names = (await this.git('for-each-ref', '--format=%(refname:short)', 'refs/heads')).split('\n');
    return names.filter((name) => name !== '' && name !== this.reef.repository?.defaultBranch);
  }

  /** git in a copy of the room's repository. */
  async git(...args: string[]): Promise<string> {
    const copy = mkdtempSync(join(tmpdir(), 'clawtank-openclaw-copy-'));
    try {
      const url = new URL(`${this.server.url}/git/${this.reef.id}.git`);
      url.username = 'git';
      url.password = this.agent.token;
      await run('git', ['clone', '--quiet', '--bare', url.href, copy]);
      return (await run('git', ['-C', copy, ...args])).stdout.trim();
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  }
}

/**
 * What every suite of tests in a gateway begins and ends with. `prepare` is given the stage, and starts the gateway; before each test its owner
 * signs in again.
 */
export function playOnStage(
  prepare: (stage: Stage) => Promise<void>,
  serverSettings = (): Readonly<Record<string, string>> => ({}),
): void {
  let stage: Stage | null = null;
  beforeAll(async () => {
    stage = await Stage.set(serverSettings());
    await prepare(stage);
  }, SETUP_MS);
  beforeEach(() => stage?.signIn());
  afterAll(() => stage?.remove(), TEST_MS);
}

export const agentOf = ({ agent: { id, name }, token }: NewAgent): Agent => ({ id, name, token });

/** The folder and the id of the task that a turn is about. */
export function taskIn({ prompt }: ModelTurn): { readonly folder?: string; readonly taskId?: string } {
  const [, folder] = /The files of the task are in (\S+), a git worktree/.exec(prompt) ?? [];
  const [, taskId] = /the taskId ([\w-]{36})/.exec(prompt) ?? [];
  return { ...(folder && { folder }), ...(taskId && { taskId }) };
}

/** A model that does a task as it is told to: it writes a file, and hands it in as soon as it has the tool for it. */
export function doTask(turn: ModelTurn): Step {
  const { results, tools } = turn;
  const { folder, taskId } = taskIn(turn);
  const isWritten = folder === undefined || results.length > 0;
  if (!isWritten) {
    return { call: 'write', with: { path: `${folder}/hello.txt`, content: 'Hello, reef.\n' } };
  }
  if (tools.includes('submit_work') && !results.some((result) => result.includes('"submitted":true'))) {
    return { call: 'submit_work', with: { taskId, summary: 'Said hello to the reef.' } };
  }
  return { say: 'The file is there.' };
}

/** Whether the tools have answered that the work is handed in. */
export const hasSubmitted = ({ results }: ModelTurn): boolean =>
  results.some((result) => result.includes('"submitted":true'));
