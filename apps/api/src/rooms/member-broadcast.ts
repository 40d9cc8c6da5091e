import type { ChatMessage, JoinRoom, RoomChange, RoomData, RoomJoined, RoomMoment } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../platform/caller.js';
import type { Connection } from '../platform/sockets/connection.js';
import { ConnectionHooks } from '../platform/sockets/connection-hooks.js';
import { SocketServers } from '../platform/sockets/socket-servers.js';
import { AbilityUpdates } from './ability-updates.js';
import { type Arrival, RoomAccess } from './room-access.js';
import { RoomMoments } from './room-moments.js';
import { RoomSnapshot } from './room-snapshot.js';
import type { LogEntry } from './stream/log-entry.js';
import { RoomFeed } from './stream/room-feed.js';

/** Past this many missed entries a fresh snapshot is the shorter way. */
const MAX_RECOVERED = 1000;

/** What a join is answered with. */
type Joined = Omit<RoomJoined, 'roomData' | 'moment'>;

/** Adds the connection to those who follow the room, behind what it missed. */
type Attach = (epoch: string, missed: readonly LogEntry[]) => void;

/** The sockets that joined the room, in all processes. */
export const groupOf = (roomId: string): string => `room:${roomId}`;

/** Carries each room's log to the sockets that joined it: first what they missed or a snapshot, then everything, in order. */
@Injectable()
export class MemberBroadcast {
  /** The connections of this process by room. */
  private readonly joined = new Map<string, Set<Connection>>();

  constructor(
    private readonly access: RoomAccess,
    private readonly snapshots: RoomSnapshot,
    private readonly feed: RoomFeed,
    private readonly servers: SocketServers,
    private readonly moments: RoomMoments,
    private readonly abilities: AbilityUpdates,
    hooks: ConnectionHooks,
  ) {
    feed.listen({
      entries: (roomId, epoch, entries) => this.broadcast(roomId, epoch, entries),
      ended: (roomId) => this.closeRoom(roomId),
    });
    hooks.add({ closed: (connection) => this.leaveAll(connection) });
  }

  /** The rooms that sockets of this process have joined. */
  get rooms(): Iterable<string> {
    return this.joined.keys();
  }

  /** Whether any socket of this process has joined the room. */
  isFollowed(roomId: string): boolean {
    return this.joined.has(roomId);
  }

  /** The rooms that the connection follows. */
  roomsOf(connection: Connection): string[] {
    return [...this.joined].filter(([, connections]) => connections.has(connection)).map(([roomId]) => roomId);
  }

  /** Whether the connection follows the room, and so hears by itself of everything in it. */
  hasJoined(roomId: string, connection: Connection): boolean {
    return this.joined.get(roomId)?.has(connection) ?? false;
  }

  async join(caller: Caller, { roomId, lastSeq, epoch }: JoinRoom, connection: Connection): Promise<Joined> {
    const arrival = await this.access.arrive(caller, roomId);
    this.leave(roomId, connection);
    await this.feed.open(roomId);
    let isFollowing = false;
    const attach: Attach = (epochOfRoom, missed) => {
      isFollowing = this.attach(roomId, epochOfRoom, missed, connection, arrival);
    };
    try {
      const moment = { ...(await this.moments.of(roomId)), abilities: [...arrival.abilities] };
      const recovered =
        lastSeq === undefined || epoch === undefined || lastSeq > arrival.headSeq
          ? null
          : await this.recover(roomId, lastSeq, epoch, arrival.headSeq, moment, connection, attach);
      const answer = recovered ?? (await this.startAnew(roomId, moment, connection, attach));
      await this.settle(caller, roomId, arrival, connection);
      return answer;
    } catch (error) {
      this.leave(roomId, connection);
      throw error;
    } finally {
      if (!isFollowing) {
        this.feed.close(roomId);
      }
    }
  }

  /** True if the connection had joined. */
  leave(roomId: string, connection: Connection): boolean {
    const connections = this.joined.get(roomId);
    if (!connections?.delete(connection)) {
      return false;
    }
    if (connections.size === 0) {
      this.joined.delete(roomId);
    }
    connection.leave(groupOf(roomId));
    this.abilities.unfollow(roomId, connection);
    this.feed.close(roomId);
    return true;
  }

  private async recover(
    roomId: string,
    lastSeq: number,
    epoch: string,
    headSeq: number,
    moment: RoomMoment,
    connection: Connection,
    attach: Attach,
  ): Promise<Joined | null> {
    if (this.feed.headOf(roomId).epoch !== epoch) {
      return null;
    }
    const answer = (missed: readonly LogEntry[]): Joined => {
      const seq = missed.at(-1)?.event.seq ?? lastSeq;
      connection.push('room_joined', { roomId, epoch, seq, recovered: true, roomData: null, moment });
      attach(epoch, missed);
      return { roomId, epoch, seq, recovered: true };
    };
    return this.feed.catchUp(roomId, lastSeq, MAX_RECOVERED, answer, headSeq);
  }

  private async startAnew(roomId: string, moment: RoomMoment, connection: Connection, attach: Attach): Promise<Joined> {
    for (;;) {
      const state = await this.snapshots.read(roomId);
      const { epoch, seq } = state;
      const answer = await this.feed.catchUp(roomId, seq, MAX_RECOVERED, (missed) => {
        const roomData: RoomData = { ...state, ...moment };
        connection.push('room_joined', { roomId, epoch, seq, recovered: false, roomData, moment });
        attach(epoch, missed);
        return { roomId, epoch, seq, recovered: false };
      });
      if (answer) {
        return answer;
      }
    }
  }

  /** False if the connection is gone already. */
  private attach(
    roomId: string,
    epoch: string,
    missed: readonly LogEntry[],
    connection: Connection,
    { abilities }: Arrival,
  ): boolean {
    for (const push of pushesOf(roomId, epoch, missed)) {
      connection.push(push.name, push.data);
    }
    if (!connection.isOpen) {
      return false;
    }
    const connections = this.joined.get(roomId) ?? new Set();
    connections.add(connection);
    this.joined.set(roomId, connections);
    connection.enter(groupOf(roomId));
    this.abilities.follow(roomId, connection, abilities);
    return true;
  }

  /**
   * The seat may have been taken away or changed between being read and being followed; what followed from that was not for this
   * socket yet. All that can do so is in the log: if that has not come further, there was nothing.
   */
  private async settle(caller: Caller, roomId: string, arrival: Arrival, connection: Connection): Promise<void> {
    const isAsItWas = this.feed.headOf(roomId).lastSeq <= arrival.headSeq;
    this.abilities.settle(roomId, connection, isAsItWas ? arrival : await this.access.arrive(caller, roomId));
  }

  private broadcast(roomId: string, epoch: string, entries: readonly LogEntry[]): void {
    if (!this.joined.has(roomId)) {
      return;
    }
    for (const push of pushesOf(roomId, epoch, entries)) {
      this.servers.toGroupHere(groupOf(roomId), push.name, push.data);
    }
    for (const { event } of entries) {
      if (event.type === 'member.left' || event.type === 'agent.left') {
        const { memberId, reason } = event.data;
        this.dismiss(roomId, memberId, reason === 'left' || reason === 'banned' ? reason : 'removed');
      }
    }
  }

  private dismiss(roomId: string, memberId: string, reason: 'left' | 'removed' | 'banned' | 'deleted'): void {
    for (const connection of [...(this.joined.get(roomId) ?? [])]) {
      if (connection.caller.id === memberId) {
        connection.push('room_closed', { roomId, reason });
        this.leave(roomId, connection);
      }
    }
  }

  private closeRoom(roomId: string): void {
    for (const connection of [...(this.joined.get(roomId) ?? [])]) {
      connection.push('room_closed', { roomId, reason: 'deleted' });
      this.leave(roomId, connection);
    }
  }

  private leaveAll(connection: Connection): void {
    for (const roomId of [...this.joined.keys()]) {
      this.leave(roomId, connection);
    }
  }
}

type Push =
  | { readonly name: 'message_broadcast'; readonly data: { roomId: string; epoch: string; message: ChatMessage } }
  | { readonly name: 'activity_update'; readonly data: { roomId: string; epoch: string; activity: RoomChange[] } };

/** Entries as the specification's pushes, in order: each message alone, neighbouring others together. */
export function pushesOf(roomId: string, epoch: string, entries: readonly LogEntry[]): Push[] {
  const pushes: Push[] = [];
  for (const { event } of entries) {
    const last = pushes.at(-1);
    if (event.type === 'chat.message') {
      pushes.push({ name: 'message_broadcast', data: { roomId, epoch, message: event.data.message } });
    } else if (last?.name === 'activity_update') {
      last.data.activity.push(event);
    } else {
      pushes.push({ name: 'activity_update', data: { roomId, epoch, activity: [event] } });
    }
  }
  return pushes;
}
