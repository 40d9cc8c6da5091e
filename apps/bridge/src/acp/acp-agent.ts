import { Readable, Writable } from 'node:stream';
import {
  client,
  type ClientConnection,
  type InitializeResponse,
  methods,
  ndJsonStream,
  type NewSessionResponse,
  PROTOCOL_VERSION,
  type RequestPermissionRequest,
  type RequestPermissionResponse,
  type SessionModeState,
  type SessionUpdate,
  type StopReason,
} from '@agentclientprotocol/sdk';
import { VERSION } from '../version.js';
import { type AgentCommand, AgentProcess } from './agent-process.js';

const INITIALIZE_TIMEOUT_MS = 60_000;

/** Whom the agent talks to: hears of what it does, and answers when it asks. */
export interface AgentHost {
  updated(update: SessionUpdate): void;
  permission(request: RequestPermissionRequest): Promise<RequestPermissionResponse>;
}

/** The agent's process is gone; the message says how it ended, with the end of what it complained about. */
export class AgentDied extends Error {}

/** The agent answered with an error; the message is what it said. */
export class AgentRefused extends Error {}

/** A session as it was opened: a new one remembers nothing, a resumed or loaded one what happened before. */
export interface OpenedSession {
  readonly sessionId: string;
  readonly remembers: boolean;
}

interface FoundSession extends OpenedSession {
  readonly modes: SessionModeState | null | undefined;
}

/** A running ACP agent. Every call rejects with `AgentDied` once its process is gone. */
export class AcpAgent {
  private isReplaying = false;

  private constructor(
    readonly process: AgentProcess,
    private readonly connection: ClientConnection,
    readonly description: InitializeResponse,
  ) {}

  /** Starts the program and says hello to it. */
  static async start(
    command: AgentCommand,
    folder: string,
    environment: NodeJS.ProcessEnv,
    host: AgentHost,
  ): Promise<AcpAgent> {
    const process = await AgentProcess.start(command, folder, environment).catch((error: Error) => {
      throw new AgentDied(`${command.program} cannot be started: ${error.message}`);
    });
    let agent: AcpAgent | undefined;
    const connection = client({ name: 'clawtank-bridge' })
      .onRequest(methods.client.session.requestPermission, ({ params }) => host.permission(params))
      .onNotification(methods.client.session.update, ({ params }) => {
        if (!agent?.isReplaying) {
          host.updated(params.update);
        }
      })
      .connect(
        ndJsonStream(Writable.toWeb(process.input), Readable.toWeb(process.output) as ReadableStream<Uint8Array>),
      );
    try {
      const description = await answered(process, withinTime(connection), async () =>
        connection.agent.request(methods.agent.initialize, {
          protocolVersion: PROTOCOL_VERSION,
          clientCapabilities: {},
          clientInfo: { name: 'clawtank-bridge', version: VERSION },
        }),
      );
      if (description.protocolVersion !== PROTOCOL_VERSION) {
        throw new AgentRefused(
          `It speaks ACP ${description.protocolVersion}, the bridge speaks ACP ${PROTOCOL_VERSION}`,
        );
      }
      agent = new AcpAgent(process, connection, description);
      return agent;
    } catch (error) {
      await process.end(0);
      throw error;
    }
  }

  /** What it calls itself. */
  get title(): { name: string; version: string } {
    const { title, name = 'an unnamed agent', version = '' } = this.description.agentInfo ?? {};
    return { name: title || name, version };
  }

  /** Takes up an earlier session if the agent can, or else opens a new one; in this mode, if the agent has it. */
  async openSession(folder: string, earlier: string | null, mode?: string): Promise<OpenedSession> {
    const { modes, ...session } = await this.findSession(folder, earlier);
    const isKnown = modes?.availableModes.some(({ id }) => id === mode);
    if (mode !== undefined && isKnown && modes?.currentModeId !== mode) {
      const request = { sessionId: session.sessionId, modeId: mode };
      await this.ask(() => this.connection.agent.request(methods.agent.session.setMode, request));
    }
    return session;
  }

  private async findSession(folder: string, earlier: string | null): Promise<FoundSession> {
    const { loadSession, sessionCapabilities } = this.description.agentCapabilities ?? {};
    const place = { cwd: folder, mcpServers: [] };
    if (earlier !== null && sessionCapabilities?.resume) {
      const resumed = await this.attempt(() =>
        this.connection.agent.request(methods.agent.session.resume, { ...place, sessionId: earlier }),
      );
      if (resumed) {
        return { sessionId: earlier, remembers: true, modes: resumed.modes };
      }
    }
    if (earlier !== null && loadSession) {
      this.isReplaying = true;
      const loaded = await this.attempt(() =>
        this.connection.agent.request(methods.agent.session.load, { ...place, sessionId: earlier }),
      );
      this.isReplaying = false;
      if (loaded) {
        return { sessionId: earlier, remembers: true, modes: loaded.modes };
      }
    }
    const { sessionId, modes } = await this.ask<NewSessionResponse>(() =>
      this.connection.agent.request(methods.agent.session.new, place),
    );
    return { sessionId, remembers: false, modes };
  }

  /** Has the agent work on a prompt; resolves when its turn is over. */
  async prompt(sessionId: string, text: string): Promise<StopReason> {
    const { stopReason } = await this.ask(() =>
      this.connection.agent.request(methods.agent.session.prompt, { sessionId, prompt: [{ type: 'text', text }] }),
    );
    return stopReason;
  }

  /** Asks the agent to end its turn. */
  async cancel(sessionId: string): Promise<void> {
    await this.connection.agent.notify(methods.agent.session.cancel, { sessionId }).catch(() => undefined); // who is gone has stopped
  }

  async end(graceMs: number): Promise<void> {
    await this.process.end(graceMs);
    this.connection.close();
  }

  /** Null if the agent says no; a session that it does not know any more is no misfortune. */
  private async attempt<Answer>(request: () => Promise<Answer>): Promise<Answer | null> {
    try {
      return await this.ask(request);
    } catch (error) {
      if (error instanceof AgentRefused) {
        return null;
      }
      throw error;
    }
  }

  private ask<Answer>(request: () => Promise<Answer>): Promise<Answer> {
    return answered(this.process, null, request);
  }
}

/** The answer to a request, or why there is none: the process ended, or the agent said no. */
async function answered<Answer>(
  process: AgentProcess,
  limit: Promise<never> | null,
  request: () => Promise<Answer>,
): Promise<Answer> {
  const died = process.ended.then((how) => {
    throw new AgentDied([`The agent ${how}`, process.complaints].filter(Boolean).join(': '));
  });
  try {
    return await Promise.race([request(), died, ...(limit ? [limit] : [])]);
  } catch (error) {
    if (error instanceof AgentDied || error instanceof AgentRefused) {
      throw error;
    }
    // A closed pipe is noticed before the end of the process is.
    if (isClosed(error)) {
      return died;
    }
    throw new AgentRefused(wordsOf(error));
  } finally {
    died.catch(() => undefined);
  }
}

async function withinTime(connection: ClientConnection): Promise<never> {
  await new Promise((resolve) => {
    const timer = setTimeout(resolve, INITIALIZE_TIMEOUT_MS);
    timer.unref();
    connection.signal.addEventListener('abort', () => clearTimeout(timer));
  });
  throw new AgentRefused(`It did not answer within ${INITIALIZE_TIMEOUT_MS / 1000} s. Does it speak ACP?`);
}

function isClosed(error: unknown): boolean {
  return error instanceof Error && /connection closed|EPIPE|ERR_STREAM|write after end/i.test(error.message);
}

/** The message of an error with what agents put beside it. */
function wordsOf(error: unknown): string {
  const { message = String(error), data } = error as { message?: string; data?: unknown };
  const more = typeof data === 'string' ? data : data === undefined ? '' : JSON.stringify(data);
  return [message, more].filter(Boolean).join(': ');
}
