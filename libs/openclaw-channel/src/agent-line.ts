import { once } from 'node:events';
import { join } from 'node:path';
import { AgentKeyStore, type AgentRoom, type RunningAgent, runAgent } from '@clawtank/agent-sdk';
import type { AgentSelf } from '@clawtank/contracts';
import type { GatewayContext, PluginRuntime } from 'openclaw/plugin-sdk/channel-core';
import { Attendance } from './attendance.js';
import { type Access, type Account, CHANNEL } from './config.js';
import { Cursors } from './cursors.js';
import { History } from './history.js';
import { Mouth } from './mouth.js';
import { Resumptions } from './resumptions.js';
import { BegunTasks } from './tasks/begun-tasks.js';
import { TaskDesk } from './tasks/task-desk.js';
import { Turns } from './turns.js';

/** How long work in hand may go on when the gateway stops: the agent's turns end with the gateway. */
const STOP_GRACE_MS = 2000;

const CAPABILITIES = ['chat', 'edit-files', 'open-pull-requests', 'openclaw'];

/** An agent's line to ClawTank while its OpenClaw gateway runs: it hears, speaks, and does tasks. */
export class AgentLine {
  readonly mouth: Mouth;
  readonly history: History;
  readonly desk: TaskDesk;
  readonly running: RunningAgent;
  readonly resumptions = new Resumptions();
  private readonly turns: Turns;
  private readonly attendances = new Map<string, Attendance>();
  /** Rooms of which nothing was heard on this machine before it connected for the first time. */
  private newRooms: Set<string> | null = null;

  private constructor(
    private readonly context: GatewayContext<Account>,
    runtime: PluginRuntime,
    { server, token }: Access,
    private readonly cursors: Cursors,
    begunTasks: BegunTasks,
    folder: string,
  ) {
    const { account, cfg, abortSignal } = context;
    const keys = new AgentKeyStore(join(folder, 'keys'));
    this.turns = new Turns({ runtime, cfg, account, self: () => this.self });
    this.desk = new TaskDesk({
      ...{ account, server, token, keys, begunTasks, turns: this.turns, mouth: () => this.mouth },
      repositories: join(folder, 'repositories'),
      worktrees: join(workspaceOf(context, runtime), CHANNEL),
    });
    this.running = runAgent(
      { capabilities: CAPABILITIES, onTaskAssignment: (session) => this.desk.onTaskAssignment(session) },
      { url: server.href, token, keys, stopOn: [], report: this.report },
    );
    this.mouth = new Mouth(this.running.client);
    this.history = new History(server, token);
    this.listen(abortSignal);
  }

  /** Connects the agent of an account. What has to outlive the gateway is kept in its state folder; worktrees are in the workspace. */
  static async open(context: GatewayContext<Account>, runtime: PluginRuntime): Promise<AgentLine> {
    const { access, accountId } = context.account;
    if (!access) {
      throw new Error('Set channels.clawtank.serverUrl and channels.clawtank.token');
    }
    const folder = join(runtime.state.resolveStateDir(), CHANNEL, accountId);
    const cursors = await Cursors.open(join(folder, 'cursors.json'));
    const begunTasks = await BegunTasks.open(join(folder, 'tasks.json'));
    return new AgentLine(context, runtime, access, cursors, begunTasks, folder);
  }

  /** Who the agent is. There from the first connection on. */
  get self(): AgentSelf {
    const { self } = this.running.client;
    if (!self) {
      throw new Error('The agent has not been connected to ClawTank yet');
    }
    return self;
  }

  /** The room, if the agent has a seat in it and the settings let it be there. */
  room(roomId: string): AgentRoom | null {
    return this.attendances.has(roomId) ? this.running.client.room(roomId) : null;
  }

  get rooms(): readonly AgentRoom[] {
    return [...this.attendances.keys()].map((roomId) => this.running.client.room(roomId));
  }

  /** Resolves when the gateway has stopped and the line is closed. */
  async attend(): Promise<void> {
    const { accountId, abortSignal, setStatus } = this.context;
    if (!abortSignal.aborted) {
      await once(abortSignal, 'abort');
    }
    await this.running.stop(STOP_GRACE_MS);
    setStatus({ accountId, running: false, connected: false, lifecycle: 'stopped' });
  }

  private listen(signal: AbortSignal): void {
    const { account, accountId, log, setStatus } = this.context;
    const { client } = this.running;
    setStatus({ accountId, running: true, connected: false, lifecycle: 'starting' });
    client.on('connected', ({ name, rooms }) => {
      this.newRooms ??= new Set(this.cursors.isNew ? rooms : []);
      log?.info(`[clawtank] connected as ${name}; seats in ${rooms.length} rooms`);
      setStatus({ accountId, running: true, connected: true, lifecycle: 'ready', lastError: null });
    });
    client.on('disconnected', () => setStatus({ accountId, connected: false, lifecycle: 'recovering' }));
    client.on('ended', ({ code, message }) => {
      if (code !== 'closed') {
        // The gateway would start the channel again at once if it came to an end, and be refused again.
        log?.error(`[clawtank] closed for good: ${message} (${code})`);
        setStatus({ accountId, connected: false, lifecycle: 'stopped', lastError: message });
      }
    });
    client.on('room', (room) => {
      if (account.rooms?.has(room.id) ?? true) {
        this.listenIn(room, signal);
      }
    });
  }

  private listenIn(room: AgentRoom, signal: AbortSignal): void {
    room.on('joined', ({ state, recovered }) => {
      const known = this.attendances.get(room.id);
      if (known) {
        known.resume(recovered);
        return;
      }
      const { account } = this.context;
      const { cursors, history, mouth, turns, resumptions, report } = this;
      const attendance = new Attendance(room, {
        ...{ account, cursors, history, mouth, turns, resumptions, report, signal },
        self: () => this.self,
      });
      this.attendances.set(room.id, attendance);
      attendance.begin(state.seq, this.newRooms?.delete(room.id) ?? false);
    });
    room.on('message', (message) => this.attendances.get(room.id)?.hear(message));
    room.on('directMessage', (message) => this.attendances.get(room.id)?.hearDirectly(message));
    room.on('closed', () => {
      this.attendances.get(room.id)?.end();
      this.attendances.delete(room.id);
    });
  }

  private readonly report = (doing: string, error: unknown): void => {
    this.context.log?.warn(`[clawtank] ${doing}: ${error instanceof Error ? error.message : String(error)}`);
  };
}

function workspaceOf({ cfg, accountId }: GatewayContext<Account>, runtime: PluginRuntime): string {
  const peer = { kind: 'channel', id: 'room' } as const;
  const { agentId } = runtime.channel.routing.resolveAgentRoute({ cfg, channel: CHANNEL, accountId, peer });
  return runtime.agent.resolveAgentWorkspaceDir(cfg, agentId);
}
