import type { DirectBadge, RoomBadge } from '@clawtank/contracts';
import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Connection } from '../platform/sockets/connection.js';
import { ConnectionHooks } from '../platform/sockets/connection-hooks.js';
import { DirectTalk, type LogEntry, MemberBroadcast, RoomFeed } from '../rooms/index.js';
import { AttentionNews, type News, type OwnChange } from './attention-news.js';
import { BadgeReader, type Pair } from './badge.reader.js';
import { NotificationReader } from './notification.reader.js';
import { UnreadRooms } from './unread-rooms.js';

/** Between two rounds, and so between two frames on one connection. */
const ROUND_MS = 1000;
/** How late somebody may hear of what the bus lost. */
const SWEEP_MS = 15_000;

/** Somebody connected to this process, and where they sit as far as this process knows. */
interface Person {
  connections: readonly Connection[];
  rooms: readonly string[];
}

/**
 * Tells connections what their person has not read in rooms that they have not joined: at most once a second each, over all
 * processes. Each process says where it wrote something (`AttentionNews`); each knows from memory who is connected here, where
 * they sit and what they have joined, and asks the database once a second for the badges that somebody here lacks, in one query
 * for all. A room whose members have all joined it costs a look into a map. What memory says only decides what is asked: who
 * has a seat, and what they are told, is read from the database.
 *
 * News may be lost; a sweep looks for rooms that moved on unheard.
 */
@Injectable()
export class BadgeUpdates implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(BadgeUpdates.name);
  private readonly people = new Map<string, Person>();
  /** Who is connected here, by the rooms where they sit. */
  private readonly seated = new Map<string, Set<string>>();
  /** The newest place of each of those rooms that this process has heard of. */
  private readonly heads = new Map<string, number>();

  private dueRooms = new Set<string>();
  private dueSeats = new Set<string>();
  private dueOwn: OwnChange[] = [];
  private round: NodeJS.Timeout | undefined;
  private lastRoundAt = 0;
  private running: Promise<void> = Promise.resolve();
  private readonly sweeper = setInterval(() => this.sweep(), SWEEP_MS).unref();

  constructor(
    private readonly badges: BadgeReader,
    private readonly notifications: NotificationReader,
    private readonly unreadRooms: UnreadRooms,
    private readonly direct: DirectTalk,
    private readonly broadcast: MemberBroadcast,
    private readonly news: AttentionNews,
    feed: RoomFeed,
    hooks: ConnectionHooks,
  ) {
    feed.onPublished((roomId, entries) => this.published(roomId, entries));
    hooks.add({ opened: (connection) => this.opened(connection), closed: (connection) => this.closed(connection) });
  }

  async onModuleInit(): Promise<void> {
    await this.news.listen((news) => this.hear(news));
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.sweeper);
    clearTimeout(this.round);
    await this.running;
  }

  /** Called for every append of this process, in the turn of its commit. */
  private published(roomId: string, entries: readonly LogEntry[]): void {
    for (const { event } of entries) {
      switch (event.type) {
        case 'chat.message':
        case 'chat.edited':
        case 'chat.deleted':
          this.news.roomHasNews(roomId, event.seq);
          break;
        case 'member.joined':
          this.news.seatsChanged(event.data.member.id);
          break;
        case 'member.left':
          this.news.seatsChanged(event.data.memberId);
          break;
      }
    }
  }

  private opened(connection: Connection): void {
    const { caller } = connection;
    if (caller.type !== 'human' || !connection.isOpen) {
      return;
    }
    const person: Person = this.people.get(caller.id) ?? { connections: [], rooms: [] };
    person.connections = [...person.connections, connection];
    this.people.set(caller.id, person);
    this.dueSeats.add(caller.id);
    this.plan();
  }

  private closed(connection: Connection): void {
    const { id: userId } = connection.caller;
    const person = this.people.get(userId);
    if (!person?.connections.includes(connection)) {
      return;
    }
    person.connections = person.connections.filter((other) => other !== connection);
    if (person.connections.length === 0) {
      this.sit(userId, person, []);
      this.people.delete(userId);
      this.unreadRooms.leave(userId);
    }
  }

  private hear({ rooms, seats, own }: News): void {
    for (const [roomId, seq] of Object.entries(rooms)) {
      this.dueRooms.add(roomId);
      if (this.seated.has(roomId)) {
        this.heads.set(roomId, Math.max(seq, this.heads.get(roomId) ?? 0));
      }
    }
    seats.filter((userId) => this.people.has(userId)).forEach((userId) => this.dueSeats.add(userId));
    this.dueOwn.push(...own.filter(({ userId }) => this.people.has(userId)));
    this.plan();
  }

  private plan(): void {
    this.round ??= setTimeout(
      () => {
        this.running = this.go();
      },
      Math.max(0, this.lastRoundAt + ROUND_MS - Date.now()),
    ).unref();
  }

  private async go(): Promise<void> {
    const [seats, rooms, own] = [this.dueSeats, this.dueRooms, this.dueOwn];
    [this.dueSeats, this.dueRooms, this.dueOwn] = [new Set(), new Set(), []];
    try {
      const unheard = await this.learnSeats([...seats]);
      await this.tell([...new Set([...rooms, ...unheard])], own);
    } catch (error) {
      this.logger.warn(error);
      seats.forEach((userId) => this.dueSeats.add(userId));
      rooms.forEach((roomId) => this.dueRooms.add(roomId));
      this.dueOwn.unshift(...own);
    } finally {
      this.round = undefined;
      this.lastRoundAt = Date.now();
      if (this.dueSeats.size > 0 || this.dueRooms.size > 0 || this.dueOwn.length > 0) {
        this.plan();
      }
    }
  }

  /** Asks where these people sit now; answers which of those rooms moved on without a word. */
  private async learnSeats(userIds: readonly string[]): Promise<ReadonlySet<string>> {
    const unheard = new Set<string>();
    if (userIds.length === 0) {
      return unheard;
    }
    const seats = await this.badges.seatsOf(userIds);
    const byPerson = Map.groupBy(seats, ({ userId }) => userId);
    for (const userId of userIds) {
      const person = this.people.get(userId);
      if (person) {
        this.sit(userId, person, byPerson.get(userId)?.map(({ roomId }) => roomId) ?? []);
      }
    }
    for (const { roomId, headSeq } of seats) {
      const known = this.heads.get(roomId) ?? headSeq;
      if (headSeq > known) {
        unheard.add(roomId);
      }
      // Whoever sits there may have gone while the database was asked.
      if (this.seated.has(roomId)) {
        this.heads.set(roomId, Math.max(headSeq, known));
      }
    }
    return unheard;
  }

  private sit(userId: string, person: Person, rooms: readonly string[]): void {
    const stays = new Set(rooms);
    for (const roomId of person.rooms) {
      const here = this.seated.get(roomId);
      if (!stays.has(roomId) && here?.delete(userId) && here.size === 0) {
        this.seated.delete(roomId);
        this.heads.delete(roomId);
      }
    }
    for (const roomId of rooms) {
      const here = this.seated.get(roomId) ?? new Set();
      here.add(userId);
      this.seated.set(roomId, here);
    }
    person.rooms = rooms;
  }

  private async tell(roomIds: readonly string[], own: readonly OwnChange[]): Promise<void> {
    const wanted = new Wanted();
    for (const roomId of roomIds) {
      for (const userId of this.seated.get(roomId) ?? []) {
        const away = this.connectionsOf(userId).filter((connection) => !this.broadcast.hasJoined(roomId, connection));
        wanted.badge({ userId, roomId }, away);
      }
    }
    for (const { userId, roomId, memberId, connectionId } of own) {
      const others = this.connectionsOf(userId).filter(({ id }) => id !== connectionId);
      if (roomId === undefined) {
        wanted.count(userId, others);
      } else if (memberId === undefined) {
        wanted.badge({ userId, roomId }, others);
      } else {
        wanted.direct({ userId, roomId, memberId }, others);
      }
    }
    if (wanted.isNothing) {
      return;
    }

    const [badges, direct, unread] = await Promise.all([
      this.badges.of(wanted.pairs),
      wanted.directOf.length > 0 ? this.direct.badgesOf(wanted.directOf) : new Map<string, readonly DirectBadge[]>(),
      this.notifications.unreadOf(wanted.userIds),
    ]);
    wanted.push(badges, direct, unread);
    const fromOthers = new Set(roomIds);
    await this.unreadRooms.tell(badges.filter(({ badge }) => fromOthers.has(badge.roomId)));
  }

  private connectionsOf(userId: string): readonly Connection[] {
    return this.people.get(userId)?.connections ?? [];
  }

  /** Looks where everybody here sits, and whether those rooms moved on without a word. */
  private sweep(): void {
    if (this.people.size > 0) {
      this.people.forEach((_, userId) => this.dueSeats.add(userId));
      this.plan();
    }
  }
}

/** Which connection lacks what, gathered for one round. */
class Wanted {
  private readonly rooms = new Map<string, { readonly pair: Pair; readonly by: Set<Connection> }>();
  private readonly talks = new Map<string, Set<Connection>>();
  private readonly everybody = new Map<Connection, string>();
  private readonly talkers = new Set<string>();

  get isNothing(): boolean {
    return this.everybody.size === 0;
  }

  get pairs(): Pair[] {
    return [...this.rooms.values()].map(({ pair }) => pair);
  }

  get directOf(): string[] {
    return [...this.talkers];
  }

  get userIds(): string[] {
    return [...new Set(this.everybody.values())];
  }

  badge(pair: Pair, connections: readonly Connection[]): void {
    if (connections.length === 0) {
      return;
    }
    const key = `${pair.userId} ${pair.roomId}`;
    const known = this.rooms.get(key) ?? { pair, by: new Set() };
    connections.forEach((connection) => known.by.add(connection));
    this.rooms.set(key, known);
    this.count(pair.userId, connections);
  }

  direct({ userId, roomId, memberId }: Pair & { memberId: string }, connections: readonly Connection[]): void {
    if (connections.length === 0) {
      return;
    }
    const key = `${userId} ${roomId} ${memberId}`;
    this.talks.set(key, new Set([...(this.talks.get(key) ?? []), ...connections]));
    this.talkers.add(userId);
    this.count(userId, connections);
  }

  count(userId: string, connections: readonly Connection[]): void {
    connections.forEach((connection) => this.everybody.set(connection, userId));
  }

  push(
    badges: readonly { userId: string; badge: RoomBadge }[],
    direct: ReadonlyMap<string, readonly DirectBadge[]>,
    unread: ReadonlyMap<string, number>,
  ): void {
    const badgesOf = Map.groupBy(badges, (one) => one.userId);
    for (const [connection, userId] of this.everybody) {
      const rooms = (badgesOf.get(userId) ?? []).filter(({ badge }) =>
        this.rooms.get(`${userId} ${badge.roomId}`)?.by.has(connection),
      );
      const talks = (direct.get(userId) ?? []).filter(({ roomId, member }) =>
        this.talks.get(`${userId} ${roomId} ${member.id}`)?.has(connection),
      );
      connection.push('badges_changed', {
        rooms: rooms.map(({ badge }) => badge),
        direct: [...talks],
        notifications: unread.get(userId) ?? 0,
      });
    }
  }
}
