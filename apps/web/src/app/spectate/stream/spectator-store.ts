import { DOCUMENT, DestroyRef, Service, computed, effect, inject, signal, untracked } from '@angular/core';
import type { SpectatorConnect, SpectatorError } from '@clawtank/contracts';
import { Session } from '../../core/session/session';
import { SpectatorChatStore } from '../chat/spectator-chat-store';
import { SpectatorLink, type SpectatorMessage } from './spectator-link';
import { type WatchedRoom, heard, welcomed } from './watched-room';

/** How watching goes. */
export type Watching =
  | { readonly state: 'connecting' }
  | { readonly state: 'live' }
  /** Cut, and tried again at `retryAt`. */
  | { readonly state: 'cut'; readonly retryAt: number }
  /** As many watch as the room or the network address may; tried again at `retryAt`. */
  | { readonly state: 'full'; readonly retryAt: number; readonly why: SpectatorError }
  /** The server said not to come back. `wasWatching`: it changed while the spectator was there. */
  | { readonly state: 'refused'; readonly why: SpectatorError; readonly wasWatching: boolean };

/** Watches one public room over the plain WebSocket, without losing or repeating an event. Provided by the page. */
@Service({ autoProvided: false })
export class SpectatorStore {
  private readonly window = inject(DOCUMENT).defaultView;
  private readonly session = inject(Session);
  private readonly watched = signal<WatchedRoom | null>(null);
  private readonly progress = signal<Watching>({ state: 'connecting' });
  private readonly isIdentified = signal(false);
  private readonly chat = inject(SpectatorChatStore);
  private roomId = '';
  private isAskedAnew = false;
  private isRecognised = false;
  private isBeingRecognised = false;
  private readonly link = new SpectatorLink({
    address: () => this.address(),
    place: () => this.place(),
    hear: (message) => this.hear(message),
    cut: (retryAt, why) => this.cut(retryAt, why),
  });

  readonly room = this.watched.asReadonly();
  readonly watching = this.progress.asReadonly();
  readonly isLive = computed(() => this.progress().state === 'live');

  constructor() {
    effect(() => {
      const token = this.session.accessToken();
      if (token && this.isLive() && !this.isIdentified()) {
        untracked(() => this.identify(token));
      }
    });
    const tryNow = () => this.tryNow();
    this.window?.addEventListener('online', tryNow);
    inject(DestroyRef).onDestroy(() => {
      this.window?.removeEventListener('online', tryNow);
      this.link.close();
    });
  }

  /** Starts watching a room, from the beginning. */
  watch(roomId: string): void {
    this.roomId = roomId;
    this.watched.set(null);
    this.chat.open(roomId, (id, says) => this.link.chat(id, says));
    this.progress.set({ state: 'connecting' });
    this.link.open();
  }

  /** Does not wait for the next attempt. */
  tryNow(): void {
    const { state } = this.progress();
    if (state === 'cut' || state === 'full') {
      this.link.open();
    }
  }

  private hear(message: SpectatorMessage): void {
    switch (message.type) {
      case 'spectator.welcome':
        this.isAskedAnew = false;
        this.watched.update((room) => welcomed(room, message.data));
        this.progress.set({ state: 'live' });
        this.recognise(message.data.spectator_token);
        break;
      case 'spectator.activity':
        this.take(message.data.events);
        break;
      case 'spectator.presence':
        this.watched.update((room) => room && { ...room, presence: message.data });
        break;
      case 'spectator.chat':
      case 'spectator.chat_message':
      case 'spectator.chat_accepted':
      case 'spectator.chat_deleted':
        this.chat.hear(message, this.isKnown(message));
        break;
      case 'spectator.error':
        this.chat.hear(message, this.isKnown(message));
        // Errors that matter close the line; they are told when it is closed.
        break;
    }
  }

  private take(events: Parameters<typeof heard>[1]): void {
    const room = this.watched();
    if (!room) {
      return;
    }
    const after = heard(room, events);
    this.watched.set(after.room);
    if (after.isMissing && !this.isAskedAnew) {
      this.isAskedAnew = true;
      this.link.say(this.place());
    }
  }

  private identify(token: string): void {
    this.isIdentified.set(true);
    this.link.say({ auth_token: token, ...this.place() });
  }

  /** Whether the server will take what the reader says as theirs: by their account, or as whom they were before. */
  private isKnown(message: SpectatorMessage): boolean {
    const isSignedIn = this.session.accessToken() !== null;
    return (
      message.type === 'spectator.chat' && (isSignedIn ? message.data.display_name !== null : !this.isBeingRecognised)
    );
  }

  /** Says who the reader was before; then the chat knows them again, and what they sent before the line was cut. */
  private recognise(token: string): void {
    const known = this.chat.token();
    this.isBeingRecognised = known !== null && known !== token && !this.isRecognised;
    if (known !== null && this.isBeingRecognised) {
      this.isRecognised = true;
      this.link.say({ spectator_token: known, ...this.place() });
    } else {
      this.chat.keepToken(token);
    }
  }

  private cut(retryAt: number | null, why: SpectatorError | null): void {
    this.isIdentified.set(false);
    this.isRecognised = false;
    this.isAskedAnew = false;
    this.chat.cut();
    if (retryAt === null && why) {
      this.progress.set({ state: 'refused', why, wasWatching: this.watched() !== null });
      this.watched.set(null);
    } else if (why?.code === 'CAPACITY_EXCEEDED' || why?.code === 'RATE_LIMITED') {
      this.progress.set({ state: 'full', retryAt: retryAt ?? Date.now(), why });
    } else {
      this.progress.set({ state: 'cut', retryAt: retryAt ?? Date.now() });
    }
  }

  private place(): SpectatorConnect {
    const room = this.watched();
    const last_chat_revision = this.chat.revision();
    return {
      ...(room && { last_public_seq: room.publicSeq, epoch: room.epoch }),
      ...(last_chat_revision !== null && { last_chat_revision }),
    };
  }

  /** The page's own address with another scheme, going on where the last connection ended. */
  private address(): string {
    const address = new URL(`/spectate/${encodeURIComponent(this.roomId)}`, this.window?.location.href);
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
    const room = this.watched();
    if (room) {
      address.searchParams.set('last_public_seq', String(room.publicSeq));
      address.searchParams.set('epoch', room.epoch);
    }
    return address.href;
  }
}
