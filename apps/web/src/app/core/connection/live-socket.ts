import { DOCUMENT, DestroyRef, InjectionToken, Service, effect, inject, signal, untracked } from '@angular/core';
import {
  type ClientToServerEvents,
  type CommandInput,
  type CommandName,
  type CommandReply,
  ERROR_STATUS,
  type Reply,
  type ReplyError,
  type ServerToClientEvents,
} from '@clawtank/contracts';
import { type Socket, io } from 'socket.io-client';
import { ApiProblem } from '../problem/api-problem';
import { Session } from '../session/session';
import { Connection } from './connection';
import { reconnectDelay } from './reconnect-delay';

type ClientSocket = Socket<ServerToClientEvents, ClientToServerEvents>;
type Credentials = (give: (auth: { token: string | null }) => void) => void;

/** Makes the socket, unconnected. Tests put their own in its place. */
export const MAKE_SOCKET = new InjectionToken<(auth: Credentials) => ClientSocket>('MAKE_SOCKET', {
  factory: () => (auth) =>
    io({
      transports: ['websocket'],
      auth,
      timeout: 10_000,
      forceNew: true,
      autoConnect: false,
      // Socket.IO's own reconnection leaves out disconnects by the server and refused handshakes; one rule here covers all.
      reconnection: false,
    }),
});

/** The server acknowledges whatever happens, so silence for this long means that the line is dead. */
const ACKNOWLEDGE_WITHIN = 20_000;
/** A connection that lasted this long was a good one: the next interruption starts with short delays again. */
const STEADY = 10_000;
/** An interruption that is over by then is not worth a banner. */
const UNNOTICED = 1_500;

/** `ended`: the server wants no more connections from this session, and says why. */
export type SocketState =
  { readonly kind: 'connecting' | 'connected' | 'lost' } | { readonly kind: 'ended'; readonly why: string };

/**
 * The one socket to `/` that every page shares, for as long as somebody is signed in: connected again whatever interrupts it,
 * until the server refuses for good.
 */
@Service()
export class LiveSocket {
  private readonly session = inject(Session);
  private readonly connection = inject(Connection);
  private readonly window = inject(DOCUMENT).defaultView;
  private readonly current = signal<SocketState>({ kind: 'connecting' });
  private readonly socket = inject(MAKE_SOCKET)((give) => void this.giveToken(give));
  private readonly connected = new Set<() => void>();
  private readerId: string | null = null;
  private failures = 0;
  private openedAt = 0;
  private token: string | null = null;
  private reconnection: ReturnType<typeof setTimeout> | undefined;
  private notice: ReturnType<typeof setTimeout> | undefined;

  readonly state = this.current.asReadonly();

  constructor() {
    this.socket.on('connect', () => this.opened());
    this.socket.on('connect_error', (error) => void this.handshakeFailed(error));
    this.socket.on('disconnect', () => this.lost());
    this.socket.on('session_closed', ({ reason }) => this.end(reason));
    effect(() => {
      const reader = this.session.status() === 'signed-in' ? this.session.account() : null;
      const isSignedOut = this.session.status() === 'signed-out';
      untracked(() => (reader ? this.openFor(reader.id) : isSignedOut && this.signedOut()));
    });
    const connectNow = () => this.connectNow();
    this.window?.addEventListener('online', connectNow);
    inject(DestroyRef).onDestroy(() => {
      this.window?.removeEventListener('online', connectNow);
      this.end('The page was left.');
    });
  }

  /** Calls `listener` with every push of this name, on this connection and those that replace it, until what it returns is called. */
  on<Name extends keyof ServerToClientEvents>(name: Name, listener: ServerToClientEvents[Name]): () => void {
    type Listen = (name: string, listener: ServerToClientEvents[Name]) => void;
    const untyped = this.socket as unknown as { on: Listen; off: Listen };
    untyped.on(name, listener);
    return () => untyped.off(name, listener);
  }

  /** Calls `listener` now if there is a connection, and each time one is made, until what it returns is called. */
  whenConnected(listener: () => void): () => void {
    this.connected.add(listener);
    if (this.current().kind === 'connected') {
      listener();
    }
    return () => this.connected.delete(listener);
  }

  /** Tries again at once, also after the end. */
  connectNow(): void {
    if (this.current().kind !== 'connected' && this.session.status() !== 'signed-out') {
      clearTimeout(this.reconnection);
      this.current.set({ kind: 'connecting' });
      this.socket.connect();
    }
  }

  /** Asks once, on the connection there is now. What is refused or does not arrive ends as an ApiProblem. */
  async ask<Name extends CommandName>(name: Name, request: CommandInput<Name>): Promise<CommandReply<Name>> {
    if (this.current().kind !== 'connected') {
      throw notDelivered();
    }
    const sentOn = this.socket.id;
    const untyped = this.socket.timeout(ACKNOWLEDGE_WITHIN) as unknown as {
      emitWithAck(name: string, request: unknown): Promise<Reply<CommandReply<Name>>>;
    };
    let reply: Reply<CommandReply<Name>>;
    try {
      reply = await untyped.emitWithAck(name, request);
    } catch {
      if (this.socket.connected && this.socket.id === sentOn) {
        this.socket.disconnect();
      }
      throw notDelivered();
    }
    if (!reply.ok) {
      throw refused(reply.error);
    }
    return reply.data;
  }

  private openFor(readerId: string): void {
    if (readerId === this.readerId) {
      return;
    }
    if (this.readerId !== null) {
      this.end('Somebody else signed in.');
    }
    this.readerId = readerId;
    this.failures = 0;
    this.current.set({ kind: 'connecting' });
    this.connection.report('members', 'connecting');
    this.socket.connect();
  }

  private signedOut(): void {
    this.readerId = null;
    this.end('You are signed out.');
  }

  private async giveToken(give: Parameters<Credentials>[0]): Promise<void> {
    this.token = await this.session.currentToken();
    give({ token: this.token });
  }

  private opened(): void {
    this.openedAt = performance.now();
    clearTimeout(this.notice);
    this.current.set({ kind: 'connected' });
    this.connection.report('members', 'connected');
    this.connected.forEach((listener) => listener());
  }

  private async handshakeFailed(error: Error & { data?: Partial<ReplyError> }): Promise<void> {
    const { code, message, retryAfter } = error.data ?? {};
    if (code === 'banned' || code === 'forbidden') {
      this.end(message ?? 'The server does not let you in.');
      return;
    }
    this.markLost();
    if (code === 'unauthenticated' && this.failures === 0) {
      // This computer's clock may be slow, or the session was renewed in another tab.
      this.failures++;
      await this.session.renew(this.token);
      this.connectNow();
      return;
    }
    this.connectLater(retryAfter);
  }

  private lost(): void {
    if (this.current().kind === 'ended') {
      return;
    }
    if (performance.now() - this.openedAt > STEADY) {
      this.failures = 0;
    }
    this.markLost();
    this.connectLater();
  }

  private markLost(): void {
    if (this.current().kind === 'ended') {
      return;
    }
    this.current.set({ kind: 'lost' });
    clearTimeout(this.notice);
    this.notice = setTimeout(() => this.connection.report('members', 'lost', () => this.connectNow()), UNNOTICED);
  }

  private connectLater(atLeast = 0): void {
    if (this.current().kind === 'ended') {
      return;
    }
    clearTimeout(this.reconnection);
    const delay = Math.max(atLeast, reconnectDelay(this.failures++, Math.random()));
    this.reconnection = setTimeout(() => this.socket.connect(), delay);
  }

  private end(why: string): void {
    clearTimeout(this.reconnection);
    clearTimeout(this.notice);
    this.current.set({ kind: 'ended', why });
    this.connection.report('members', 'idle');
    this.socket.disconnect();
  }
}

function notDelivered(): ApiProblem {
  return new ApiProblem(
    'offline',
    0,
    'Not sent',
    'The connection is interrupted. Nothing was lost; try again in a moment.',
  );
}

function refused({ code, message, errors, retryAfter }: ReplyError): ApiProblem {
  return new ApiProblem(code, ERROR_STATUS[code], 'That did not work', message, errors ?? [], retryAfter ?? null);
}
