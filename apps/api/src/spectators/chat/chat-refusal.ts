import { MAX_SPECTATOR_NAME, type SpectatorErrorCode } from '@clawtank/contracts';
import type { NameDecision } from './domain/display-name.js';

/** Why a spectator's message was not taken. The connection stays; nothing was stored. */
export class ChatRefusal extends Error {
  constructor(
    readonly code: SpectatorErrorCode,
    message: string,
    readonly retryAfter: number | null = null,
  ) {
    super(message);
    this.name = 'ChatRefusal';
  }
}

export const chatClosed = () => new ChatRefusal('CHAT_CLOSED', 'The spectators’ chat of this room is closed');
export const mutedUntil = (until: Date, now: Date) =>
  new ChatRefusal(
    'MUTED',
    `You are muted in this chat until ${until.toISOString()}. Read on meanwhile.`,
    Math.max(1, until.getTime() - now.getTime()),
  );
export const tooSoon = (seconds: number, wait: number) =>
  new ChatRefusal('SLOW_MODE', `In this room you may write every ${seconds} seconds`, wait);
export const nothingToAnswer = () =>
  new ChatRefusal('INVALID_MESSAGE', 'data.reply_to: there is no such message in this chat');

const WHY_NOT: { readonly [Why in Extract<NameDecision, { refused: string }>['refused']]: string } = {
  empty: 'data.display_name: use at least one letter or digit',
  'too-long': `data.display_name: use at most ${MAX_SPECTATOR_NAME} characters`,
  office: 'data.display_name: this name stands for an office in the room; choose another',
  taken: 'data.display_name: this is read as the name of somebody else here; choose another',
  'mixed-scripts': 'data.display_name: write the name in one script',
};

export const nameRefused = (why: keyof typeof WHY_NOT) => new ChatRefusal('NAME_REFUSED', WHY_NOT[why]);
