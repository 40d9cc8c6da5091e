import { randomUUID } from 'node:crypto';
import type {
  SPECTATOR_MESSAGES,
  SpectatorActivity,
  SpectatorChat,
  SpectatorChatAccepted,
  SpectatorChatDeleted,
  SpectatorChatMessage,
  SpectatorEnvelope,
  SpectatorError,
  SpectatorPresence,
  SpectatorWelcome,
} from '@clawtank/contracts';

interface MessageData extends Record<keyof typeof SPECTATOR_MESSAGES, unknown> {
  'spectator.welcome': SpectatorWelcome;
  'spectator.activity': SpectatorActivity;
  'spectator.presence': SpectatorPresence;
  'spectator.chat': SpectatorChat;
  'spectator.chat_message': SpectatorChatMessage;
  'spectator.chat_accepted': SpectatorChatAccepted;
  'spectator.chat_deleted': SpectatorChatDeleted;
  'spectator.error': SpectatorError;
}

export type SpectatorMessageType = keyof MessageData;

/** A message in the specification's envelope. Encoded at most once, however many it is sent to. */
export class SpectatorMessage {
  private encoded: Buffer | undefined;

  private constructor(readonly envelope: SpectatorEnvelope<SpectatorMessageType>) {}

  static of<Type extends SpectatorMessageType>(type: Type, data: MessageData[Type], now: Date): SpectatorMessage {
    return new SpectatorMessage({ id: randomUUID(), type, timestamp: now.toISOString(), data });
  }

  /** The envelope as JSON. */
  get bytes(): Buffer {
    return (this.encoded ??= Buffer.from(JSON.stringify(this.envelope)));
  }
}
