import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { BUS, type Bus } from '../platform/bus/bus.js';
import { PRESENCE, type Presence, type Sighting } from '../platform/presence/presence.js';
import type { Connection } from '../platform/sockets/connection.js';
import { ConnectionHooks } from '../platform/sockets/connection-hooks.js';
import { SocketServers } from '../platform/sockets/socket-servers.js';
import { ActiveFiles } from './active-files.js';
import { Audience } from './audience.js';
import { groupOf, MemberBroadcast } from './member-broadcast.js';
import { readMembers } from './room.presenter.js';
import { RoomFeed } from './stream/room-feed.js';

const HEARTBEAT_MS = 15_000;
/** Connections and rooms take turns within a heartbeat: nobody waits while all are read and told at once. */
const TURNS = 30;
const MOST_OFTEN_MS = 1000;
/** Who comes or goes within this time is told of together. */
const GATHER_MS = 50;
/** Sightings outlast several of these. */
const VISITS_EVERY_MS = 10_000;
const CHANNEL = 'presence';
/** The connections behind which nobody sits right now. */
const IDLE = 'idle';

interface Changed {
  readonly roomIds: readonly string[];
}

/** Tells rooms who is here and how many watch: at most once a second each, however many come and go. */
@Injectable()
export class PresenceUpdates implements OnModuleInit, OnApplicationShutdown {
  private readonly open = new Map<Connection, 'active' | 'idle'>();
  private readonly due = new Map<string, NodeJS.Timeout>();
  private readonly lastSent = new Map<string, number>();
  /** When agents without a connection last asked for something, to the time that is worth telling again. */
  private readonly visits = new Map<string, number>();
  /** Opened in this turn of the event loop, and not known to be there yet. */
  private arriving: Connection[] = [];
  /** Who came, went or changed since rooms were told last, and the rooms about which there is something else to tell. */
  private readonly changed = { memberIds: new Set<string>(), roomIds: new Set<string>() };
  private gathering: NodeJS.Timeout | undefined;
  private turn = 0;
  private readonly heartbeat = setInterval(() => void this.beat(), HEARTBEAT_MS / TURNS).unref();

  constructor(
    private readonly dataSource: DataSource,
    private readonly broadcast: MemberBroadcast,
    private readonly feed: RoomFeed,
    private readonly servers: SocketServers,
    private readonly audience: Audience,
    private readonly activeFiles: ActiveFiles,
    @Inject(PRESENCE) private readonly presence: Presence,
    @Inject(BUS) private readonly bus: Bus,
    hooks: ConnectionHooks,
  ) {
    hooks.add({
      opened: (connection) => this.arrived(connection),
      closed: (connection) => void this.gone(connection),
    });
  }

  async onModuleInit(): Promise<void> {
    await this.bus.subscribe(CHANNEL, (message) =>
      (message as Changed).roomIds.forEach((roomId) => this.schedule(roomId)),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.heartbeat);
    this.due.forEach((timer) => clearTimeout(timer));
    await Promise.all([...this.open.keys()].map(({ caller, id }) => this.presence.gone(caller.id, id)));
    clearTimeout(this.gathering);
    await this.tell();
  }

  async set(connection: Connection, status: 'active' | 'idle'): Promise<void> {
    this.open.set(connection, status);
    if (status === 'idle') {
      connection.enter(IDLE);
    } else {
      connection.leave(IDLE);
    }
    await this.presence.seen([this.sightingOf(connection, status)]);
    this.gather([connection.caller.id], []);
  }

  /** An agent that keeps no connection has asked for something: it counts as here until its sighting expires. */
  async visited(agentId: string): Promise<void> {
    const now = performance.now();
    if (now - (this.visits.get(agentId) ?? -Infinity) < VISITS_EVERY_MS) {
      return;
    }
    this.visits.set(agentId, now);
    await this.presence.seen([{ memberId: agentId, connectionId: `visit:${agentId}`, status: 'active' }]);
    this.gather([agentId], []);
  }

  /** Who has the room open and is at the keyboard, at any process. */
  async lookingAt(roomId: string): Promise<ReadonlySet<string>> {
    const followers = await this.servers.inGroup(groupOf(roomId));
    return new Set(followers.filter(({ groups }) => !groups.has(IDLE)).map(({ memberId }) => memberId));
  }

  /** Has the members of these rooms told soon, in every process. */
  announce(roomIds: readonly string[]): void {
    this.gather([], roomIds);
  }

  /** Those who come in one turn are there by its end: before any of them can ask who is. */
  private arrived(connection: Connection): void {
    this.open.set(connection, 'active');
    this.arriving.push(connection);
    if (this.arriving.length === 1) {
      setImmediate(() => void this.seeArriving());
    }
  }

  private async seeArriving(): Promise<void> {
    const arrived = this.arriving.filter((connection) => this.open.has(connection)); // the others have gone again
    this.arriving = [];
    await this.presence.seen(arrived.map((connection) => this.sightingOf(connection, 'active')));
    this.gather(
      arrived.map(({ caller }) => caller.id),
      [],
    );
  }

  private async gone(connection: Connection): Promise<void> {
    this.open.delete(connection);
    await this.presence.gone(connection.caller.id, connection.id);
    this.gather([connection.caller.id], []);
  }

  private gather(memberIds: readonly string[], roomIds: readonly string[]): void {
    memberIds.forEach((id) => this.changed.memberIds.add(id));
    roomIds.forEach((id) => this.changed.roomIds.add(id));
    this.gathering ??= setTimeout(() => void this.tell(), GATHER_MS).unref();
  }

  /** Tells all processes which rooms show something else now: by one statement and one publication, however many came and went. */
  private async tell(): Promise<void> {
    this.gathering = undefined;
    const [memberIds, roomIds] = [[...this.changed.memberIds], new Set(this.changed.roomIds)];
    this.changed.memberIds.clear();
    this.changed.roomIds.clear();
    if (memberIds.length > 0) {
      const rows = await this.dataSource
        .query<{ room_id: string }[]>(`SELECT DISTINCT room_id FROM room_members WHERE member_id = ANY ($1::uuid[])`, [
          memberIds,
        ])
        .catch(() => []); // the server is stopping; the entries expire by themselves
      rows.forEach(({ room_id }) => roomIds.add(room_id));
    }
    if (roomIds.size > 0) {
      await this.bus.publish(CHANNEL, { roomIds: [...roomIds] } satisfies Changed);
    }
  }

  private sightingOf({ caller, id }: Connection, status: 'active' | 'idle'): Sighting {
    return { memberId: caller.id, connectionId: id, status };
  }

  private async beat(): Promise<void> {
    this.turn = (this.turn + 1) % TURNS;
    this.forgetVisits();
    const sightings: Sighting[] = [];
    for (const [connection, status] of this.open) {
      if (turnOf(connection.id) === this.turn) {
        sightings.push(this.sightingOf(connection, status));
      }
    }
    if (sightings.length > 0) {
      await this.presence.seen(sightings);
    }
    // Also those whose process was killed: they expired without a word.
    for (const roomId of this.broadcast.rooms) {
      if (turnOf(roomId) === this.turn) {
        this.schedule(roomId);
      }
    }
  }

  private forgetVisits(): void {
    const now = performance.now();
    for (const [agentId, at] of this.visits) {
      if (now - at >= VISITS_EVERY_MS) {
        this.visits.delete(agentId);
      }
    }
  }

  private schedule(roomId: string): void {
    if (this.due.has(roomId)) {
      return;
    }
    const wait = Math.max(0, (this.lastSent.get(roomId) ?? 0) + MOST_OFTEN_MS - Date.now());
    const timer = setTimeout(() => {
      this.due.delete(roomId);
      this.send(roomId).catch(() => undefined); // lossy: the next one is the truth
    }, wait);
    this.due.set(roomId, timer.unref());
  }

  private async send(roomId: string): Promise<void> {
    if (!this.broadcast.isFollowed(roomId)) {
      this.lastSent.delete(roomId);
      return;
    }
    this.lastSent.set(roomId, Date.now());
    const members = await readMembers(this.dataSource.manager, roomId);
    const presence = await this.presence.of(members.map(({ id }) => id));
    const { anonymous, registered } = await this.audience.count(roomId);
    this.servers.toGroupHere(`room:${roomId}`, 'room_update', {
      roomId,
      activity: [],
      members: members.map((member) => ({
        ...member,
        ...(presence.get(member.id) ?? { status: 'offline' as const, lastSeenAt: null }),
      })),
      activeFiles: this.activeFiles.of(roomId),
      viewers: anonymous + registered,
      seq: this.feed.headOf(roomId).lastSeq,
    });
  }
}

/** The same turn for as long as it lives. Asked of all connections twice a second, so it makes nothing on the way. */
function turnOf(id: string): number {
  let sum = 0;
  for (let index = 0; index < id.length; index++) {
    sum += id.charCodeAt(index);
  }
  return sum % TURNS;
}
