import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { BUS, type Bus } from '../../platform/bus/bus.js';
import { SocketServers } from '../../platform/sockets/socket-servers.js';
import { groupOf, MemberBroadcast, RoomEntity } from '../../rooms/index.js';
import { SpectatedRooms } from '../spectated-rooms.js';
import { SpectatorMessage } from '../spectator-message.js';
import { isOpen, isShownToMembers } from './domain/chat-mode.js';
import {
  presentToMembers,
  presentToSpectators,
  SpectatorChatStore,
  type SpectatorMessageRow,
} from './spectator-chat.store.js';

interface Signal {
  readonly roomId: string;
  readonly revision: number;
}

/** How far a room's chat was told here. */
interface Tail {
  known: number;
  wanted: number;
  isReading: boolean;
  lastReadAt: number;
}

const CHANGED = 'spectators:chat';
const STANDING = 'spectators:standing';
/** After a quiet moment at once; otherwise together with what else comes within this time. */
const BATCH_MS = 50;
const MAX_BATCH = 100;
/** A process that was killed between its commit and its news of it leaves nobody behind for longer. */
const SWEEP_MS = 10_000;

/**
 * Tells what happens in spectators' chats. Processes tell each other only how far a room's chat has come; each reads what it has not
 * told yet, in order, for all who watch there together. So nothing said is in Redis, nothing lost on the way stays lost, and a
 * thousand messages in one moment are a few reads.
 */
@Injectable()
export class SpectatorChatFeed implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(SpectatorChatFeed.name);
  private readonly tails = new Map<string, Tail>();
  private readonly standingListeners = new Set<(roomId: string, subjects: readonly string[]) => void>();
  private readonly sweeping = setInterval(() => this.sweep(), SWEEP_MS).unref();
  private isOver = false;

  constructor(
    private readonly store: SpectatorChatStore,
    private readonly rooms: SpectatedRooms,
    private readonly members: MemberBroadcast,
    private readonly servers: SocketServers,
    private readonly dataSource: DataSource,
    @Inject(BUS) private readonly bus: Bus,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.bus.subscribe(CHANGED, (signal) => this.hear(signal as Signal));
    await this.bus.subscribe(STANDING, (message) => {
      const { roomId, subjects } = message as { roomId: string; subjects: string[] };
      this.standingListeners.forEach((listener) => listener(roomId, subjects));
    });
    this.bus.onReturn(() => this.sweep());
  }

  onApplicationShutdown(): void {
    this.isOver = true;
    clearInterval(this.sweeping);
  }

  /** Whoever listens hears who was muted or may speak again, wherever that was decided. */
  onStandingChanged(listener: (roomId: string, subjects: readonly string[]) => void): void {
    this.standingListeners.add(listener);
  }

  /** Has everybody told that the room's chat has come to `revision`. */
  changed(roomId: string, revision: number): void {
    this.hear({ roomId, revision });
    void this.bus.publishToOthers(CHANGED, { roomId, revision } satisfies Signal);
  }

  standingChanged(roomId: string, subjects: readonly string[]): void {
    void this.bus.publish(STANDING, { roomId, subjects });
  }

  /** Somebody here was told of the chat up to `revision`: what comes later is theirs, too. */
  follow(roomId: string, revision: number): void {
    if (!this.tails.has(roomId)) {
      this.tails.set(roomId, { known: revision, wanted: revision, isReading: false, lastReadAt: 0 });
    }
  }

  private isFollowed(roomId: string): boolean {
    return this.rooms.isWatched(roomId) || this.members.isFollowed(roomId);
  }

  private hear({ roomId, revision }: Signal): void {
    if (!this.isFollowed(roomId)) {
      this.tails.delete(roomId);
      return;
    }
    this.follow(roomId, revision - 1);
    const tail = this.tails.get(roomId)!;
    tail.wanted = Math.max(tail.wanted, revision);
    this.read(roomId, tail);
  }

  private read(roomId: string, tail: Tail): void {
    if (tail.isReading || tail.wanted <= tail.known || this.isOver) {
      return;
    }
    tail.isReading = true;
    const wait = Math.max(0, tail.lastReadAt + BATCH_MS - Date.now());
    setTimeout(() => {
      this.tell(roomId, tail)
        .catch((error: unknown) => this.logger.warn((error as Error).message)) // the next sweep tries again
        .finally(() => {
          tail.lastReadAt = Date.now();
          tail.isReading = false;
        })
        .then(
          (isDone) => isDone && this.read(roomId, tail),
          () => undefined,
        );
    }, wait).unref();
  }

  /** Tells what has not been told; true unless it failed. */
  private async tell(roomId: string, tail: Tail): Promise<boolean> {
    const { wanted } = tail;
    const room = await this.dataSource.manager.findOneBy(RoomEntity, { id: roomId });
    const rows = await this.store.since(roomId, tail.known, MAX_BATCH);
    if (rows.length > 0 && room) {
      if (isOpen(room)) {
        rows.forEach((row) => this.rooms.broadcast(roomId, messageOf(row)));
      }
      if (isShownToMembers(room.settings.spectatorChat)) {
        this.servers.toPeopleHere(groupOf(roomId), 'spectator_chat', { roomId, messages: rows.map(presentToMembers) });
      }
    }
    // A full batch may have left something behind it; numbers that a repeat gave back are nobody's.
    tail.known =
      rows.length < MAX_BATCH ? Math.max(wanted, Number(rows.at(-1)?.revision ?? 0)) : Number(rows.at(-1)!.revision);
    return true;
  }

  private sweep(): void {
    for (const roomId of this.tails.keys()) {
      if (!this.isFollowed(roomId)) {
        this.tails.delete(roomId);
      }
    }
    const followed = [...new Set([...this.rooms.watched, ...this.members.rooms])];
    if (followed.length === 0 || this.isOver) {
      return;
    }
    this.store.heads(followed).then(
      (heads) => {
        for (const roomId of followed) {
          const head = heads.get(roomId) ?? 0;
          this.follow(roomId, head);
          this.hear({ roomId, revision: head });
        }
      },
      (error: unknown) => this.logger.warn((error as Error).message),
    );
  }
}

function messageOf(row: SpectatorMessageRow): SpectatorMessage {
  const { room_id, id: message_id } = row;
  return row.deleted_at === null
    ? SpectatorMessage.of('spectator.chat_message', presentToSpectators(row), row.created_at)
    : SpectatorMessage.of(
        'spectator.chat_deleted',
        { room_id, message_id, revision: Number(row.revision) },
        row.deleted_at,
      );
}
