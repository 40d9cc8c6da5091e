import { DOCUMENT, Service, computed, inject, signal } from '@angular/core';
import type { SpectatorChat, SpectatorError, SpectatorSays } from '@clawtank/contracts';
import { newCommandId } from '../../core/connection/new-command-id';
import type { SpectatorMessage } from '../stream/spectator-link';
import { EMPTY_LOG, opened, said, takenBack } from './chat-log';

/** What the reader sent and the server has not answered. */
interface Sending {
  readonly id: string;
  readonly says: SpectatorSays;
}

const NAME = 'clawtank.spectator-name';
const TOKEN = 'clawtank.spectator-token';

/** The chat of those who watch a room, as one of them has it. What was sent when the line was cut is sent again, and stored once. */
@Service({ autoProvided: false })
export class SpectatorChatStore {
  private readonly window = inject(DOCUMENT).defaultView;
  private readonly log = signal(EMPTY_LOG);
  private readonly standing = signal<SpectatorChat | null>(null);
  private readonly onItsWay = signal<Sending | null>(null);
  private readonly refused = signal<{ readonly why: SpectatorError; readonly until: number | null } | null>(null);
  private send: (id: string, says: SpectatorSays) => boolean = () => false;

  /** How the chat is held and what the reader may do in it; null until that is known. */
  readonly chat = this.standing.asReadonly();
  readonly messages = computed(() => this.log().messages);
  readonly revision = computed(() => (this.standing() ? this.log().revision : null));
  readonly sending = this.onItsWay.asReadonly();
  /** Why the last message was not taken. */
  readonly refusal = this.refused.asReadonly();
  /** Counts the messages that were taken. */
  readonly taken = signal(0);
  /** What the reader without an account calls themselves. */
  readonly name = signal(this.window?.localStorage.getItem(NAME) ?? '');

  open(roomId: string, send: (id: string, says: SpectatorSays) => boolean): void {
    this.send = (id, says) => send(id, { room_id: roomId, ...says });
    this.log.set(EMPTY_LOG);
    this.standing.set(null);
    this.onItsWay.set(null);
    this.refused.set(null);
  }

  /** `isKnown`: the server knows by now who the reader is, so that what is sent again is sent by the same one. */
  hear(message: SpectatorMessage, isKnown: boolean): void {
    switch (message.type) {
      case 'spectator.chat':
        this.log.update((log) => opened(log, message.data));
        this.standing.set(message.data);
        if (isKnown) {
          this.sendAgain();
        }
        break;
      case 'spectator.chat_message':
        this.log.update((log) => said(log, message.data));
        break;
      case 'spectator.chat_deleted':
        this.log.update((log) => takenBack(log, message.data.message_id, message.data.revision));
        break;
      case 'spectator.chat_accepted':
        this.accepted(message.data.request_id);
        break;
      case 'spectator.error':
        this.decline(message.data);
        break;
    }
  }

  /** Says something. Whoever wrote it keeps it until it is taken. */
  say(text: string): void {
    const display_name = this.name().trim();
    this.window?.localStorage.setItem(NAME, display_name);
    const sending = { id: newCommandId(), says: { message: text, ...(display_name && { display_name }) } };
    this.refused.set(null);
    this.onItsWay.set(sending);
    this.send(sending.id, sending.says);
  }

  /** What was on its way is not known to have arrived; it is sent again once the chat is back. */
  cut(): void {
    this.refused.set(null);
  }

  token(): string | null {
    return this.window?.sessionStorage.getItem(TOKEN) ?? null;
  }

  keepToken(token: string): void {
    this.window?.sessionStorage.setItem(TOKEN, token);
  }

  private sendAgain(): void {
    const sending = this.onItsWay();
    if (sending) {
      this.send(sending.id, sending.says);
    }
  }

  private accepted(id: string | null): void {
    if (id === this.onItsWay()?.id) {
      this.onItsWay.set(null);
      this.taken.update((taken) => taken + 1);
    }
  }

  private decline(why: SpectatorError): void {
    if (why.request_id !== undefined && why.request_id === this.onItsWay()?.id) {
      this.onItsWay.set(null);
      this.refused.set({ why, until: why.retry_after === null ? null : Date.now() + why.retry_after });
    }
  }
}
