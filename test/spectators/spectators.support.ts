import { randomUUID } from 'node:crypto';
import type {
  PublicEvent,
  SpectatorActivity,
  SpectatorChat,
  SpectatorChatAccepted,
  SpectatorChatDeleted,
  SpectatorChatMessage,
  SpectatorEnvelope,
  SpectatorError,
  SpectatorPresence,
  SpectatorSays,
  SpectatorWelcome,
} from '@clawtank/contracts';
import { io, type Socket } from 'socket.io-client';
import { WebSocket } from 'ws';

interface Received {
  readonly 'spectator.welcome': SpectatorWelcome;
  readonly 'spectator.activity': SpectatorActivity;
  readonly 'spectator.presence': SpectatorPresence;
  readonly 'spectator.chat': SpectatorChat;
  readonly 'spectator.chat_message': SpectatorChatMessage;
  readonly 'spectator.chat_accepted': SpectatorChatAccepted;
  readonly 'spectator.chat_deleted': SpectatorChatDeleted;
  readonly 'spectator.error': SpectatorError;
}
type ReceivedType = keyof Received;

export interface Start {
  readonly auth_token?: string;
  readonly spectator_token?: string;
  readonly last_chat_revision?: number;
  readonly last_public_seq?: number;
  readonly epoch?: string;
}

/** A spectator's client as a stranger would write it from the specification. */
export abstract class TestSpectator {
  /** Every byte of text that arrived. */
  raw = '';
  readonly messages: SpectatorEnvelope[] = [];
  closed: { readonly code: number | null } | null = null;
  private readonly waiting = new Set<() => void>();

  abstract say(type: string, data: unknown, id?: string): void;
  abstract leave(): Promise<void>;

  /** The WebSocket under it all. */
  protected abstract readonly carrier: WebSocket;

  stopReading(): void {
    this.carrier.pause();
  }

  readOn(): void {
    this.carrier.resume();
  }

  of<Type extends ReceivedType>(type: Type): Received[Type][] {
    return this.messages.filter((message) => message.type === type).map(({ data }) => data as Received[Type]);
  }

  get events(): PublicEvent[] {
    return this.of('spectator.activity').flatMap(({ events }) => events);
  }

  /** Resolves once `question` has an answer; it is asked again whenever something arrives. */
  until<Answer>(question: () => Answer | undefined | null | false): Promise<Answer> {
    return new Promise((resolve) => {
      const ask = () => {
        const answer = question();
        if (answer !== undefined && answer !== null && answer !== false) {
          this.waiting.delete(ask);
          resolve(answer);
        }
      };
      this.waiting.add(ask);
      ask();
    });
  }

  welcome(count = 1): Promise<SpectatorWelcome> {
    return this.until(() => this.of('spectator.welcome')[count - 1]);
  }

  error(count = 1): Promise<SpectatorError> {
    return this.until(() => this.of('spectator.error')[count - 1]);
  }

  chat(count = 1): Promise<SpectatorChat> {
    return this.until(() => this.of('spectator.chat')[count - 1]);
  }

  /** Says something in the chat; answers with how that was taken. */
  async chats(
    says: Partial<SpectatorSays>,
    id: string = randomUUID(),
  ): Promise<SpectatorChatAccepted | SpectatorError> {
    const before = this.answersTo(id).length;
    this.say('spectator.chat_message', says, id);
    return this.until(() => this.answersTo(id)[before]);
  }

  /** The texts of the chat as they came. */
  get heard(): string[] {
    return this.of('spectator.chat_message').map(({ message }) => message);
  }

  private answersTo(id: string): (SpectatorChatAccepted | SpectatorError)[] {
    return [...this.of('spectator.chat_accepted'), ...this.of('spectator.error')].filter(
      ({ request_id }) => request_id === id,
    );
  }

  /** The stream's events once they have reached `publicSeq`. */
  eventsUpTo(publicSeq: number): Promise<PublicEvent[]> {
    return this.until(() => this.events.at(-1)?.public_seq === publicSeq && this.events);
  }

  protected received(text: string): void {
    this.raw += text;
    this.messages.push(JSON.parse(text) as SpectatorEnvelope);
    this.notify();
  }

  protected ended(code: number | null): void {
    this.closed = { code };
    this.notify();
  }

  private notify(): void {
    [...this.waiting].forEach((ask) => ask());
  }
}

export class PlainSpectator extends TestSpectator {
  readonly socket: WebSocket;

  constructor(
    url: string,
    roomId: string,
    { auth_token, spectator_token, last_chat_revision, ...start }: Start = {},
    headers: Record<string, string> = {},
  ) {
    super();
    const query = new URLSearchParams(
      Object.entries(start).map(([name, value]): [string, string] => [name, String(value)]),
    );
    this.socket = new WebSocket(`${url.replace('http', 'ws')}/spectate/${roomId}?${query.toString()}`, { headers });
    this.socket.on('message', (frame: Buffer) => this.received(frame.toString()));
    this.socket.on('close', (code) => this.ended(code));
    this.socket.on('error', () => undefined); // the close that follows tells
    const later = { auth_token, spectator_token, last_chat_revision };
    if (Object.values(later).some((value) => value !== undefined)) {
      this.socket.on('open', () => this.say('spectator.connect', later));
    }
  }

  protected override get carrier(): WebSocket {
    return this.socket;
  }

  override say(type: string, data: unknown, id?: string): void {
    this.socket.send(JSON.stringify({ id, type, data }));
  }

  override async leave(): Promise<void> {
    this.socket.close();
    await this.until(() => this.closed);
  }
}

export class SocketIoSpectator extends TestSpectator {
  readonly socket: Socket;

  constructor(url: string, roomId: string, start: Start = {}) {
    super();
    this.socket = io(`${url}/spectate/${roomId}`, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      auth: start,
    });
    this.socket.onAny((type: string, envelope: SpectatorEnvelope) => {
      expect(envelope.type).toBe(type);
      this.received(JSON.stringify(envelope));
    });
    this.socket.on('disconnect', () => this.ended(null));
  }

  protected override get carrier(): WebSocket {
    return (this.socket.io.engine.transport as unknown as { ws: WebSocket }).ws;
  }

  override say(type: string, data: unknown, id?: string): void {
    this.socket.emit(type, { id, type, data });
  }

  override async leave(): Promise<void> {
    this.socket.disconnect();
    await this.until(() => this.closed);
  }
}

export const TRANSPORTS = [
  [
    'a plain WebSocket',
    (...start: ConstructorParameters<typeof SocketIoSpectator>): TestSpectator => new PlainSpectator(...start),
  ],
  [
    'Socket.IO',
    (...start: ConstructorParameters<typeof SocketIoSpectator>): TestSpectator => new SocketIoSpectator(...start),
  ],
] as const;
