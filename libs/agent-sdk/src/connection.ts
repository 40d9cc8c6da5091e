import { EventEmitter } from 'node:events';
import {
  type AgentSelf,
  type CommandInput,
  type CommandName,
  type CommandReply,
  type ErrorCode,
  KEY_PROOF_NAMESPACE,
  keyProofText,
  type Reply,
  type ReplyError,
  type ServerToClientEvents,
} from '@clawtank/contracts';
import { io, type Socket } from 'socket.io-client';
import type { AgentKey, AgentKeyStore } from './agent-keys.js';
import { reconnectDelay } from './backoff.js';
import { CommandRefused, ConnectionEnded, NotDelivered } from './errors.js';

const HANDSHAKE_TIMEOUT_MS = 10_000;
/** The server acknowledges whatever happens, so silence for this long means that the line is dead. */
const ACKNOWLEDGE_TIMEOUT_MS = 20_000;
/** A connection that lasted this long was a good one: the next interruption starts with short delays again. */
const STEADY_MS = 10_000;

/** Refusals that the same token, asking the same again, will always get. */
const PERMANENT: ReadonlySet<ErrorCode> = new Set([
  'unauthenticated',
  'credentials_wrong',
  'forbidden',
  'banned',
  'invalid_input',
  'unknown_command',
  'superseded',
  'signature_invalid',
  'key_taken',
  'key_revoked',
  'too_many_keys',
]);

export interface ConnectionOptions {
  readonly url: string;
  readonly token: string;
  readonly instance: string;
  readonly capabilities: readonly string[];
  readonly keys?: AgentKeyStore | undefined;
}

interface ConnectionEvents {
  /** Connected and registered, with the agent's key if it has one. */
  open: [AgentSelf];
  lost: [];
  ended: [ConnectionEnded];
}

/** One socket to `/agents`: connected again whatever interrupts it, registered each time, until the server refuses for good. */
export class Connection extends EventEmitter<ConnectionEvents> {
  private readonly socket: Socket;
  private failures = 0;
  private openedAt = 0;
  private isRegistered = false;
  private ended: ConnectionEnded | null = null;
  private reconnection: NodeJS.Timeout | undefined;

  constructor(private readonly options: ConnectionOptions) {
    super();
    this.socket = io(new URL('/agents', options.url).href, {
      transports: ['websocket'],
      auth: { token: options.token },
      timeout: HANDSHAKE_TIMEOUT_MS,
      forceNew: true,
      autoConnect: false,
      // Socket.IO's own reconnection leaves out disconnects by the server and refused handshakes; here one rule covers all.
      reconnection: false,
    });
    this.socket.on('connect', () => void this.register());
    this.socket.on('connect_error', (error) => this.handshakeFailed(error));
    this.socket.on('disconnect', () => this.disconnected());
    this.onPush('session_closed', ({ reason, code }) =>
      this.end(new ConnectionEnded(code === 'superseded' ? code : 'session_closed', reason)),
    );
    this.socket.connect();
  }

  /** Calls `listener` with every push of this name, on this connection and those that replace it. */
  onPush<Name extends keyof ServerToClientEvents>(name: Name, listener: ServerToClientEvents[Name]): void {
    const event: string = name;
    this.socket.on(event, listener);
  }

  /** Connected and registered at this moment. */
  get isOpen(): boolean {
    return this.isRegistered;
  }

  /** Asks once, on the connection there is now. */
  async ask<Name extends CommandName>(name: Name, request: CommandInput<Name>): Promise<CommandReply<Name>> {
    if (this.ended) {
      throw this.ended;
    }
    // Those who heard first that the line is gone may ask before it is written down here.
    if (!this.isRegistered || !this.socket.connected) {
      throw new NotDelivered(name, 'not_connected');
    }
    return this.send(name, request);
  }

  close(): void {
    this.end(new ConnectionEnded('closed', 'The client was closed'));
  }

  private async send<Name extends CommandName>(name: Name, request: CommandInput<Name>): Promise<CommandReply<Name>> {
    const sentOn = this.socket.id;
    let reply: Reply<CommandReply<Name>>;
    try {
      reply = (await this.socket.timeout(ACKNOWLEDGE_TIMEOUT_MS).emitWithAck(name, request)) as typeof reply;
    } catch {
      if (this.socket.connected && this.socket.id === sentOn) {
        this.socket.disconnect();
      }
      throw new NotDelivered(name, 'connection_lost');
    }
    if (!reply.ok) {
      throw new CommandRefused(name, reply.error);
    }
    return reply.data;
  }

  private async register(): Promise<void> {
    const { capabilities, instance, keys } = this.options;
    const connection = this.socket.id;
    try {
      const self = await this.send('agent_register', { capabilities: [...capabilities], instance });
      const key = keys && (await openKey(keys, self.agentId));
      if (this.socket.id !== connection) {
        return; // lost meanwhile; the next one registers for itself
      }
      if (key) {
        const proof = key.sign(keyProofText(self.agentId), KEY_PROOF_NAMESPACE);
        await this.send('register_key', { publicKey: key.publicKey, proof });
      }
      if (this.ended) {
        return;
      }
      this.openedAt = performance.now();
      this.isRegistered = true;
      this.emit('open', self);
    } catch (error) {
      if (error instanceof CommandRefused && PERMANENT.has(error.code)) {
        this.end(new ConnectionEnded(error.code, error.message));
      } else if (error instanceof ConnectionEnded) {
        this.end(error);
      } else {
        this.socket.disconnect();
      }
    }
  }

  private handshakeFailed(error: Error & { data?: Partial<ReplyError> }): void {
    const { code, message, retryAfter } = error.data ?? {};
    if (code && PERMANENT.has(code)) {
      this.end(new ConnectionEnded(code, message ?? error.message));
    } else {
      this.connectLater(retryAfter);
    }
  }

  private disconnected(): void {
    const wasOpen = this.isRegistered;
    this.isRegistered = false;
    if (this.ended) {
      return;
    }
    if (wasOpen && performance.now() - this.openedAt > STEADY_MS) {
      this.failures = 0;
    }
    this.connectLater();
    if (wasOpen) {
      this.emit('lost');
    }
  }

  private connectLater(atLeast = 0): void {
    if (this.ended) {
      return;
    }
    clearTimeout(this.reconnection);
    const delay = Math.max(atLeast, reconnectDelay(this.failures++, Math.random()));
    this.reconnection = setTimeout(() => this.socket.connect(), delay);
  }

  private end(reason: ConnectionEnded): void {
    if (this.ended) {
      return;
    }
    this.ended = reason;
    this.isRegistered = false;
    clearTimeout(this.reconnection);
    this.socket.disconnect();
    this.emit('ended', reason);
  }
}

async function openKey(keys: AgentKeyStore, agentId: string): Promise<AgentKey> {
  try {
    return await keys.keyOf(agentId);
  } catch (error) {
    throw new ConnectionEnded('key_unusable', (error as Error).message);
  }
}
