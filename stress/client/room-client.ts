import type { ChatMessage, RoomChange, RoomEvent, RoomJoined, RoomState } from '@clawtank/contracts';
import { applyRoomEvent, messageAsEvent } from '@clawtank/room-state';
import { setTimeout as wait } from 'node:timers/promises';
import { reconnectDelay } from '../../libs/agent-sdk/src/backoff.js';
import { equal, isTrue, within } from '../expect.js';
import type { Entry } from '../installation.js';
import type { Random } from '../random.js';
import { CommandRefused, HandshakeRefused, Unanswered, WireSocket } from './wire-socket.js';

const JOIN_MS = 30_000;
/** As in the SDK: a connection that lasted this long was a good one. */
const STEADY_MS = 10_000;
const HASTY_MS = 200;

export interface RoomClientOptions {
  readonly namespace?: '/' | '/agents';
  /** Where it got to on an earlier connection. */
  readonly from?: RoomState;
  /** Comes back at once, as a browser does that has been told of a network, instead of with the SDK's delays. */
  readonly isHasty?: boolean;
  /** Called with every entry when it arrives. */
  readonly onEntry?: (event: RoomEvent) => void;
  /** Called with every other push. */
  readonly onPush?: (name: string, payload: unknown) => void;
}

/**
 * Somebody who follows a room and does what the protocol asks of a client: applies entries with the shared reducer, comes back
 * with the SDK's delays whatever interrupts it, says what it has seen last, and repeats a message under its id until it is
 * acknowledged. It keeps count of what a server must never do.
 */
export class RoomClient {
  /** Every entry it was sent since its last snapshot: `seq` to `id`. */
  readonly received = new Map<number, string>();
  /** Its own messages that were acknowledged. */
  readonly acknowledged: ChatMessage[] = [];
  readonly connectedAt: number[] = [];
  readonly closedAt: number[] = [];
  recoveries = 0;
  reloads = 0;
  gaps = 0;
  doubles = 0;
  /** Entries of rooms that it does not follow. */
  strays = 0;
  /** Answers to a message that tell of another one. */
  wrongAnswers = 0;
  /** The codes of refusals that were the server's own fault: saying it again helps, but nobody should have to. */
  readonly failures: string[] = [];
  socket: WireSocket | null = null;
  /** Why it was sent away for good; null while it may come back. */
  dismissed: string | null = null;
  /** The reason that the last `room_closed` gave. */
  roomClosed: string | null = null;
  readonly name: string;
  private base = 0;
  private state_: RoomState | null;
  private isJoined = false;
  private isOver = false;
  private attempts = 0;
  private readonly running: Promise<void>;

  constructor(
    private readonly address: () => string,
    private readonly token: string,
    readonly roomId: string,
    private readonly random: Random,
    private readonly options: RoomClientOptions,
  ) {
    this.name = `the client at ${address()}`;
    this.state_ = options.from ?? null;
    this.base = options.from?.seq ?? 0;
    this.running = this.run();
  }

  get state(): RoomState {
    if (!this.state_) {
      throw new Error('The room has not been joined yet');
    }
    return this.state_;
  }

  get seq(): number {
    return this.state_?.seq ?? 0;
  }

  get isConnected(): boolean {
    return this.isJoined && this.socket?.isOpen === true;
  }

  joined(): Promise<unknown> {
    return within(
      JOIN_MS,
      'a client joins its room',
      () => this.isJoined || this.dismissed !== null,
      () => ({ seq: this.seq, attempts: this.attempts, socket: this.socket?.closed }),
    );
  }

  /** Says something, through interruptions, until it is acknowledged; null if the server refused it for good. */
  async say(message: string, clientMessageId = this.random.id()): Promise<ChatMessage | null> {
    while (!this.isOver && this.dismissed === null) {
      try {
        const { socket } = this;
        if (!this.isJoined || !socket) {
          throw new Unanswered('Not connected');
        }
        const said = await socket.accepted('chat_message', { roomId: this.roomId, message, clientMessageId });
        this.acknowledged.push(said);
        this.wrongAnswers += said.clientMessageId === clientMessageId && said.message === message ? 0 : 1;
        return said;
      } catch (error) {
        if (error instanceof CommandRefused) {
          if (error.error.code !== 'internal' && error.error.code !== 'unavailable') {
            throw error;
          }
          this.failures.push(error.error.code);
        }
        await wait(20);
      }
    }
    return null;
  }

  /** Cuts the line; it comes back by itself. */
  cut(): void {
    this.socket?.cut();
  }

  async close(): Promise<void> {
    this.isOver = true;
    this.socket?.cut();
    await Promise.race([this.running, wait(50)]); // it may be waiting out a delay
  }

  /** What it was sent is what the log has after its snapshot: each entry once, none missing, none that is not there. */
  verifyAgainst(log: readonly Entry[]): void {
    equal(`${this.name} saw no gap on any connection`, this.gaps, 0);
    equal(`${this.name} was sent no entry twice`, this.doubles, 0);
    equal(`${this.name} was sent no entry of another room`, this.strays, 0);
    equal(`${this.name} was answered what it had asked`, this.wrongAnswers, 0);
    equal(`${this.name} was refused nothing through the server’s own fault`, this.failures, []);
    isTrue(`${this.name} is not ahead of the log`, this.base <= log.length, this.base);
    equal(
      `${this.name} was sent exactly the entries of the log since its snapshot at ${this.base}`,
      log.filter(({ seq }) => seq > this.base).map(({ seq }) => [seq, this.received.get(seq)]),
      log.filter(({ seq }) => seq > this.base).map(({ seq, id }) => [seq, id]),
    );
  }

  private async run(): Promise<void> {
    while (!this.isOver && this.dismissed === null) {
      await this.connection().catch((error: unknown) => {
        if (error instanceof HandshakeRefused && error.error?.code === 'unauthenticated') {
          this.dismissed = 'unauthenticated';
        } else if (error instanceof CommandRefused && ['not_found', 'banned', 'forbidden'].includes(error.error.code)) {
          this.dismissed = error.error.code;
        }
      });
      this.isJoined = false;
      if (!this.isOver && this.dismissed === null) {
        const delay = reconnectDelay(this.attempts++, this.random.fraction());
        await wait(this.options.isHasty ? this.random.between(20, HASTY_MS) : delay);
      }
    }
  }

  private async connection(): Promise<void> {
    const { namespace = '/' } = this.options;
    const socket = await WireSocket.open({ url: this.address(), namespace, auth: { token: this.token } });
    if (this.isOver) {
      socket.cut();
      return;
    }
    this.socket = socket;
    this.connectedAt.push(performance.now());
    socket.listen((name, payload) => this.hear(name, payload));
    const { roomId, state_: known } = this;
    try {
      await socket.accepted('join_room', { roomId, ...(known && { lastSeq: known.seq, epoch: known.epoch }) });
    } catch (error) {
      socket.cut();
      throw error;
    }
    this.isJoined = true;
    const openedAt = performance.now();
    await socket.whenClosed;
    this.closedAt.push(performance.now());
    if (performance.now() - openedAt > STEADY_MS) {
      this.attempts = 0;
    }
  }

  private hear(name: string, payload: unknown): void {
    const { roomId } = payload as { roomId?: string };
    if (name === 'session_closed') {
      this.dismissed = (payload as { reason: string }).reason;
    } else if (roomId !== this.roomId) {
      this.strays += name === 'message_broadcast' || name === 'activity_update' ? 1 : 0;
      this.options.onPush?.(name, payload);
    } else if (name === 'room_joined') {
      this.begin(payload as RoomJoined);
    } else if (name === 'message_broadcast') {
      this.receive(messageAsEvent((payload as { message: ChatMessage }).message));
    } else if (name === 'activity_update') {
      (payload as { activity: readonly RoomChange[] }).activity.forEach((event) => this.receive(event));
    } else {
      if (name === 'room_closed') {
        this.roomClosed = (payload as { reason: string }).reason;
      }
      this.options.onPush?.(name, payload);
    }
  }

  private begin({ roomData }: RoomJoined): void {
    if (!roomData) {
      this.recoveries++;
      return;
    }
    const { epoch, seq, room, members, messages, tasks, paths, conflicts, approvals, pullRequests, activity } =
      roomData;
    this.state_ = { epoch, seq, room, members, messages, tasks, paths, conflicts, approvals, pullRequests, activity };
    this.base = seq;
    this.received.clear();
    this.reloads++;
  }

  private receive(event: RoomEvent): void {
    if (event.seq <= this.seq) {
      this.doubles++;
      return;
    }
    const next = applyRoomEvent(this.state, event);
    if (next === 'gap') {
      this.gaps++;
      return;
    }
    this.state_ = next;
    this.received.set(event.seq, event.id);
    this.options.onEntry?.(event);
  }
}
