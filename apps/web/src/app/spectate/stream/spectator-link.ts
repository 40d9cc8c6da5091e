import type {
  SpectatorActivity,
  SpectatorChat,
  SpectatorChatAccepted,
  SpectatorChatDeleted,
  SpectatorChatMessage,
  SpectatorConnect,
  SpectatorEnvelope,
  SpectatorError,
  SpectatorPresence,
  SpectatorSays,
  SpectatorWelcome,
} from '@clawtank/contracts';
import { reconnectDelay } from './reconnect-delay';

/** What the server says to spectators. */
export type SpectatorMessage =
  | SpectatorEnvelope<'spectator.welcome', SpectatorWelcome>
  | SpectatorEnvelope<'spectator.activity', SpectatorActivity>
  | SpectatorEnvelope<'spectator.presence', SpectatorPresence>
  | SpectatorEnvelope<'spectator.chat', SpectatorChat>
  | SpectatorEnvelope<'spectator.chat_message', SpectatorChatMessage>
  | SpectatorEnvelope<'spectator.chat_accepted', SpectatorChatAccepted>
  | SpectatorEnvelope<'spectator.chat_deleted', SpectatorChatDeleted>
  | SpectatorEnvelope<'spectator.error', SpectatorError>;

export interface SpectatorLinkOptions {
  /** Where to connect; asked anew for every attempt, because it says where to go on. */
  readonly address: () => string;
  /** Where to go on, for the question whether the line is still alive. */
  readonly place: () => SpectatorConnect;
  readonly hear: (message: SpectatorMessage) => void;
  /** The line was cut. It will be tried again at `retryAt`; null if the server said not to. */
  readonly cut: (retryAt: number | null, why: SpectatorError | null) => void;
}

/** A line on which nothing was heard for so long is asked whether it is still one, and given up if nothing comes back. */
const SILENCE = 60_000;
const ANSWER_WITHIN = 10_000;

/** A plain WebSocket to a room's public stream that opens itself again for as long as the server has not said never to. */
export class SpectatorLink {
  private socket: WebSocket | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private attempts = 0;
  private lastError: SpectatorError | null = null;

  constructor(private readonly options: SpectatorLinkOptions) {}

  open(): void {
    this.close();
    const socket = new WebSocket(this.options.address());
    this.socket = socket;
    this.lastError = null;
    socket.onmessage = ({ data }) => this.hear(data);
    socket.onclose = () => this.lost();
    // A server that cannot be reached may take minutes to fail by itself.
    this.giveUpAfter(ANSWER_WITHIN);
  }

  close(): void {
    clearTimeout(this.timer);
    const { socket } = this;
    this.socket = null;
    if (socket) {
      socket.onmessage = socket.onclose = null;
      socket.close();
    }
  }

  /** Tells the server something; what is said while the line is cut is not kept. */
  say(data: SpectatorConnect): void {
    if (this.socket?.readyState === WebSocket.OPEN) {
      this.socket.send(JSON.stringify({ type: 'spectator.connect', data }));
    }
  }

  /** Says something in the chat, under an id by which a repeat is known. False if the line is cut. */
  chat(id: string, data: SpectatorSays): boolean {
    const isOpen = this.socket?.readyState === WebSocket.OPEN;
    if (isOpen) {
      this.socket?.send(JSON.stringify({ id, type: 'spectator.chat_message', data }));
    }
    return isOpen;
  }

  private hear(frame: unknown): void {
    const message = readMessage(frame);
    if (!message) {
      return;
    }
    if (message.type === 'spectator.welcome') {
      this.attempts = 0;
      this.lastError = null;
    }
    if (message.type === 'spectator.error' && message.data.request_id === undefined) {
      this.lastError = message.data;
    } else {
      this.listen();
    }
    this.options.hear(message);
  }

  private listen(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.say(this.options.place());
      this.giveUpAfter(ANSWER_WITHIN);
    }, SILENCE);
  }

  private giveUpAfter(milliseconds: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.close();
      this.lost();
    }, milliseconds);
  }

  private lost(): void {
    this.close();
    const why = this.lastError;
    if (why?.permanent) {
      this.options.cut(null, why);
      return;
    }
    const delay = reconnectDelay(this.attempts++, why?.retry_after ?? null, Math.random());
    this.timer = setTimeout(() => this.open(), delay);
    this.options.cut(Date.now() + delay, why);
  }
}

function readMessage(frame: unknown): SpectatorMessage | null {
  try {
    const message: unknown = JSON.parse(String(frame));
    return typeof message === 'object' && message !== null && 'type' in message && 'data' in message
      ? (message as SpectatorMessage)
      : null;
  } catch {
    return null;
  }
}
