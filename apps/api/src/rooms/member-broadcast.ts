import type { JoinRoom, RoomJoined } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../platform/caller.js';
import type { Connection } from '../platform/sockets/connection.js';
import { ConnectionHooks } from '../platform/sockets/connection-hooks.js';
import { SocketServers } from '../platform/sockets/socket-servers.js';
import type { SharedPush } from '../platform/sockets/shared-push.js';
import { AbilityUpdates } from './ability-updates.js';
import { AgentView } from './agent-view.js';
import { addressedKey, entryForAgent } from './domain/agent-view.js';
import { JoinPushes, pushesOf, sharedPushesOf, type Welcome } from './join-pushes.js';
import { type Arrival, RoomAccess } from './room-access.js';
import { RoomMoments } from './room-moments.js';
import { RoomSnapshot } from './room-snapshot.js';
import type { LogEntry } from './stream/log-entry.js';
import { RoomFeed } from './stream/room-feed.js';

/** Past this many missed entries a fresh snapshot is the shorter way. */
const MAX_RECOVERED = 1000;

/** What a join is answered with. */
type Joined = Omit<RoomJoined, 'roomData' | 'moment'>;

/** Tells the connection of the room and what it missed there, and lets it follow from then on, all in one turn. */
type Attach = (room: Pick<Welcome, 'epoch' | 'seq' | 'state'>, missed: readonly LogEntry[]) => Joined;

/** The sockets that joined the room, in all processes. */
export const groupOf = (roomId: string): string => `room:${roomId}`;

/** Carries each room's log to the sockets that joined it: first what they missed or a snapshot, then everything, in order. */
@Injectable()
export class MemberBroadcast {
  /** The connections of this process by room. */
  private readonly joined = new Map<string, Set<Connection>>();
  /** Those of them that are agents'. */
  private readonly agents = new Map<string, Set<Connection>>();
  /** The same by connection: most follow one room, or a few. */
  private readonly followed = new Map<Connection, readonly string[]>();

  constructor(
    private readonly access: RoomAccess,
    private readonly snapshots: RoomSnapshot,
    private readonly feed: RoomFeed,
    private readonly servers: SocketServers,
    private readonly moments: RoomMoments,
    private readonly pushes: JoinPushes,
    private readonly abilities: AbilityUpdates,
    private readonly agentView: AgentView,
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
  roomsOf(connection: Connection): readonly string[] {
    return this.followed.get(connection) ?? [];
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
    try {
      const moment = await this.moments.of(roomId);
      const attach: Attach = ({ epoch: epochHere, seq, state }, missed) => {
        const { abilities } = arrival;
        connection.pushShared(this.pushes.welcome({ roomId, epoch: epochHere, seq, state, moment, abilities }));
        this.missedBy(caller, roomId, epochHere, missed).forEach((push) => connection.pushShared(push));
        isFollowing = this.follow(roomId, connection, arrival);
        return { roomId, epoch: epochHere, seq, recovered: state === null };
      };
      const recovered =
        lastSeq === undefined || epoch === undefined || lastSeq > arrival.headSeq
          ? null
          : await this.recover(roomId, lastSeq, epoch, arrival, attach);
      const answer = recovered ?? (await this.startAnew(caller, roomId, attach));
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
    const agents = this.agents.get(roomId);
    if (agents?.delete(connection) && agents.size === 0) {
      this.agents.delete(roomId);
    }
    const others = this.roomsOf(connection).filter((other) => other !== roomId);
    if (others.length > 0) {
      this.followed.set(connection, others);
    } else {
      this.followed.delete(connection);
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
    { headSeq }: Arrival,
    attach: Attach,
  ): Promise<Joined | null> {
    if (this.feed.headOf(roomId).epoch !== epoch) {
      return null;
    }
    const attachFrom = (missed: readonly LogEntry[]): Joined =>
      attach({ epoch, seq: missed.at(-1)?.event.seq ?? lastSeq, state: null }, missed);
    return this.feed.catchUp(roomId, lastSeq, MAX_RECOVERED, attachFrom, headSeq);
  }

  private async startAnew(caller: Caller, roomId: string, attach: Attach): Promise<Joined> {
    for (;;) {
      const state = await this.agentView.state(caller, await this.snapshots.read(roomId));
      const { epoch, seq } = state;
      const answer = await this.feed.catchUp(roomId, seq, MAX_RECOVERED, (missed) =>
        attach({ epoch, seq, state }, missed),
      );
      if (answer) {
        return answer;
      }
    }
  }

  /** False if the connection is gone already. */
  private follow(roomId: string, connection: Connection, { abilities }: Arrival): boolean {
    if (!connection.isOpen) {
      return false;
    }
    const connections = this.joined.get(roomId) ?? new Set();
    connections.add(connection);
    this.joined.set(roomId, connections);
    if (connection.caller.type === 'agent') {
      this.agents.set(roomId, (this.agents.get(roomId) ?? new Set()).add(connection));
    }
    this.followed.set(connection, [...this.roomsOf(connection), roomId]);
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
    const events = entries.map(({ event }) => event);
    for (const push of pushesOf(roomId, epoch, events)) {
      this.servers.toPeopleHere(groupOf(roomId), push.name, push.data);
    }
    this.tellAgents(roomId, epoch, entries);
    for (const { event } of entries) {
      if (event.type === 'member.left' || event.type === 'agent.left') {
        const { memberId, reason } = event.data;
        this.dismiss(roomId, memberId, reason === 'left' || reason === 'banned' ? reason : 'removed');
      }
    }
  }

  /** Each agent reads what is meant for it: encoded once for all to whom that is the same, which mostly is two times. */
  private tellAgents(roomId: string, epoch: string, entries: readonly LogEntry[]): void {
    const encoded = new Map<string, readonly SharedPush[]>();
    for (const connection of this.agents.get(roomId) ?? []) {
      const { id } = connection.caller;
      const key = addressedKey(entries, id);
      const pushes = encoded.get(key) ?? agentPushesOf(id, roomId, epoch, entries);
      encoded.set(key, pushes);
      pushes.forEach((push) => connection.pushShared(push));
    }
  }

  private missedBy(caller: Caller, roomId: string, epoch: string, missed: readonly LogEntry[]): readonly SharedPush[] {
    return caller.type === 'agent'
      ? agentPushesOf(caller.agentId, roomId, epoch, missed)
      : this.pushes.since(roomId, epoch, missed);
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
    for (const roomId of this.roomsOf(connection)) {
      this.leave(roomId, connection);
    }
  }
}

const agentPushesOf = (agentId: string, roomId: string, epoch: string, entries: readonly LogEntry[]): SharedPush[] =>
  sharedPushesOf(
    roomId,
    epoch,
    entries.map((entry) => entryForAgent(entry, agentId)),
  );
