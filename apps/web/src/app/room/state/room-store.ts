import { DestroyRef, Service, computed, inject, signal } from '@angular/core';
import type {
  Ability,
  ActiveFile,
  CommandInput,
  CommandName,
  CommandReply,
  Room,
  RoomEvent,
  RoomJoined,
  RoomMoment,
  RoomState,
  RoomUpdate,
} from '@clawtank/contracts';
import { applyRoomEvent, messageAsEvent } from '@clawtank/room-state';
import { FollowedRooms } from '../../core/connection/followed-rooms';
import { LiveSocket } from '../../core/connection/live-socket';
import { toApiProblem } from '../../core/problem/api-problem';
import { Session } from '../../core/session/session';
import { Now } from '../../shared/now';
import { History } from './history';
import { Outbox, type Words } from './outbox';
import { Quotes } from './quotes';
import { ReadMarker } from './read-marker';
import { RoomApi } from './room-api';
import { seatsOf, silentAgents, waitingPulls } from './seats';
import { Typing } from './typing';

/** Where the reader stands with the room. */
export type Phase =
  | { readonly kind: 'opening' | 'open' | 'not-found' }
  /** A public room in which the reader has no seat. */
  | { readonly kind: 'outside'; readonly room: Room }
  | { readonly kind: 'closed'; readonly reason: 'left' | 'removed' | 'banned' | 'deleted' };

const ASK_AGAIN = 2_000;

/** One room, live: what its log says so far, who is here, and what the reader has said. Provided by the room's page. */
@Service({ autoProvided: false })
export class RoomStore {
  private readonly socket = inject(LiveSocket);
  private readonly rooms = inject(FollowedRooms);
  private readonly outbox = inject(Outbox);
  private readonly history = inject(History);
  private readonly marker = inject(ReadMarker);
  private readonly quotes = inject(Quotes);
  private readonly writing = inject(Typing);
  private readonly api = inject(RoomApi);
  private readonly session = inject(Session);
  private readonly now = inject(Now).value;

  private readonly snapshot = signal<RoomState | null>(null);
  private readonly moment = signal<RoomMoment>({ abilities: [], presence: {}, viewers: 0 });
  private readonly files = signal<readonly ActiveFile[]>([]);
  private readonly stage = signal<Phase>({ kind: 'opening' });
  private readonly id = signal('');
  private readonly opened: (() => void)[] = [];
  private readonly listeners = new Set<(event: RoomEvent) => void>();
  private isJoining = false;
  private later: ReturnType<typeof setTimeout> | undefined;

  readonly roomId = this.id.asReadonly();
  readonly phase = this.stage.asReadonly();
  /** The room and everything in it; null until it has been opened. */
  readonly state = this.snapshot.asReadonly();
  /** The room's past up to now, as far back as this page has read it. */
  readonly timeline = this.history.live;
  readonly activeFiles = this.files.asReadonly();
  readonly pending = computed(() => this.outbox.pending(this.id()));
  /** Set while the server asks the reader for patience. */
  readonly pause = computed(() => this.outbox.pause(this.id()));
  readonly readUpTo = this.marker.upTo;
  /** What the conversation shows: the newest, or what it was asked to show instead. */
  readonly entries = this.history.entries;
  readonly isConnected = computed(() => this.socket.state().kind === 'connected');
  readonly hasAllEntries = this.history.hasAllEntries;
  readonly viewers = computed(() => this.moment().viewers);
  readonly readerId = computed(() => this.session.account()?.id ?? '');
  readonly waitingPulls = computed(() => waitingPulls(this.snapshot()?.pullRequests ?? [], this.can('merge')));
  private readonly silentAgents = computed(() => silentAgents(this.snapshot()?.tasks ?? [], this.now()), {
    equal: (one, other) => one.size === other.size && [...one].every((id) => other.has(id)),
  });
  readonly seats = computed(() => {
    const authors = new Set(this.waitingPulls().flatMap(({ author }) => author.id ?? []));
    const asking = new Set(
      this.snapshot()?.approvals.flatMap(({ agent, owner }) => (owner.id === this.readerId() ? (agent.id ?? []) : [])),
    );
    const holding = new Set(this.snapshot()?.tasks.flatMap(({ lease }) => lease?.holder.id ?? []));
    const { members = [] } = this.snapshot() ?? {};
    return seatsOf(members, this.moment().presence, authors, asking, this.silentAgents(), holding);
  });
  readonly seatById = computed(() => new Map(this.seats().map((seat) => [seat.id, seat])));
  readonly ownSeat = computed(() => this.seatById().get(this.readerId()) ?? null);
  /** Messages of others that came since the reader last looked. */
  readonly unread = computed(
    () =>
      this.timeline().messages.filter(
        ({ seq, userId, deletedAt }) => seq > this.readUpTo() && userId !== this.readerId() && deletedAt === null,
      ).length,
  );

  constructor() {
    const listening = [
      this.socket.on('room_joined', (push) => this.joined(push)),
      this.socket.on('message_broadcast', ({ roomId, epoch, message }) =>
        this.receive(roomId, epoch, [messageAsEvent(message)]),
      ),
      this.socket.on('activity_update', ({ roomId, epoch, activity }) => this.receive(roomId, epoch, activity)),
      this.socket.on('room_update', (push) => this.updateMoment(push)),
      this.socket.on('abilities_changed', ({ roomId, abilities }) => {
        if (roomId === this.id()) {
          this.moment.update((moment) => ({ ...moment, abilities: [...abilities] }));
        }
      }),
      this.socket.on('room_closed', ({ roomId, reason }) => {
        if (roomId === this.id()) {
          this.stage.set({ kind: 'closed', reason });
        }
      }),
    ];
    inject(DestroyRef).onDestroy(() => {
      clearTimeout(this.later);
      [...listening, ...this.opened].forEach((stop) => stop());
    });
  }

  /** Follows the room for as long as this store lives. */
  open(roomId: string): void {
    this.id.set(roomId);
    this.history.open(roomId);
    this.writing.open(roomId);
    this.opened.push(
      this.outbox.open(roomId, () => this.snapshot()?.seq ?? 0),
      this.rooms.enter(roomId),
      this.socket.whenConnected(() => void this.join()),
    );
  }

  /** What the server lets the reader do. */
  can(ability: Ability): boolean {
    return this.moment().abilities.includes(ability);
  }

  /** Sends a command about this room; refusals end as ApiProblems. */
  ask<Name extends CommandName>(name: Name, request: CommandInput<Name>): Promise<CommandReply<Name>> {
    return this.socket.ask(name, request);
  }

  /** Calls `listener` with every entry of the log as it comes, until what it returns is called. */
  follow(listener: (event: RoomEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Resolves once the words are kept on this device; they are on their way then. */
  say(words: Words): Promise<void> {
    this.marker.caughtUp();
    this.writing.sent();
    return this.outbox.add(this.id(), words);
  }

  retry(clientMessageId: string): Promise<void> {
    return this.outbox.retry(clientMessageId);
  }

  discard(clientMessageId: string): Promise<void> {
    return this.outbox.discard(clientMessageId);
  }

  /** The reader has seen everything so far. Lets go of what lies far behind. */
  markRead(): void {
    this.marker.seen(this.snapshot()?.seq ?? 0);
    this.history.trim();
  }

  /** Takes a seat in a public room. */
  async takeSeat(): Promise<void> {
    await this.api.join(this.id());
    this.stage.set({ kind: 'opening' });
    await this.join();
  }

  reconnect(): void {
    this.socket.connectNow();
  }

  private async join(): Promise<void> {
    const phase = this.stage().kind;
    if (this.isJoining || (phase !== 'opening' && phase !== 'open')) {
      return;
    }
    this.isJoining = true;
    const state = this.snapshot();
    try {
      const known = state ? { lastSeq: state.seq, epoch: state.epoch } : {};
      const { seq, epoch } = await this.rooms.join({ roomId: this.id(), ...known });
      this.isJoining = false;
      const now = this.snapshot();
      if (now?.epoch === epoch && now.seq >= seq) {
        void this.outbox.send(this.id());
      } else {
        this.joinLater();
      }
    } catch (thrown) {
      this.isJoining = false;
      await this.notJoined(thrown);
    }
  }

  private async notJoined(thrown: unknown): Promise<void> {
    const { code, retryAfter } = toApiProblem(thrown);
    if (code === 'not_found' || code === 'forbidden') {
      await this.lookFromOutside();
    } else if (code === 'banned') {
      this.stage.set({ kind: 'closed', reason: 'banned' });
    } else if (code === 'invalid_input') {
      this.stage.set({ kind: 'not-found' });
    } else if (code !== 'offline') {
      this.joinLater(retryAfter ?? ASK_AGAIN);
    }
  }

  /** The room cannot be joined: is there a room to be seen at all? */
  private async lookFromOutside(): Promise<void> {
    try {
      const room = await this.api.room(this.id());
      if (room.abilities.includes('read')) {
        this.joinLater();
      } else {
        this.stage.set({ kind: 'outside', room });
      }
    } catch (thrown) {
      if (toApiProblem(thrown).status === 404) {
        this.stage.set({ kind: 'not-found' });
      } else {
        this.joinLater();
      }
    }
  }

  private joinLater(wait = ASK_AGAIN): void {
    clearTimeout(this.later);
    this.later = setTimeout(() => void this.join(), wait);
  }

  private joined({ roomId, recovered, roomData, moment }: RoomJoined): void {
    if (roomId !== this.id()) {
      return;
    }
    this.moment.set(moment);
    if (!recovered && roomData) {
      const isFirst = this.snapshot() === null;
      this.snapshot.set(roomData);
      this.history.startAnew(roomData);
      this.outbox.confirm(roomData.messages);
      this.outbox.forgetStored(roomId);
      if (isFirst) {
        this.marker.open(roomId, roomData.seq);
      }
    }
    this.stage.set({ kind: 'open' });
  }

  private receive(roomId: string, epoch: string, events: readonly RoomEvent[]): void {
    const state = this.snapshot();
    if (roomId !== this.id() || !state) {
      return;
    }
    if (epoch !== state.epoch) {
      void this.join();
      return;
    }
    for (const event of events) {
      if (!this.apply(event)) {
        void this.join();
        return;
      }
    }
  }

  /** False if something before `event` is missing. */
  private apply(event: RoomEvent): boolean {
    const state = this.snapshot();
    const next = state && applyRoomEvent(state, event);
    if (!next || next === 'gap') {
      return false;
    }
    if (next !== state) {
      this.snapshot.set(next);
      this.history.apply(event);
      this.quotes.apply(event);
      this.writing.apply(event);
      if (event.type === 'chat.message') {
        this.outbox.confirm([event.data.message]);
      }
      this.listeners.forEach((listener) => listener(event));
    }
    return true;
  }

  private updateMoment({ roomId, members, viewers, activeFiles, seq }: RoomUpdate): void {
    const state = this.snapshot();
    if (roomId !== this.id() || !state) {
      return;
    }
    const presence = Object.fromEntries(members.map(({ id, status, lastSeenAt }) => [id, { status, lastSeenAt }]));
    this.moment.update(({ abilities }) => ({ abilities, presence, viewers }));
    this.files.set(activeFiles);
    if (seq > state.seq) {
      void this.join();
    }
  }
}
