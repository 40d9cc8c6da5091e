import type { Agent, TaskSession } from './agent.js';
import { type AgentClient, connectAgent, type ConnectOptions } from './agent-client.js';
import type { AgentRoom } from './agent-room.js';
import { Inbox } from './inbox.js';
import { type Report, TaskRunner } from './task-runner.js';

const GRACE_MS = 10_000;

export interface RunAgentOptions extends ConnectOptions {
  /** How many tasks are worked on at the same time; the others wait. One unless said otherwise. */
  readonly concurrency?: number;
  /**
   * A folder in which is kept how far the agent has dealt with its inbox, so that nothing comes again that it dealt with before its
   * program was killed. Without it the server alone remembers, and what was dealt with right before that comes once more.
   */
  readonly journal?: string;
  /** Signals that stop the agent gracefully: `SIGINT` and `SIGTERM` unless said otherwise. */
  readonly stopOn?: readonly NodeJS.Signals[];
  /** Hears of problems that nobody else hears of. Writes them to standard error unless said otherwise. */
  readonly report?: Report;
}

export interface RunningAgent {
  readonly client: AgentClient;
  /** Resolves when the agent has stopped; rejects with `ConnectionEnded` when the server refuses it for good. */
  readonly stopped: Promise<void>;
  /**
   * Claims a task that was not given to the agent, and has its handler do it like any other. Resolves once it is claimed; rejects with
   * `CommandRefused` if it cannot be, and with `AgentAtWork` if the agent has as many tasks as it works on at the same time.
   */
  claim(roomId: string, taskId: string): Promise<TaskSession>;
  /** Claims nothing more, lets the work in hand finish for a while, releases what is left, and disconnects. */
  stop(graceMs?: number): Promise<void>;
}

/** Connects an agent and works on the tasks it is given until it is stopped or refused for good. */
export function runAgent(
  agent: Agent,
  { concurrency = 1, journal, stopOn = ['SIGINT', 'SIGTERM'], report = complain, ...connect }: RunAgentOptions,
): RunningAgent {
  const client = connectAgent({ capabilities: agent.capabilities, ...connect });
  const runner = new TaskRunner(agent, client, concurrency, report);
  client.on('room', (room) => attend(room, agent, client, runner, report));
  // What nobody would deal with is not acknowledged either.
  const inbox = agent.onAddressed ? inboxOf(agent, client, journal, report) : null;

  const stopped = new Promise<void>((resolve, reject) => {
    client.once('ended', (reason) => (reason.code === 'closed' ? resolve() : reject(reason)));
  });
  stopped.catch(() => undefined); // it also ends those who never ask

  let stopping: Promise<void> | undefined;
  const stop = (graceMs = GRACE_MS): Promise<void> => {
    stopping ??= Promise.all([runner.stop(graceMs), inbox?.stop(graceMs)]).then(() => client.close());
    return stopping;
  };
  const onSignal = (): void => void stop();
  stopOn.forEach((signal) => process.once(signal, onSignal));
  client.once('ended', () => stopOn.forEach((signal) => process.off(signal, onSignal)));

  return { client, stopped, stop, claim: (roomId, taskId) => runner.claimNow({ roomId, taskId }) };
}

const inboxOf = (agent: Agent, client: AgentClient, journal: string | undefined, report: Report): Inbox =>
  new Inbox(client, (item, signal) => agent.onAddressed?.(item, client.room(item.roomId), signal), journal, report);

function attend(room: AgentRoom, agent: Agent, client: AgentClient, runner: TaskRunner, report: Report): void {
  room.on('current', ({ state }) => {
    if (client.self) {
      runner.resumeFrom(state, client.self);
    }
  });
  room.on('joined', ({ recovered }) => {
    if (!recovered) {
      void guarded('onRoomJoin', () => agent.onRoomJoin?.(room), report);
    }
  });
  room.on('directMessage', (message) => {
    const isNew = message.editedAt === null && message.deletedAt === null;
    if (isNew && message.userId !== client.self?.agentId) {
      void guarded('onDirectMessage', () => agent.onDirectMessage?.(message, room), report);
    }
  });
  room.on('message', (message) => {
    if (message.userId !== client.self?.agentId) {
      void guarded('onChatMessage', () => agent.onChatMessage?.(message, room), report);
    }
  });
}

/** An author's mistake must not take down the connection. */
async function guarded(doing: string, call: () => void | Promise<void>, report: Report): Promise<void> {
  try {
    await call();
  } catch (error) {
    report(doing, error);
  }
}

function complain(doing: string, error: unknown): void {
  console.error(`clawtank agent: ${doing}:`, error);
}
