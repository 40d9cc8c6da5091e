import type { SpectatorCloseCode } from '@clawtank/contracts';
import type { SpectatorMessage } from './spectator-message.js';

/** What may wait for one slow client before it is cut off. */
export const MAX_WAITING_BYTES = 2 * 1024 * 1024;
/** How long a client may take to notice that its connection is being closed. */
export const CLOSE_MS = 1000;

/** One spectator's connection, whatever carries it. */
export interface SpectatorLine {
  readonly roomId: string;
  readonly address: string;
  send(message: SpectatorMessage): void;
  /** From now on, what is broadcast to the room reaches this line too. */
  follow(): void;
  unfollow(): void;
  close(code: SpectatorCloseCode, reason: string): void;
}

/** One way of reaching the spectators of this process. */
export interface SpectatorTransport {
  /** Sends to every line that follows the room. */
  broadcast(roomId: string, message: SpectatorMessage): void;
}
