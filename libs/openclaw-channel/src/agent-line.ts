import { once } from 'node:events';
import { join } from 'node:path';
import { AgentKeyStore, type AgentRoom, type RunningAgent, runAgent } from '@clawtank/agent-sdk';
import type { AgentSelf } from '@clawtank/contracts';
import type { GatewayContext, PluginRuntime } from 'openclaw/plugin-sdk/channel-core';
import { Attendance } from './attendance.js';
import { CHANNEL, ONLY_ACCOUNT } from './channel.js';
import type { Access, Account } from './config.js';
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
  /** Which of the gateway's agents it is. */
  readonly openClawAgent: string;
  private readonly turns: Turns;
  private readonly attendances = new Map<string, Attendance>();
  private readonly lostSeats = new Map<string, string>();
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
    this.openClawAgent = openClawAgentOf(context, runtime);
    this.turns = new Turns({ runtime, cfg, account, self: () => this.self });
    this.desk = new TaskDesk({
      ...{ account, server, token, keys, begunTasks, turns: this.turns, resumptions: this.resumptions },
      mouth: () => this.mouth,
      repositories: join(folder, 'repositories'),
      worktrees: worktreesOf(context, runtime, this.openClawAgent),
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
      throw new Error(`The account ${accountId} of channels.clawtank says no serverUrl, or no token that can be had`);
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
      setStatus({ accountId, running: true, connected: true, lifecycle: 'ready', lastError: this.trouble });
    });
    client.on('disconnected', () => {
      log?.info('[clawtank] disconnected; trying again');
      setStatus({ accountId, connected: false, lifecycle: 'recovering' });
    });
    client.on('ended', ({ code, message }) => {
      for (const roomId of [...this.attendances.keys()]) {
        this.leave(roomId);
      }
      if (code !== 'closed') {
        // The gateway would start the channel again at once if it came to an end, and be refused again.
        log?.error(`[clawtank] closed for good: ${message} (${code})`);
        setStatus({
          accountId,
          connected: false,
          lifecycle: 'blocked',
          terminalDisconnect: true,
          lastError: `${message} (${code})`,
        });
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
      const { account, accountId, setStatus } = this.context;
      const { cursors, history, mouth, turns, resumptions, report } = this;
      const attendance = new Attendance(room, {
        ...{ account, cursors, history, mouth, turns, resumptions, report, signal },
        self: () => this.self,
      });
      this.attendances.set(room.id, attendance);
      this.lostSeats.delete(room.id);
      setStatus({ accountId, lastError: this.trouble });
      attendance.begin(state.seq, this.newRooms?.delete(room.id) ?? false);
    });
    room.on('message', (message) => this.attendances.get(room.id)?.hear(message));
    room.on('directMessage', (message) => this.attendances.get(room.id)?.hearDirectly(message));
    room.on('closed', ({ reason }) => {
      const lost = `The agent’s seat in the room ${this.leave(room.id)?.roomName ?? room.id} is gone (${reason})`;
      const { accountId, log, setStatus } = this.context;
      this.lostSeats.set(room.id, lost);
      log?.warn(`[clawtank] ${lost}`);
      setStatus({ accountId, lastError: this.trouble });
    });
  }

  /** What whoever looks at the gateway should know although the agent is connected. */
  private get trouble(): string | null {
    return [...this.lostSeats.values()].at(-1) ?? null;
  }

  /** Nothing is heard, answered or said in the room any more, and what is being thought about it is broken off. */
  private leave(roomId: string): Attendance | null {
    const attendance = this.attendances.get(roomId) ?? null;
    attendance?.end();
    this.attendances.delete(roomId);
    return attendance;
  }

  /** Tells whoever reads the gateway's log. */
  readonly report = (doing: string, error: unknown): void => {
    this.context.log?.warn(`[clawtank] ${doing}: ${error instanceof Error ? error.message : String(error)}`);
  };
}

function openClawAgentOf({ cfg, accountId }: GatewayContext<Account>, { channel }: PluginRuntime): string {
  const peer = { kind: 'channel', id: 'room' } as const;
  return channel.routing.resolveAgentRoute({ cfg, channel: CHANNEL, accountId, peer }).agentId;
}

/** Two agents of one gateway may share a workspace; none is to find the other's files there. */
function worktreesOf({ cfg, accountId }: GatewayContext<Account>, { agent }: PluginRuntime, agentId: string): string {
  const folder = join(agent.resolveAgentWorkspaceDir(cfg, agentId), CHANNEL);
  return accountId === ONLY_ACCOUNT ? folder : join(folder, accountId);
}
