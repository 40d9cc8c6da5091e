import type { CreateTask, Room, Task } from '@clawtank/contracts';
import { AgentProcess } from '../agent/agent-process.js';
import type { Entry, EntryOf, Subject } from '../domain/entry.js';
import { Proxy } from '../proxy/proxy.js';
import { Recorder } from '../proxy/recorder.js';
import { command, connect, Person, type RoomSocket, ServerUnfit, uniqueName } from './person.js';
import { Repository } from './repository.js';

export interface StageOptions {
  readonly server: URL;
  /** The command that starts the agent. */
  readonly agent: string;
  /** Of a person who may make rooms and agents; without it the kit registers one. */
  readonly token?: string | undefined;
  /** How long the agent may take from its start until it has registered. */
  readonly startMs?: number;
}

/** What a scene cannot do without did not happen; the message says what. */
export class SceneMissed extends Error {}

const START_MS = 30_000;
const CLAIM_MS = 20_000;
const WORK_MS = 40_000;
/** How long nothing may happen until a scene counts as over. */
const STILL_MS = 500;
const RETURN_MS = 15_000;
/** How long an agent has to end that is asked to. */
const END_MS = 10_000;
/** Commands after which nothing more is to be done about a task. */
const CONCLUDING = ['submit_work', 'fail_task', 'release_task'] as const;

interface Another {
  readonly id: string;
  readonly name: string;
  readonly socket: RoomSocket;
}

/** A room on the server with a person, an agent of the kit's own and the agent that is looked at, behind the proxy. */
export class Stage {
  private process: AgentProcess | null = null;
  private taskCount = 0;
  private memberAsked: Promise<Person> | null = null;

  private constructor(
    readonly options: StageOptions,
    readonly recorder: Recorder,
    readonly proxy: Proxy,
    readonly owner: Person,
    readonly room: Room,
    readonly agent: { readonly id: string; readonly name: string; readonly token: string },
    readonly another: Another,
    readonly repository: Repository,
  ) {}

  static async set(options: StageOptions): Promise<Stage> {
    const { server, token } = options;
    const recorder = new Recorder();
    const owner = token === undefined ? await Person.register(server) : await Person.withToken(server, token);
    const room = await owner.makeRoom('Conformance');
    const agent = await owner.makeAgent(uniqueName('subject'));
    const another = await owner.makeAgent(uniqueName('another'));
    await owner.seat(room.id, agent.agent.id);
    await owner.seat(room.id, another.agent.id);
    const socket = await connect(server, '/agents', another.token);
    await command(socket, 'agent_register', { instance: 'conformance' });
    const { cloneUrl, defaultBranch } = room.repository ?? unfit('The room has no repository');
    return new Stage(
      options,
      recorder,
      await Proxy.start(server, recorder),
      owner,
      room,
      { id: agent.agent.id, name: agent.agent.name, token: agent.token },
      { id: another.agent.id, name: another.agent.name, socket },
      await Repository.open(server, cloneUrl, defaultBranch, another.token),
    );
  }

  get subject(): Subject {
    return {
      agentId: this.agent.id,
      token: this.agent.token,
      ownerId: this.owner.id,
      defaultBranch: this.room.repository?.defaultBranch ?? 'main',
    };
  }

  get isAgentRunning(): boolean {
    return this.process?.isRunning ?? false;
  }

  async clear(): Promise<void> {
    await this.process?.kill();
    await this.proxy.stop();
    await this.repository.close();
    this.another.socket.close();
    this.owner.socket.close();
    const member = await this.memberAsked?.catch(() => null);
    member?.socket.close();
  }

  /** Starts the agent and waits until it has registered. */
  async startAgent(): Promise<void> {
    const position = this.recorder.position;
    const { startMs = START_MS } = this.options;
    this.process = AgentProcess.start(
      this.options.agent,
      { CLAWTANK_URL: this.proxy.url, CLAWTANK_TOKEN: this.agent.token, CLAWTANK_ROOM: this.room.id },
      this.recorder,
    );
    const hasEnded = this.hasExited(startMs, position).then(() => false);
    if (!(await Promise.race([this.isRegistered(startMs, position), hasEnded]))) {
      throw new SceneMissed(
        this.isAgentRunning
          ? `The agent did not register within ${startMs / 1000} s (--start-within says how long it may take)`
          : 'The agent ended at once',
      );
    }
    await this.joined(position);
  }

  /** The agent is there, connected: started anew if what went before was too much for it. */
  async needsAgent(): Promise<void> {
    for (let waited = 0; this.isAgentRunning && !this.proxy.hasLine && waited < RETURN_MS; waited += 100) {
      await pause(100);
    }
    if (!this.proxy.hasLine) {
      await this.process?.kill();
      await this.startAgent();
    }
  }

  /** Nothing of a scene is left to disturb the next one. */
  tidyUp(): void {
    this.proxy.faults.clear();
    this.proxy.git.open();
    this.proxy.refusal = null;
    this.proxy.refuseConnections(false);
  }

  askAgentToStop(): void {
    this.recorder.deed('askedToStop', {});
    this.process?.askToStop();
  }

  async killAgent(): Promise<void> {
    this.recorder.deed('killed', {});
    await this.process?.kill();
  }

  /** Ends an agent of which nothing more is to be seen: in peace if it lets itself, for some count how often they were killed. */
  async endAgent(): Promise<void> {
    const { position } = this.recorder;
    this.process?.askToStop();
    if (this.isAgentRunning) {
      await this.hasExited(END_MS, position);
    }
    await this.process?.kill();
  }

  hasExited(withinMs: number, position: number): Promise<EntryOf<'exited'> | null> {
    return this.recorder.until('exited', () => true, withinMs, position);
  }

  /** Registered, and told so. */
  async isRegistered(withinMs: number, position: number): Promise<boolean> {
    const heard = (one: EntryOf<'answered'>): boolean =>
      one.name === 'agent_register' && one.reply.ok && one.fate === 'delivered';
    return (await this.recorder.until('answered', heard, withinMs, position)) !== null;
  }

  private async joined(position: number): Promise<void> {
    await this.recorder.until('answered', ({ name, reply }) => name === 'join_room' && reply.ok, 3000, position);
  }

  /** A person of the room who is not the agent's owner. */
  member(): Promise<Person> {
    this.memberAsked ??= (async () => {
      const member = await Person.register(this.options.server);
      await this.owner.invite(this.room.id, member);
      return member;
    })();
    return this.memberAsked.catch((error: Error) => {
      throw new SceneMissed(`There is nobody else in the room: ${error.message}`);
    });
  }

  /** Gives the agent a task that any coding agent can do. */
  async giveTask(
    words: string,
    more: Partial<CreateTask> & { toAgent?: boolean } = {},
  ): Promise<Task & { file: string }> {
    const { toAgent = true, description, ...rest } = more;
    const file = `conformance/${words.replace(/\W+/g, '-')}-${++this.taskCount}.txt`;
    const said = description ?? `Create the file ${file} with the text \`${words}\``;
    const task = await this.owner.command('create_task', {
      roomId: this.room.id,
      description: said.replaceAll('FILE', file),
      ...('agentId' in rest ? {} : { agentId: toAgent ? this.agent.id : this.another.id }),
      ...rest,
    });
    this.recorder.deed('gaveTask', { taskId: task.id, title: task.title, file, toAgent });
    return { ...task, file };
  }

  /** Waits for the agent's claim; a scene without one cannot go on. */
  async isClaimed({ id }: Task, withinMs = CLAIM_MS, position = 0): Promise<EntryOf<'answered'>> {
    const claim = await this.recorder.until(
      'answered',
      ({ name, request, reply }) => name === 'claim_task' && request['taskId'] === id && reply.ok,
      withinMs,
      position,
    );
    return claim ?? missed('The agent did not claim the task');
  }

  /** How the agent concluded the task; null if it did not in time. */
  async conclusion({ id }: Task, withinMs = WORK_MS, position = 0): Promise<EntryOf<'answered'> | null> {
    return this.recorder.until(
      'answered',
      ({ name, request, reply }) => CONCLUDING.some((one) => one === name) && request['taskId'] === id && reply.ok,
      withinMs,
      position,
    );
  }

  /** Waits for the conclusion, and looks at what was handed in. */
  async inspectWork(task: Task, withinMs = WORK_MS, position = 0): Promise<EntryOf<'answered'> | null> {
    const conclusion = await this.conclusion(task, withinMs, position);
    if (conclusion?.name === 'submit_work') {
      const found = await this.repository.inspect(String(conclusion.request['gitBranch']));
      this.recorder.note({ kind: 'inspected', taskId: task.id, ...found });
    }
    return conclusion;
  }

  /**
   * Gives a task and keeps the agent at work on it: nothing that it asks of the repository is answered until `letWorkGoOn`. An agent
   * that asks nothing of it has done the task by then, and the scene cannot be played.
   */
  async holdWork(words: string, more: Partial<CreateTask> = {}): Promise<Task & { file: string }> {
    const position = this.recorder.position;
    this.proxy.git.close();
    const task = await this.giveTask(words, more);
    await this.isClaimed(task);
    const atWork = await this.recorder.until('git', () => true, CLAIM_MS, position);
    if (!atWork) {
      this.proxy.git.open();
      missed('The agent asked nothing of the repository while it had the task, so nothing could keep it at work');
    }
    this.recorder.deed('heldWork', { taskId: task.id });
    return task;
  }

  letWorkGoOn({ id }: Task): void {
    this.proxy.git.open();
    this.recorder.deed('letWorkGoOn', { taskId: id });
  }

  cut(): void {
    this.recorder.deed('cut', {});
    this.proxy.cut();
  }

  /** Cuts the line and refuses every new one for a while. */
  async cutFor(milliseconds: number): Promise<void> {
    this.proxy.refuseConnections(true);
    this.cut();
    this.recorder.deed('refusedConnections', { forMs: milliseconds });
    await pause(milliseconds);
    this.proxy.refuseConnections(false);
    this.recorder.deed('letConnectAgain', {});
  }

  /** Lets time go by in which the agent is not to do something. */
  async watch(milliseconds: number): Promise<void> {
    await pause(milliseconds);
    this.recorder.deed('watchedFor', { ms: milliseconds });
  }

  /** Waits until the agent holds nothing and asks nothing more, so that one scene does not run into the next. */
  async settle(): Promise<void> {
    let before = -1;
    for (let waited = 0; before !== this.activity() && waited < WORK_MS; waited += STILL_MS) {
      before = this.activity();
      await pause(STILL_MS);
    }
  }

  private activity(): number {
    const counts = ({ kind }: Entry): boolean => kind === 'asked' || kind === 'git' || kind === 'answered';
    return this.recorder.since(0).filter(counts).length;
  }
}

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

function unfit(why: string): never {
  throw new ServerUnfit(why);
}

function missed(why: string): never {
  throw new SceneMissed(why);
}
