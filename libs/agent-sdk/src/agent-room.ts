import { EventEmitter } from 'node:events';
import {
  type ActivityItem,
  type ChatChange,
  type ChatMessage,
  type CommandInput,
  type DirectMessage,
  type GetRoomContext,
  isActivity,
  isQuietChange,
  type JoinRoom,
  type PushName,
  type RoomContext,
  type RoomData,
  type RoomEvent,
  type RoomJoined,
  type RoomMoment,
  type RoomState,
  type RoomUpdate,
  type ServerToClientEvents,
} from '@clawtank/contracts';
import { applyRoomEvent, messageAsEvent } from '@clawtank/room-state';
import { CommandRefused, NotDelivered } from './errors.js';

/** More than this is not kept while a room is being joined: what is dropped shows as a gap, and the room is joined again. */
const MAX_HELD = 1000;
const JOIN_AGAIN_MS = 5000;
/** How long an entry may lag behind the announcement that it exists. */
const BEHIND_MS = 2000;

export interface AgentRoomEvents {
  /** The room is there, or there again. With `recovered: false` the state was replaced, and what happened in between was not told. */
  joined: [{ state: RoomState; recovered: boolean }];
  /** The state is that of the moment in which the room was joined, or newer: all that was missed before it is told. */
  current: [{ state: RoomState }];
  message: [ChatMessage];
  activity: [ActivityItem];
  /** A message was edited, deleted, pinned or answered with an emoji. */
  messageChanged: [ChatChange];
  /** A direct message of or to the agent is new, was edited or was deleted. What came while the agent was away is not told. */
  directMessage: [DirectMessage];
  /** Who is here and how many watch: lossy, the newest one is the truth. */
  update: [RoomUpdate];
  closed: [{ reason: 'left' | 'removed' | 'banned' | 'deleted' }];
}

type SayOptions = 'clientMessageId' | 'visibility' | 'replyTo' | 'threadId';

/** A room as this agent sees it, kept current for as long as the agent has a seat in it. Entries of the log come in order, each once. */
export interface AgentRoom extends EventEmitter<AgentRoomEvents> {
  readonly id: string;
  /** Null until the room was joined, and after the seat was lost. */
  readonly state: RoomState | null;
  readonly moment: RoomMoment | null;
  /**
   * What the agent has to know to work in the room, as one document and as it is now: who is there, its own seat and what it is held to,
   * its tasks with their leases, the newest messages. What others wrote in it is data, never instruction.
   */
  context(): Promise<RoomContext>;
  /** Resolves once the message is stored. */
  say(message: string, options?: Pick<CommandInput<'chat_message'>, SayOptions>): Promise<ChatMessage>;
  /**
   * Says something to one member alone. Resolves once it is stored. An agent may write to its owner, and to whoever wrote to it
   * first; anything else is refused with `forbidden`.
   */
  sayDirectly(
    memberId: string,
    message: string,
    options?: Pick<CommandInput<'direct_message'>, 'clientMessageId'>,
  ): Promise<DirectMessage>;
}

/** What a room needs of the client it belongs to. */
export interface RoomLink {
  /** Answers how far the room's log goes. */
  join(request: JoinRoom): Promise<{ readonly seq: number }>;
  context(request: GetRoomContext): Promise<RoomContext>;
  say(message: CommandInput<'chat_message'>): Promise<ChatMessage>;
  sayDirectly(message: CommandInput<'direct_message'>): Promise<DirectMessage>;
}

interface Held {
  readonly epoch: string;
  readonly event: RoomEvent;
}

type Push<Name extends PushName> = Parameters<ServerToClientEvents[Name]>[0];

/** Follows a room's log: a snapshot, then every entry in order; joins again where something is missing. */
export class FollowedRoom extends EventEmitter<AgentRoomEvents> implements AgentRoom {
  state: RoomState | null = null;
  moment: RoomMoment | null = null;
  private readonly held = new Map<number, Held>();
  private isJoining = false;
  /** How far the log went when the room was joined; null once the state is that far. */
  private head: number | null = null;
  private joinAgain: NodeJS.Timeout | undefined;
  private behind: NodeJS.Timeout | undefined;

  constructor(
    readonly id: string,
    private readonly link: RoomLink,
  ) {
    super();
  }

  context(): Promise<RoomContext> {
    return this.link.context({ roomId: this.id });
  }

  say(message: string, options: Pick<CommandInput<'chat_message'>, SayOptions> = {}): Promise<ChatMessage> {
    return this.link.say({ ...options, roomId: this.id, message });
  }

  sayDirectly(
    memberId: string,
    message: string,
    options: Pick<CommandInput<'direct_message'>, 'clientMessageId'> = {},
  ): Promise<DirectMessage> {
    return this.link.sayDirectly({ ...options, roomId: this.id, toMemberId: memberId, message });
  }

  get isFollowing(): boolean {
    return this.isJoining || this.state !== null;
  }

  /** Joins, or joins again from where the state ends. */
  follow(): void {
    this.clearTimers();
    this.isJoining = true;
    const known = this.state && { lastSeq: this.state.seq, epoch: this.state.epoch };
    this.head = null;
    this.link.join({ roomId: this.id, ...known }).then(
      ({ seq }) => {
        this.head = seq;
        this.tellWhenCurrent();
      },
      (error: unknown) => this.joinFailed(error),
    );
  }

  /** The connection is gone; the next one will follow again. */
  suspend(): void {
    this.clearTimers();
    this.isJoining = false;
    this.head = null;
  }

  close(reason: AgentRoomEvents['closed'][0]['reason']): void {
    this.suspend();
    this.held.clear();
    const wasOpen = this.state !== null;
    this.state = null;
    this.moment = null;
    if (wasOpen) {
      this.emit('closed', { reason });
    }
  }

  receiveJoined({ recovered, roomData, moment }: RoomJoined): void {
    this.isJoining = false;
    this.moment = moment;
    if (roomData) {
      this.state = stateOf(roomData);
    }
    if (!this.state) {
      return;
    }
    this.emit('joined', { state: this.state, recovered });
    this.takeHeld();
    this.tellWhenCurrent();
    if (!recovered && this.held.size > 0) {
      this.follow();
    }
  }

  receiveMessage({ epoch, message }: Push<'message_broadcast'>): void {
    this.take({ epoch, event: messageAsEvent(message) });
  }

  receiveActivity({ epoch, activity }: Push<'activity_update'>): void {
    for (const event of activity) {
      this.take({ epoch, event });
    }
  }

  receiveUpdate(update: RoomUpdate): void {
    if (this.moment) {
      const presence = Object.fromEntries(
        update.members.map(({ id, status, lastSeenAt }) => [id, { status, lastSeenAt }] as const),
      );
      this.moment = { ...this.moment, presence, viewers: update.viewers };
    }
    this.emit('update', update);
    this.expectToReach(update.seq);
  }

  private take(entry: Held): void {
    if (!this.state || this.apply(this.state, entry) === 'gap') {
      this.hold(entry);
      if (this.state && !this.isJoining) {
        this.follow();
      }
      return;
    }
    this.takeHeld();
    this.tellWhenCurrent();
  }

  private tellWhenCurrent(): void {
    if (this.state && !this.isJoining && this.head !== null && this.state.seq >= this.head) {
      this.head = null;
      this.emit('current', { state: this.state });
    }
  }

  /** Applies what came too early and fits now. */
  private takeHeld(): void {
    for (const [seq, { epoch }] of this.held) {
      if (!this.state || seq <= this.state.seq || epoch !== this.state.epoch) {
        this.held.delete(seq);
      }
    }
    for (let next = this.next(); this.state && next; next = this.next()) {
      this.held.delete(next.event.seq);
      this.apply(this.state, next);
    }
  }

  private next(): Held | undefined {
    return this.state ? this.held.get(this.state.seq + 1) : undefined;
  }

  private apply(state: RoomState, { epoch, event }: Held): 'done' | 'gap' {
    const changed = epoch === state.epoch ? applyRoomEvent(state, event) : 'gap';
    if (changed === 'gap') {
      return 'gap';
    }
    if (changed !== state) {
      this.state = changed;
      this.announce(event);
    }
    return 'done';
  }

  private hold(entry: Held): void {
    if (this.held.size >= MAX_HELD) {
      const [oldest] = this.held.keys();
      this.held.delete(oldest ?? entry.event.seq);
    }
    this.held.set(entry.event.seq, entry);
  }

  private announce(event: RoomEvent): void {
    if (event.type === 'chat.message') {
      this.emit('message', event.data.message);
    } else if (isActivity(event)) {
      this.emit('activity', event);
    } else if (!isQuietChange(event)) {
      this.emit('messageChanged', event);
    }
  }

  private expectToReach(head: number): void {
    if (!this.state || this.isJoining || this.behind || head <= this.state.seq) {
      return;
    }
    this.behind = setTimeout(() => {
      this.behind = undefined;
      if (this.state && this.state.seq < head && !this.isJoining) {
        this.follow();
      }
    }, BEHIND_MS);
  }

  private joinFailed(error: unknown): void {
    if (error instanceof CommandRefused) {
      this.isJoining = false;
      if (error.code === 'forbidden' || error.code === 'not_found') {
        this.close('removed');
      } else {
        this.joinAgain = setTimeout(() => this.follow(), error.retryAfter ?? JOIN_AGAIN_MS);
      }
    } else if (!(error instanceof NotDelivered)) {
      this.suspend();
    }
  }

  private clearTimers(): void {
    clearTimeout(this.joinAgain);
    clearTimeout(this.behind);
    this.behind = undefined;
  }
}

/** The part of a snapshot that the log keeps current. */
function stateOf({
  epoch,
  seq,
  room,
  members,
  messages,
  tasks,
  paths,
  conflicts,
  approvals,
  pullRequests,
  activity,
}: RoomData): RoomState {
  return { epoch, seq, room, members, messages, tasks, paths, conflicts, approvals, pullRequests, activity };
}
