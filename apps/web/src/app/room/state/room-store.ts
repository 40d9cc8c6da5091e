import { DOCUMENT, DestroyRef, Service, computed, inject, signal } from '@angular/core';
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
import { toApiProblem } from '../../core/problem/api-problem';
import { Session } from '../../core/session/session';
import { RoomSocket } from '../connection/room-socket';
import { Outbox } from './outbox';
import { RoomApi } from './room-api';
import { seatsOf, waitingPulls } from './seats';
import {
  EMPTY_TIMELINE,
  entriesOf,
  newestOf,
  shorterList,
  timelineOf,
  withEvent,
  withOlderActivity,
  withOlderMessages,
} from './timeline';

/** Where the reader stands with the room. */
export type Phase =
  | { readonly kind: 'opening' | 'open' | 'not-found' }
  /** A public room in which the reader has no seat. */
  | { readonly kind: 'outside'; readonly room: Room }
  | { readonly kind: 'closed'; readonly reason: 'left' | 'removed' | 'deleted' };

const ASK_AGAIN = 2_000;
/** Entries kept while the reader follows the newest; older ones are read again when asked for. */
const KEPT = 300;

/** One room, live: what its log says so far, who is here, and what the reader has said. Provided by the room's page. */
@Service({ autoProvided: false })
export class RoomStore {
  private readonly socket = inject(RoomSocket);
  private readonly outbox = inject(Outbox);
  private readonly api = inject(RoomApi);
  private readonly session = inject(Session);
  private readonly document = inject(DOCUMENT);

  private readonly snapshot = signal<RoomState | null>(null);
  private readonly moment = signal<RoomMoment>({ abilities: [], presence: {}, viewers: 0 });
  private readonly past = signal(EMPTY_TIMELINE);
  private readonly files = signal<readonly ActiveFile[]>([]);
  private readonly stage = signal<Phase>({ kind: 'opening' });
  private readonly readSeq = signal(0);
  private readonly id = signal('');
  private isJoining = false;
  private later: ReturnType<typeof setTimeout> | undefined;

  readonly roomId = this.id.asReadonly();
  readonly phase = this.stage.asReadonly();
  /** The room and everything in it; null until it has been opened. */
  readonly state = this.snapshot.asReadonly();
  readonly timeline = this.past.asReadonly();
  readonly activeFiles = this.files.asReadonly();
  readonly pending = this.outbox.pending;
  readonly readUpTo = this.readSeq.asReadonly();
  readonly entries = computed(() => entriesOf(this.past()));
  readonly isConnected = computed(() => this.socket.state().kind === 'connected');
  readonly hasAllEntries = computed(() => shorterList(this.past()) === null);
  readonly viewers = computed(() => this.moment().viewers);
  readonly readerId = computed(() => this.session.account()?.id ?? '');
  readonly waitingPulls = computed(() => waitingPulls(this.snapshot()?.pullRequests ?? [], this.can('merge')));
  readonly seats = computed(() => {
    const authors = new Set(this.waitingPulls().flatMap(({ author }) => author.id ?? []));
    return seatsOf(this.snapshot()?.members ?? [], this.moment().presence, authors);
  });
  readonly seatById = computed(() => new Map(this.seats().map((seat) => [seat.id, seat])));
  readonly ownSeat = computed(() => this.seatById().get(this.readerId()) ?? null);
  /** Messages of others that came since the reader last looked. */
  readonly unread = computed(
    () => this.past().messages.filter(({ seq, userId }) => seq > this.readSeq() && userId !== this.readerId()).length,
  );

  constructor() {
    this.socket.onConnected(() => void this.join());
    this.socket.on('room_joined', (push) => this.joined(push));
    this.socket.on('message_broadcast', ({ roomId, epoch, message }) =>
      this.receive(roomId, epoch, [messageAsEvent(message)]),
    );
    this.socket.on('activity_update', ({ roomId, epoch, activity }) => this.receive(roomId, epoch, activity));
    this.socket.on('room_update', (push) => this.updateMoment(push));
    this.socket.on('room_closed', ({ roomId, reason }) => {
      if (roomId === this.id()) {
        this.stage.set({ kind: 'closed', reason });
      }
    });
    this.tellPresence();
    inject(DestroyRef).onDestroy(() => clearTimeout(this.later));
  }

  open(roomId: string): void {
    this.id.set(roomId);
    this.outbox.open(roomId, this.readerId(), () => this.snapshot()?.seq ?? 0);
    this.socket.open();
  }

  /** What the server lets the reader do. */
  can(ability: Ability): boolean {
    return this.moment().abilities.includes(ability);
  }

  /** Sends a command about this room; refusals end as ApiProblems. */
  ask<Name extends CommandName>(name: Name, request: CommandInput<Name>): Promise<CommandReply<Name>> {
    return this.socket.ask(name, request);
  }

  say(text: string, visibility: 'public' | 'members'): void {
    this.outbox.add(text, visibility);
  }

  retry(clientMessageId: string): void {
    this.outbox.retry(clientMessageId);
  }

  discard(clientMessageId: string): void {
    this.outbox.discard(clientMessageId);
  }

  /** The reader has seen everything so far. Lets go of what lies far behind. */
  markRead(): void {
    this.readSeq.set(this.snapshot()?.seq ?? 0);
    this.past.update((timeline) => newestOf(timeline, KEPT));
  }

  /** Reads one page further back, of whichever the conversation lacks. */
  async readFurtherBack(): Promise<void> {
    const list = shorterList(this.past());
    if (list === 'messages') {
      const { messages } = this.past();
      const page = await this.api.messagesBefore(this.id(), messages[0]?.seq ?? 1);
      this.past.update((timeline) =>
        timeline.messages[0] === messages[0] ? withOlderMessages(timeline, page) : timeline,
      );
    } else if (list === 'activity') {
      await this.readOlderActivity();
    }
  }

  async readOlderActivity(): Promise<void> {
    const { activity } = this.past();
    const page = await this.api.activityBefore(this.id(), activity[0]?.seq ?? 1);
    this.past.update((timeline) =>
      timeline.activity[0] === activity[0] ? withOlderActivity(timeline, page) : timeline,
    );
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
      const { seq, epoch } = await this.socket.ask('join_room', { roomId: this.id(), ...known });
      this.isJoining = false;
      const now = this.snapshot();
      if (now?.epoch === epoch && now.seq >= seq) {
        void this.outbox.send();
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
      this.past.set(timelineOf(roomData));
      this.outbox.confirm(roomData.messages);
      this.outbox.forgetStored();
      if (isFirst) {
        this.readSeq.set(roomData.seq);
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
      this.past.update((timeline) => withEvent(timeline, event));
      if (event.type === 'chat.message') {
        this.outbox.confirm([event.data.message]);
      }
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

  /** Others see whether the reader is looking at the page. */
  private tellPresence(): void {
    const tell = () => {
      const status = this.document.hidden ? 'idle' : 'active';
      this.socket.ask('set_presence', { status }).catch(() => undefined); // the next connection says it again
    };
    this.socket.onConnected(tell);
    this.document.addEventListener('visibilitychange', tell);
    inject(DestroyRef).onDestroy(() => this.document.removeEventListener('visibilitychange', tell));
  }
}
