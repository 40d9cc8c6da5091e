import type { RoomInfo } from '@clawtank/contracts';
import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { BUS, type Bus } from '../platform/bus/bus.js';
import { Clock } from '../platform/clock.js';
import { Audience, type AudienceCount, type LogEntry, PresenceUpdates, RoomFeed } from '../rooms/index.js';
import { isOpen } from './chat/domain/chat-mode.js';
import { ViewingFigures } from './domain/viewing-figures.js';
import { PublicRoomReader } from './public-room.reader.js';
import type { SpectatorTransport } from './spectator-line.js';
import type { SpectatorMessage } from './spectator-message.js';
import { SpectatorLimits } from './spectator-limits.js';
import { refusalFor, roomIsFull, roomNotFound, type SpectatorRefusal } from './spectator-refusal.js';
import { WatchedRoom, type Watcher } from './watched-room.js';

interface Entry {
  readonly room: WatchedRoom;
  /** Settled once the feed follows the room for us. */
  readonly opened: Promise<void>;
  /** How the room's chat was held when it was last told of a change. */
  chat?: string;
}

const CHANNEL = 'spectators:counted';
const HEARTBEAT_MS = 15_000;
/** Many come and go together: their number is reported once. */
const REPORT_MS = 100;
const NOBODY: AudienceCount = { anonymous: 0, registered: 0 };

/** The rooms that spectators of this process watch: who is there, what they are sent, and when they have to go. */
@Injectable()
export class SpectatedRooms implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(SpectatedRooms.name);
  private readonly entries = new Map<string, Entry>();
  private readonly figures = new Map<string, ViewingFigures>();
  private readonly reports = new Map<string, NodeJS.Timeout>();
  private readonly reported = new Map<string, AudienceCount>();
  private readonly transports: SpectatorTransport[] = [];
  private readonly heartbeat = setInterval(() => this.beat(), HEARTBEAT_MS).unref();

  constructor(
    private readonly feed: RoomFeed,
    private readonly reader: PublicRoomReader,
    private readonly audience: Audience,
    private readonly presence: PresenceUpdates,
    private readonly limits: SpectatorLimits,
    private readonly clock: Clock,
    @Inject(BUS) private readonly bus: Bus,
  ) {
    feed.listen({
      entries: (roomId, _epoch, entries) => this.publish(roomId, entries),
      ended: (roomId) => this.empty(roomId, roomNotFound()),
    });
  }

  async onModuleInit(): Promise<void> {
    await this.bus.subscribe(CHANNEL, (roomId) => this.schedulePresence(roomId as string));
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.heartbeat);
    this.reports.forEach((timer) => clearTimeout(timer));
    this.entries.forEach(({ room }) => room.stop());
    await Promise.all([...this.reported.keys()].map((roomId) => this.audience.report(roomId, NOBODY)));
  }

  addTransport(transport: SpectatorTransport): void {
    this.transports.push(transport);
  }

  /** Counts the watcher in, or refuses if the room is full: one step, so that racing arrivals never exceed the limit here. */
  async enter(roomId: string, watcher: Watcher): Promise<WatchedRoom> {
    const entry = this.entries.get(roomId) ?? this.open(roomId);
    if (entry.room.total >= this.limits.capacity) {
      throw roomIsFull();
    }
    entry.room.enter(watcher);
    this.countChanged(roomId);
    await entry.opened;
    return entry.room;
  }

  /** The room of a watcher who was counted in. */
  async find(roomId: string): Promise<WatchedRoom> {
    const entry = this.entries.get(roomId);
    if (!entry) {
      throw new Error(`Nobody watches room ${roomId} here`);
    }
    await entry.opened;
    return entry.room;
  }

  /** A watcher who was counted in without an account turned out to have one. */
  registered(roomId: string): void {
    this.entries.get(roomId)?.room.registered();
    this.countChanged(roomId);
  }

  leave(roomId: string, watcher: Watcher): void {
    const entry = this.entries.get(roomId);
    if (!entry?.room.watchers.has(watcher)) {
      return;
    }
    entry.room.leave(watcher);
    this.countChanged(roomId);
    if (entry.room.watchers.size === 0) {
      this.entries.delete(roomId);
      entry.room.stop();
      entry.opened.then(() => this.feed.close(roomId)).catch(() => undefined); // never opened: nothing to close
    }
  }

  /** Whether anybody watches the room by way of this process. */
  isWatched(roomId: string): boolean {
    return this.entries.has(roomId);
  }

  /** The rooms that are watched by way of this process. */
  get watched(): Iterable<string> {
    return this.entries.keys();
  }

  /** Sends to everybody who watches the room by way of this process. */
  broadcast(roomId: string, message: SpectatorMessage): void {
    if (this.entries.has(roomId)) {
      this.transports.forEach((transport) => transport.broadcast(roomId, message));
    }
  }

  /** Has those who watch look again at the chat, and at what they may say in it. */
  chatChanged(roomId: string, subjects?: readonly string[]): void {
    this.entries.get(roomId)?.room.watchers.forEach((watcher) => watcher.chatChanged(subjects));
  }

  /** Has those concerned told that the number or kind of the room's spectators changed. */
  countChanged(roomId: string): void {
    if (this.reports.has(roomId)) {
      return;
    }
    const timer = setTimeout(() => {
      this.reports.delete(roomId);
      this.report(roomId).catch((error: unknown) => this.logger.warn((error as Error).message)); // the next beat tries again
    }, REPORT_MS);
    this.reports.set(roomId, timer.unref());
  }

  private open(roomId: string): Entry {
    const figures = this.figures.get(roomId) ?? new ViewingFigures();
    this.figures.set(roomId, figures);
    const room = new WatchedRoom({
      roomId,
      figures,
      now: () => this.clock.now(),
      broadcast: (message) => this.broadcast(roomId, message),
    });
    const entry: Entry = {
      room,
      opened: Promise.all([this.feed.open(roomId), this.recount(roomId, room)]).then(() => undefined),
    };
    entry.opened.catch(() => undefined); // those who wait for it hear of it
    this.entries.set(roomId, entry);
    return entry;
  }

  private publish(roomId: string, entries: readonly LogEntry[]): void {
    const room = this.entries.get(roomId)?.room;
    if (entries.some(({ event }) => event.type === 'chat.deleted' || event.type === 'task.redacted')) {
      this.reader.forget(roomId); // newcomers must not be shown what was taken back
    }
    for (const { event, publicEvent } of room ? entries : []) {
      if (event.type === 'room.updated') {
        this.reader.forget(roomId);
        const refusal = refusalFor(event.data.room);
        if (refusal) {
          this.empty(roomId, refusal);
          return;
        }
        this.followChat(roomId, event.data.room);
      }
      if (publicEvent) {
        room?.add(publicEvent);
      }
    }
  }

  private followChat(roomId: string, room: RoomInfo): void {
    const entry = this.entries.get(roomId);
    const chat = JSON.stringify([isOpen(room), room.settings.slowModeSeconds]);
    if (entry && entry.chat !== chat) {
      entry.chat = chat;
      this.chatChanged(roomId);
    }
  }

  /** Sends everybody away at once. */
  private empty(roomId: string, refusal: SpectatorRefusal): void {
    this.reader.forget(roomId);
    const room = this.entries.get(roomId)?.room;
    room?.stop();
    for (const watcher of [...(room?.watchers ?? [])]) {
      watcher.dismiss(refusal);
    }
  }

  private async report(roomId: string): Promise<void> {
    const here = this.entries.get(roomId)?.room.here ?? NOBODY;
    if (here === NOBODY) {
      this.reported.delete(roomId);
    } else {
      this.reported.set(roomId, here);
    }
    await this.audience.report(roomId, here);
    this.presence.announce([roomId]);
    await this.bus.publish(CHANNEL, roomId);
  }

  private schedulePresence(roomId: string): void {
    const room = this.entries.get(roomId)?.room;
    room?.schedulePresence(() => this.recount(roomId, room));
  }

  /** Learns how many watch by way of other processes: all that were reported, less what we reported. */
  private async recount(roomId: string, room: WatchedRoom): Promise<void> {
    const total = await this.audience.count(roomId);
    const ours = this.reported.get(roomId) ?? NOBODY;
    room.elsewhere = {
      anonymous: Math.max(0, total.anonymous - ours.anonymous),
      registered: Math.max(0, total.registered - ours.registered),
    };
  }

  /** Counts expire unless they are said again; and other processes may have gone without a word. */
  private beat(): void {
    for (const roomId of this.entries.keys()) {
      this.countChanged(roomId);
    }
    const now = this.clock.now().getTime();
    for (const [roomId, figures] of this.figures) {
      if (!this.entries.has(roomId) && figures.recentPeak(now) === 0) {
        this.figures.delete(roomId);
      }
    }
  }
}
