import {
  SPECTATOR_CLOSE_CODES,
  type SpectatorCloseCode,
  type SpectatorError,
  type SpectatorErrorCode,
} from '@clawtank/contracts';
import { Refusal } from '../platform/errors/refusal.js';

/** Why somebody may not watch, or no longer: what they are told before their line is closed. */
export class SpectatorRefusal extends Error {
  constructor(
    readonly code: SpectatorErrorCode,
    message: string,
    readonly closeCode: SpectatorCloseCode,
    readonly retryAfter: number | null = null,
  ) {
    super(message);
    this.name = 'SpectatorRefusal';
  }

  get data(): SpectatorError {
    const { code, message, retryAfter } = this;
    return { code, message, retry_after: retryAfter, permanent: this.closeCode === SPECTATOR_CLOSE_CODES.refused };
  }
}

const { refused, failed, restarting, tryLater } = SPECTATOR_CLOSE_CODES;
const RETRY_FULL_MS = 30_000;
const RETRY_FAILED_MS = 5000;
const RESTART_MS = 1000;
const RESTART_JITTER_MS = 9000;

/** Private, deleted or never there: a stranger cannot tell which. */
export const roomNotFound = () => new SpectatorRefusal('ROOM_NOT_FOUND', 'There is no public room here', refused);
export const notWatchable = () => new SpectatorRefusal('ACCESS_DENIED', 'This room does not admit spectators', refused);
export const banned = () =>
  new SpectatorRefusal(
    'ACCESS_DENIED',
    'This account is banned from the room. Anybody may watch without one.',
    refused,
  );
export const roomIsFull = () =>
  new SpectatorRefusal('CAPACITY_EXCEEDED', 'This room has as many spectators as it can take', tryLater, RETRY_FULL_MS);
export const cutOff = (reason: string) => new SpectatorRefusal('ACCESS_DENIED', reason, tryLater, 0);
export const abusive = () => new SpectatorRefusal('RATE_LIMITED', 'Too many messages that make no sense', refused);

/** Everybody is told another moment, so that not all come back at once. */
export const serverRestarts = () =>
  new SpectatorRefusal(
    'UNAVAILABLE',
    'The server restarts',
    restarting,
    RESTART_MS + Math.round(Math.random() * RESTART_JITTER_MS),
  );

/** Any thrown thing as what a spectator hears of it. */
export function asSpectatorRefusal(error: unknown): { refusal: SpectatorRefusal; isBug: boolean } {
  if (error instanceof SpectatorRefusal) {
    return { refusal: error, isBug: false };
  }
  if (error instanceof Refusal && error.code === 'rate_limited') {
    return {
      refusal: new SpectatorRefusal('RATE_LIMITED', error.message, tryLater, error.retryAfter ?? null),
      isBug: false,
    };
  }
  const message = 'Something went wrong on our side';
  return { refusal: new SpectatorRefusal('UNAVAILABLE', message, failed, RETRY_FAILED_MS), isBug: true };
}

/** Why strangers may not watch a room of these settings; null if they may. */
export function refusalFor(room: {
  visibility: 'public' | 'private';
  settings: { spectatorAllowed: boolean };
}): SpectatorRefusal | null {
  if (room.visibility !== 'public') {
    return roomNotFound();
  }
  return room.settings.spectatorAllowed ? null : notWatchable();
}
