import type { ClientRequestArgs } from 'node:http';
import type { CommandInput, CommandName, CommandReply, Reply, ReplyError } from '@clawtank/contracts';
import { type ClientOptions, WebSocket } from 'ws';

const CONNECT_MS = 30_000;
const ANSWER_MS = 30_000;
export const SOCKET_IO = '/socket.io/?EIO=4&transport=websocket';

export interface WireOptions {
  readonly url: string;
  readonly namespace?: string;
  readonly auth?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Closed {
  readonly code: number;
  readonly reason: string;
}

/** The server refused the handshake of a namespace and said why. */
export class HandshakeRefused extends Error {
  constructor(
    message: string,
    readonly error: Partial<ReplyError> | undefined,
  ) {
    super(message);
  }
}

/** A command was refused. */
export class CommandRefused extends Error {
  constructor(
    readonly command: string,
    readonly error: ReplyError,
  ) {
    super(`${command}: ${error.code}: ${error.message}`);
  }
}

/** The connection ended before the answer came: whether the command was done is not known. */
export class Unanswered extends Error {}

/**
 * A Socket.IO connection over a plain WebSocket, by hand: it can be cut, stop reading and say what no client would say, and a
 * thousand of them leave something of the machine to the server. For the server there is no difference.
 */
export class WireSocket {
  private readonly socket: WebSocket;
  private readonly prefix: string;
  private readonly waiting = new Map<number, (reply: unknown) => void>();
  private readonly listeners: ((name: string, payload: unknown) => void)[] = [];
  private lastId = 0;
  private settle: ((error: Error | null) => void) | null = null;
  /** What the server said when it closed the connection; null while it is open. */
  closed: Closed | null = null;
  /** Everything that arrived, if asked for. */
  readonly frames: string[] = [];
  readonly whenClosed: Promise<Closed>;

  private constructor(
    private readonly options: WireOptions,
    private readonly keepsFrames: boolean,
  ) {
    const { url, namespace = '/', headers } = options;
    this.prefix = namespace === '/' ? '' : `${namespace},`;
    const wsOptions: ClientOptions & ClientRequestArgs = { perMessageDeflate: false, skipUTF8Validation: true };
    this.socket = new WebSocket(`${url.replace(/^http/, 'ws')}${SOCKET_IO}`, {
      ...wsOptions,
      ...(headers && { headers }),
    });
    this.socket.on('message', (data: Buffer, isBinary) => {
      if (!isBinary) {
        this.read(data.toString());
      }
    });
    this.socket.on('error', (error) => this.settle?.(error));
    this.whenClosed = new Promise((resolve) =>
      this.socket.on('close', (code, reason) => {
        this.closed = { code, reason: reason.toString() };
        this.settle?.(new Unanswered(`The connection was closed with ${code}`));
        this.waiting.forEach((answer) => answer(null));
        this.waiting.clear();
        resolve(this.closed);
      }),
    );
  }

  /** Connects and signs in. */
  static async open(options: WireOptions): Promise<WireSocket> {
    const wire = new WireSocket(options, false);
    await wire.settled(() => undefined);
    return wire;
  }

  /** Opens the connection and says nothing but what it is told to say. */
  static async openBare(options: Omit<WireOptions, 'auth'>): Promise<WireSocket> {
    const wire = new WireSocket({ ...options, auth: null }, true);
    await wire.settled(() => wire.socket.once('open', () => wire.settle?.(null)));
    return wire;
  }

  /** The WebSocket under it all. */
  get raw(): WebSocket {
    return this.socket;
  }

  get isOpen(): boolean {
    return this.closed === null;
  }

  /** Calls `listener` with every push. */
  listen(listener: (name: string, payload: unknown) => void): void {
    this.listeners.push(listener);
  }

  /** Sends a frame as it is. */
  send(frame: string | Buffer): void {
    this.socket.send(frame);
  }

  /** Sends a command without waiting for an answer. */
  emit(name: string, ...payload: unknown[]): void {
    this.socket.send(`42${this.prefix}${JSON.stringify([name, ...payload])}`);
  }

  /** Sends anything as a command; the answer as it came. Fails if there is none. */
  async askAnything(name: string, ...payload: unknown[]): Promise<Reply<unknown>> {
    if (this.socket.readyState !== WebSocket.OPEN) {
      throw new Unanswered('The connection is not open');
    }
    const id = ++this.lastId;
    const reply = await new Promise<unknown>((resolve) => {
      const patience = setTimeout(() => resolve(null), ANSWER_MS);
      this.waiting.set(id, (answer) => {
        clearTimeout(patience);
        resolve(answer);
      });
      this.socket.send(`42${this.prefix}${id}${JSON.stringify([name, ...payload])}`);
    });
    this.waiting.delete(id);
    if (reply === null) {
      throw new Unanswered(`${name} was not answered`);
    }
    return reply as Reply<unknown>;
  }

  /** Sends a command and waits for its reply, accepted or refused. */
  ask<Name extends CommandName>(name: Name, request: CommandInput<Name>): Promise<Reply<CommandReply<Name>>> {
    return this.askAnything(name, request) as Promise<Reply<CommandReply<Name>>>;
  }

  /** The data of an accepted command; throws `CommandRefused` otherwise. */
  async accepted<Name extends CommandName>(name: Name, request: CommandInput<Name>): Promise<CommandReply<Name>> {
    const reply = await this.ask(name, request);
    if (!reply.ok) {
      throw new CommandRefused(name, reply.error);
    }
    return reply.data;
  }

  /** Ends the connection as a broken line does: without a word. */
  cut(): void {
    this.socket.terminate();
  }

  stopReading(): void {
    this.socket.pause();
  }

  readOn(): void {
    this.socket.resume();
  }

  private async settled(begin: () => void): Promise<void> {
    const patience = setTimeout(() => this.settle?.(new Unanswered('The handshake took too long')), CONNECT_MS);
    try {
      await new Promise<void>((resolve, reject) => {
        this.settle = (error) => (error ? reject(error) : resolve());
        begin();
      });
    } catch (error) {
      this.socket.terminate();
      throw error;
    } finally {
      clearTimeout(patience);
      this.settle = null;
    }
  }

  private read(frame: string): void {
    if (this.keepsFrames) {
      this.frames.push(frame);
    }
    if (frame === '2') {
      this.socket.send('3');
    } else if (frame.startsWith('0') && this.options.auth !== null) {
      this.socket.send(`40${this.prefix}${JSON.stringify(this.options.auth ?? {})}`);
    } else if (frame.startsWith('40')) {
      this.settle?.(null);
    } else if (frame.startsWith('44')) {
      const { message, data } = JSON.parse(frame.slice(frame.indexOf('{'))) as { message: string; data?: ReplyError };
      this.settle?.(new HandshakeRefused(message, data));
    } else if (frame.startsWith(`42${this.prefix}[`)) {
      const [name, payload] = JSON.parse(frame.slice(2 + this.prefix.length)) as [string, unknown];
      this.listeners.forEach((listener) => listener(name, payload));
    } else if (frame.startsWith('43')) {
      const bracket = frame.indexOf('[');
      const [reply] = JSON.parse(frame.slice(bracket)) as [unknown];
      this.waiting.get(Number(frame.slice(2 + this.prefix.length, bracket)))?.(reply);
    }
  }
}
