import type { Ability, ChatMessage, JoinRoom, RoomData, RoomJoined, RoomChange, RoomMoment } from '@clawtank/contracts';
import { Inject, Injectable } from '@nestjs/common';
import type { Caller } from '../platform/caller.js';
import { PRESENCE, type Presence } from '../platform/presence/presence.js';
import type { Connection } from '../platform/sockets/connection.js';
import { ConnectionHooks } from '../platform/sockets/connection-hooks.js';
import { SocketServers } from '../platform/sockets/socket-servers.js';
import { AbilityUpdates } from './ability-updates.js';
import { Audience } from './audience.js';
import { RoomAccess } from './room-access.js';
import { RoomSnapshot } from './room-snapshot.js';
import type { LogEntry } from './stream/log-entry.js';
import { RoomFeed } from './stream/room-feed.js';

/** Past this many missed entries a fresh snapshot is the shorter way. */
const MAX_RECOVERED = 1000;

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
    private readonly audience: Audience,
    private readonly abilities: AbilityUpdates,
    @Inject(PRESENCE) private readonly presence: Presence,
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

  /** The rooms that the connection follows. */
  roomsOf(connection: Connection): string[] {
    return [...this.joined].filter(([, connections]) => connections.has(connection)).map(([roomId]) => roomId);
  }

  /** Whether the connection follows the room, and so hears by itself of everything in it. */
  hasJoined(roomId: string, connection: Connection): boolean {
    return this.joined.get(roomId)?.has(connection) ?? false;
  }

  async join(
    caller: Caller,
    { roomId, lastSeq, epoch }: JoinRoom,
    connection: Connection,
  ): Promise<Omit<RoomJoined, 'roomData' | 'moment'>> {
    const { abilities } = await this.access.look(caller, roomId, 'read');
    this.leave(roomId, connection);
    await this.feed.open(roomId);
    try {
      const moment = await this.momentOf(roomId, abilities);
      const recovered =
        lastSeq === undefined || epoch === undefined
          ? null
          : await this.recover(roomId, lastSeq, epoch, moment, connection);
      const answer = recovered ?? (await this.startAnew(roomId, moment, connection));
      if (this.hasJoined(roomId, connection)) {
        this.abilities.follow(roomId, connection, abilities);
      }
      // The seat may have been taken away or changed while the room was read; what followed from that was not for this socket yet.
      const now = await this.access.look(caller, roomId, 'read');
      this.abilities.settle(roomId, connection, { abilities: now.abilities, mutedUntil: now.seat.mutedUntil });
      return answer;
    } catch (error) {
      if (!this.leave(roomId, connection)) {
        this.feed.close(roomId);
      }
      throw error;
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
    moment: RoomMoment,
    connection: Connection,
  ): Promise<Omit<RoomJoined, 'roomData' | 'moment'> | null> {
    if (this.feed.headOf(roomId).epoch !== epoch || lastSeq > (await this.access.headOf(roomId))) {
      return null;
    }
    return this.feed.catchUp(roomId, lastSeq, MAX_RECOVERED, (missed) => {
      const seq = missed.at(-1)?.event.seq ?? lastSeq;
      connection.push('room_joined', { roomId, epoch, seq, recovered: true, roomData: null, moment });
      this.attach(roomId, epoch, missed, connection);
      return { roomId, epoch, seq, recovered: true };
    });
  }

  private async startAnew(
    roomId: string,
    moment: RoomMoment,
    connection: Connection,
  ): Promise<Omit<RoomJoined, 'roomData' | 'moment'>> {
    for (;;) {
      const state = await this.snapshots.read(roomId);
      const { epoch, seq } = state;
      const answer = await this.feed.catchUp(roomId, seq, MAX_RECOVERED, (missed) => {
        const roomData: RoomData = { ...state, ...moment };
        connection.push('room_joined', { roomId, epoch, seq, recovered: false, roomData, moment });
        this.attach(roomId, epoch, missed, connection);
        return { roomId, epoch, seq, recovered: false };
      });
      if (answer) {
        return answer;
      }
    }
  }

  private attach(roomId: string, epoch: string, missed: readonly LogEntry[], connection: Connection): void {
    for (const push of pushesOf(roomId, epoch, missed)) {
      connection.push(push.name, push.data);
    }
    if (!connection.isOpen) {
      this.feed.close(roomId);
      return;
    }
    const connections = this.joined.get(roomId) ?? new Set();
    connections.add(connection);
    this.joined.set(roomId, connections);
    connection.enter(groupOf(roomId));
  }

  private async momentOf(roomId: string, abilities: readonly Ability[]): Promise<RoomMoment> {
    const members = await this.access.memberIds(roomId);
    const [presence, { anonymous, registered }] = await Promise.all([
      this.presence.of(members),
      this.audience.count(roomId),
    ]);
    return { abilities: [...abilities], presence: Object.fromEntries(presence), viewers: anonymous + registered };
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
