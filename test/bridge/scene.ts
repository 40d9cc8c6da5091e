import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Approval, CreateTask, PullRequest, Room, Task } from '@clawtank/contracts';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { Follower } from '../support/follower.js';
import { freePort } from '../support/free-port.js';
import { accepted, command, connect, eventually, Person, type RoomSocket, uniqueName } from '../support/people.js';
import { ServerProcess } from '../support/server-process.js';

const BRIDGE = 'dist/bridge/clawtank-bridge.js';
const SCRIPTED_AGENT = resolve('test/bridge/scripted-agent.mjs');
const SECRETS = {
  JWT_SECRET: 'a-test-signing-key-of-no-value-0123456789',
  ENCRYPTION_KEY: '0123456789abcdef'.repeat(4),
};

/** One step of the scripted agent: see `scripted-agent.mjs`. */
export type ScriptStep = Readonly<Record<string, unknown>>;

export interface Script {
  /** What to do in each turn; the last one is repeated. */
  readonly turns: readonly (readonly ScriptStep[])[];
  readonly capabilities?: { readonly resume?: boolean; readonly load?: boolean };
  /** It claims to know earlier sessions, and does not. */
  readonly forgetful?: boolean;
  readonly ignoresCancel?: boolean;
  readonly ignoresTerm?: boolean;
  readonly hasChild?: boolean;
  readonly showsEnvironment?: boolean;
  /** The modes of its sessions; they begin in the first. */
  readonly modes?: readonly string[];
  readonly complains?: string;
  readonly protocolVersion?: number;
}

interface Noted {
  readonly pid: number;
  readonly event: string;
  readonly text?: string;
  readonly [more: string]: unknown;
}

/** A server that can be killed and comes back at the same address. */
export class Server {
  private constructor(
    private readonly database: TestDatabase,
    private readonly env: Readonly<Record<string, string>>,
    private readonly dataDir: string,
    private process: ServerProcess,
  ) {}

  static async start(env: Readonly<Record<string, string>> = {}): Promise<Server> {
    const database = await createTestDatabase();
    const dataDir = mkdtempSync(join(tmpdir(), 'clawtank-bridge-server-'));
    const port = String(await freePort());
    const settings = {
      DATABASE_URL: database.url,
      DATABASE_POOL_SIZE: '6',
      DATA_DIR: dataDir,
      PORT: port,
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      ...SECRETS,
      ...env,
    };
    return new Server(database, settings, dataDir, await ServerProcess.start(settings));
  }

  get url(): string {
    return this.process.url;
  }

  async kill(): Promise<void> {
    await this.process.kill();
  }

  async restart(): Promise<void> {
    this.process = await ServerProcess.start(this.env);
  }

  async stop(): Promise<void> {
    await this.process.stop();
    await this.database.drop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

/** The program as its owner runs it. */
export class Bridge {
  output = '';
  readonly ended: Promise<number | null>;

  constructor(private readonly child: ChildProcess) {
    const hear = (chunk: Buffer) => (this.output += chunk.toString());
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    this.ended = once(child, 'close').then(() => child.exitCode);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Waits until it has said something like this. */
  async says(words: RegExp, withinMs?: number): Promise<void> {
    await eventually(() => words.test(this.output), withinMs).catch(() => {
      throw new Error(`The bridge did not say ${words}, but:\n${this.output}`);
    });
  }

  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.ended;
  }

  async stop(): Promise<number | null> {
    this.signal('SIGTERM');
    return this.ended;
  }
}

/** An owner, a room with a repository, an agent with a seat in it, and a folder for the bridge on the owner's machine. */
export class Scene {
  readonly folder = mkdtempSync(join(tmpdir(), 'clawtank-bridge-'));
  private readonly bridges: Bridge[] = [];
  private readonly others: RoomSocket[] = [];

  private constructor(
    readonly server: Server,
    readonly owner: Person,
    readonly room: Room,
    readonly agent: { readonly id: string; readonly name: string; readonly token: string },
    public socket: RoomSocket,
    readonly follower: Follower,
    /** How long the agent may take for a task. */
    private readonly patienceMs: number,
  ) {}

  static async set(server: Server, patienceMs = 25_000): Promise<Scene> {
    const owner = await Person.register(server.url);
    const room = await owner.createRoomWithRepository();
    const { agent, token } = await owner.bringAgent(room.id, uniqueName('crusty'));
    const socket = await owner.connect();
    const follower = await Follower.join(socket, room.id);
    return new Scene(server, owner, room, { id: agent.id, name: agent.name, token }, socket, follower, patienceMs);
  }

  get roomUrl(): string {
    return `${this.server.url}/rooms/${this.room.id}`;
  }

  get dataFolder(): string {
    return join(this.folder, 'data');
  }

  /** What the agent does from now on. */
  script(script: Script): void {
    writeFileSync(join(this.folder, 'script.json'), JSON.stringify(script));
  }

  /** Lets the agent go on that `awaits` this. */
  tellAgent(word: string): void {
    writeFileSync(join(this.folder, `told-${word}`), '');
  }

  get agentCommand(): string[] {
    return [process.execPath, SCRIPTED_AGENT, this.folder];
  }

  /** `clawtank-bridge join`, with the agent's token in the environment. */
  join(args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Bridge {
    return this.run(['join', this.roomUrl, '--data', this.dataFolder, ...args, '--', ...this.agentCommand], {
      CLAWTANK_TOKEN: this.agent.token,
      ...env,
    });
  }

  run(args: readonly string[], env: NodeJS.ProcessEnv = {}): Bridge {
    const child = spawn(process.execPath, [BRIDGE, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], HOME: this.folder, ...env },
    });
    const bridge = new Bridge(child);
    this.bridges.push(bridge);
    return bridge;
  }

  /** Gives the agent a task, as its owner. */
  give(description: string, more: Partial<CreateTask> = {}, by: RoomSocket = this.socket): Promise<Task> {
    return accepted(by, 'create_task', { roomId: this.room.id, description, agentId: this.agent.id, ...more });
  }

  /** The owner's page connects again, after the server was gone. */
  async reconnect(): Promise<void> {
    this.socket = await this.owner.connect();
  }

  cancel({ id }: Task): Promise<Task> {
    return accepted(this.socket, 'cancel_task', { roomId: this.room.id, taskId: id });
  }

  /** What the agent waits for leave to do. */
  async waitsFor(toolTitle: string): Promise<Approval> {
    return this.follower.until(({ approvals }) => approvals.find(({ title }) => title === toolTitle));
  }

  decide({ id }: Approval, decision: 'approved' | 'rejected'): Promise<Approval> {
    return accepted(this.socket, 'decide_approval', { roomId: this.room.id, id, decision });
  }

  /** Another agent of the room takes the task; answers its id. */
  async anotherAgentClaims({ id }: Task): Promise<string> {
    const { agent, token } = await this.owner.bringAgent(this.room.id);
    await accepted(this.socket, 'update_task', { roomId: this.room.id, taskId: id, agentId: agent.id });
    const socket = await connect(this.server.url, '/agents', token);
    await accepted(socket, 'claim_task', { roomId: this.room.id, taskId: id });
    const claim = () => command(socket, 'claim_task', { roomId: this.room.id, taskId: id }).catch(() => undefined);
    const renewal = setInterval(() => void claim(), 1000); // until it leaves, in the middle of a claim perhaps
    socket.once('disconnect', () => clearInterval(renewal));
    this.others.push(socket);
    return agent.id;
  }

  /** Kills the bridge as soon as the agent's work is committed and in the journal. */
  async killWhenCommitted(bridge: Bridge): Promise<void> {
    const folder = join(this.dataFolder, 'agents', this.agent.id, 'journal');
    await new Promise<void>((resolve) => {
      const watcher = watch(folder, () => {
        const texts = readdirSync(folder)
          .filter((name) => name.endsWith('.json'))
          .map((name) => readFileSync(join(folder, name), 'utf8'));
        if (texts.some((text) => text.includes('"commit"'))) {
          bridge.signal('SIGKILL');
          watcher.close();
          resolve();
        }
      });
    });
    await bridge.ended;
  }

  task({ id }: Task): Promise<Task> {
    return this.owner.request<{ task: Task }>('GET', `/api/rooms/${this.room.id}/tasks/${id}`).then(({ task }) => task);
  }

  /** Waits until the task is in one of these states. */
  async reaches(task: Task, ...states: Task['state'][]): Promise<Task> {
    return eventually(async () => {
      const now = await this.task(task);
      return states.includes(now.state) && now;
    }, this.patienceMs).catch(async () => {
      const { state } = await this.task(task);
      throw new Error(
        `The task is ${state}. The bridges:\n${this.bridges.map(({ output }) => output).join('\n---\n')}`,
      );
    });
  }

  pullRequests(): Promise<PullRequest[]> {
    return this.owner.request<PullRequest[]>('GET', `/api/rooms/${this.room.id}/pulls`);
  }

  /** The worktrees that are there now. */
  worktrees(): string[] {
    const folder = join(this.dataFolder, 'agents', this.agent.id, 'rooms', this.room.id, 'worktrees');
    return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
  }

  /** The only pull request, once git has said whether it can be merged. */
  async pullRequest(): Promise<PullRequest> {
    const all = await eventually(async () => {
      const found = await this.pullRequests();
      return found[0] && found[0].mergeability.state !== 'unknown' && found;
    });
    expect(all).toHaveLength(1);
    return all[0] as PullRequest;
  }

  /** What happened to the agent's processes, in order. */
  noted(event?: string): Noted[] {
    const log = join(this.folder, 'log.jsonl');
    // A line that is being written has no end yet.
    const lines = existsSync(log) ? readFileSync(log, 'utf8').split('\n').slice(0, -1) : [];
    return lines.map((line) => JSON.parse(line) as Noted).filter((one) => !event || one.event === event);
  }

  async notes(event: string, times = 1): Promise<Noted> {
    const found = await eventually(() => this.noted(event)[times - 1]).catch(() => undefined);
    if (!found) {
      throw new Error(
        `The agent noted no ${event}. The bridges:\n${this.bridges.map(({ output }) => output).join('\n---\n')}`,
      );
    }
    return found;
  }

  /** git in a fresh bare clone of the room's repository. */
  git(...args: string[]): string {
    return this.gitAs({ token: this.agent.token }, ...args);
  }

  /** The same as somebody else, perhaps of another room. */
  gitAs({ token, roomId = this.room.id }: { token: string; roomId?: string }, ...args: string[]): string {
    const clone = mkdtempSync(join(tmpdir(), 'clawtank-bridge-clone-'));
    try {
      const url = new URL(`${this.server.url}/git/${roomId}.git`);
      url.username = 'git';
      url.password = token;
      execFileSync('git', ['clone', '--quiet', '--bare', url.href, clone], { stdio: 'ignore' });
      return execFileSync('git', ['-C', clone, ...args], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      }).trim();
    } finally {
      rmSync(clone, { recursive: true, force: true });
    }
  }

  async leave(): Promise<void> {
    for (const bridge of this.bridges) {
      bridge.signal('SIGCONT');
      await bridge.kill();
    }
    for (const { pid } of this.noted('started')) {
      try {
        process.kill(-pid, 'SIGKILL');
      } catch {
        // It is gone, as it should be.
      }
    }
    this.others.forEach((socket) => socket.close());
    this.socket.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export function isRunning(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2)[0] !== 'Z';
  } catch {
    return false;
  }
}
