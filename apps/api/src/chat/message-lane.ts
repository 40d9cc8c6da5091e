import { randomUUID } from 'node:crypto';
import {
  type ChatMessage,
  type PublicView,
  type RoomEventOf,
  RoomRole,
  RoomSettings,
  type SendMessage,
  type Trust,
} from '@clawtank/contracts';
import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import { actorOf, type Caller } from '../platform/caller.js';
import { Clock } from '../platform/clock.js';
import { SETTINGS, type Settings } from '../platform/config/settings.js';
import { Refusal } from '../platform/errors/refusal.js';
import { Telemetry } from '../platform/telemetry.js';
import { abilitiesByRole, type LogEntry, publicView, RoomFeed } from '../rooms/index.js';
import { isPlain, plainMessage, trustOf, type UnplacedMessage } from './domain/plain-message.js';

interface Waiting {
  readonly message: UnplacedMessage;
  readonly view: PublicView | null;
  /** Null: the lane has not stored it, and somebody who can say why not must look at it. */
  readonly settle: (stored: ChatMessage | null) => void;
  readonly fail: (error: unknown) => void;
}

/** What `store_messages` says of a message it has stored. */
interface StoredRow {
  readonly number: number;
  readonly seq: string;
  readonly public_seq: string | null;
  readonly trust: Trust;
  readonly epoch: string;
  readonly created_at: Date;
}

/** More would hold rooms for longer than others should wait: half a thousand take PostgreSQL some 40 ms. */
const MAX_BATCH = 500;

/** Whose messages the lane takes, and how far readers may rely on them; made from the policy table, so that it is written once. */
const TRUST = Object.fromEntries(
  [
    { voice: 'agent', seat: { memberType: 'agent', role: 'member' } as const },
    ...RoomRole.options.map((role) => ({ voice: role, seat: { memberType: 'human', role } as const })),
  ]
    .filter(({ seat }) => abilitiesByRole(seat).includes('chat'))
    .map(({ voice, seat }) => [voice, trustOf(seat)]),
);
const RULES = JSON.stringify({ trust: TRUST, settings: RoomSettings.parse({}) });

/**
 * The fast way for plain messages: those that wait are stored by one transaction, over one connection of its own. There is no
 * timer. Idle means at once; while one flush is under way others queue up, and the next flush takes them all. Whatever it has
 * the least doubt about it leaves to the ordinary transaction of one message, which alone knows how to refuse.
 */
@Injectable()
export class MessageLane implements OnApplicationShutdown {
  private readonly logger = new Logger(MessageLane.name);
  private readonly pool: pg.Pool;
  private waiting: Waiting[] = [];
  private isFlushing = false;

  constructor(
    @Inject(SETTINGS) { databaseUrl }: Settings,
    private readonly clock: Clock,
    private readonly feed: RoomFeed,
    private readonly telemetry: Telemetry,
  ) {
    this.pool = new pg.Pool({ connectionString: databaseUrl, max: 1, application_name: 'clawtank chat' });
    this.pool.on('error', (error) => this.logger.warn(error.message)); // an idle connection ended; the next flush opens another
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }

  /** Stores and broadcasts a message of those it may take; null if it has not touched it. */
  async send(caller: Caller, request: SendMessage): Promise<ChatMessage | null> {
    if (!isPlain(request)) {
      return null;
    }
    const message = plainMessage(randomUUID(), { ...actorOf(caller), id: caller.id }, request);
    const view = publicView(unplacedEvent(message));
    return new Promise((settle, fail) => {
      this.waiting.push({ message, view, settle, fail });
      if (!this.isFlushing) {
        this.flush();
      }
    });
  }

  private flush(): void {
    const batch = this.take();
    this.isFlushing = batch.length > 0;
    if (!this.isFlushing) {
      return;
    }
    // The database works on the next flush while this process tells of the last.
    this.store(batch).then(
      (rows) => {
        this.flush();
        this.tell(batch, rows);
      },
      (error: unknown) => {
        this.flush();
        this.giveUp(batch, error);
      },
    );
  }

  /** Takes what waits, oldest first. A repeat comes after the flush of what it repeats, which finds it. */
  private take(): Waiting[] {
    const batch: Waiting[] = [];
    const left: Waiting[] = [];
    const keys = new Set<string>();
    for (const place of this.waiting) {
      const { id, userId, clientMessageId } = place.message;
      const key = clientMessageId === null ? id : `${userId} ${clientMessageId}`;
      if (batch.length < MAX_BATCH && !keys.has(key)) {
        keys.add(key);
        batch.push(place);
      } else {
        left.push(place);
      }
    }
    this.waiting = left;
    return batch;
  }

  private async store(batch: readonly Waiting[]): Promise<StoredRow[]> {
    const byRoom = Map.groupBy(
      batch.map(({ message, view }, number) => ({ number, message, view })),
      ({ message }) => message.roomId,
    );
    const roomIds = [...byRoom.keys()].sort();
    const { rows } = await this.pool.query<StoredRow>({
      name: 'store-messages',
      text: 'SELECT * FROM store_messages($1, $2, $3, $4)',
      values: [JSON.stringify(roomIds.map((roomId) => byRoom.get(roomId))), roomIds, RULES, this.clock.now()],
    });
    return rows;
  }

  private tell(batch: readonly Waiting[], rows: readonly StoredRow[]): void {
    const stored = new Map<Waiting, ChatMessage>();
    const rooms = new Map<string, { epoch: string; entries: LogEntry[] }>();
    for (const row of rows) {
      const place = batch[row.number];
      if (!place) {
        throw new Error(`Message ${row.number} of ${batch.length} was stored`);
      }
      const entry = entryOf(place, row);
      stored.set(place, entry.event.data.message);
      const room = rooms.get(place.message.roomId) ?? { epoch: row.epoch, entries: [] };
      room.entries.push(entry);
      rooms.set(place.message.roomId, room);
    }
    this.telemetry.roomEvents.inc({ type: 'chat.message' }, rows.length);
    for (const [roomId, { epoch, entries }] of rooms) {
      this.feed.publish(roomId, epoch, entries);
    }
    batch.forEach((place) => place.settle(stored.get(place) ?? null));
  }

  /**
   * Each message is tried alone, and only the one that is at fault fails. An error that the database reports means that nothing
   * was stored; without an answer nobody knows, and only messages that their senders gave an id may be tried again.
   */
  private giveUp(batch: readonly Waiting[], error: unknown): void {
    this.logger.warn(`${batch.length} messages were not stored together: ${(error as Error).message}`);
    const isRolledBack = error instanceof pg.DatabaseError;
    for (const { message, settle, fail } of batch) {
      if (isRolledBack || message.clientMessageId !== null) {
        settle(null);
      } else {
        fail(new Refusal('unavailable', 'The database did not answer; send the message again', { retryAfter: 1000 }));
      }
    }
  }
}

function unplacedEvent(message: UnplacedMessage): RoomEventOf<'chat.message'> {
  const { id, author } = message;
  return {
    seq: 0,
    id,
    type: 'chat.message',
    actor: author,
    timestamp: '',
    data: { message: { ...message, seq: 0, trust: 'member', timestamp: '' } },
  };
}

function entryOf(
  { message: unplaced, view }: Waiting,
  { seq, public_seq: publicSeq, trust, created_at: at }: StoredRow,
): LogEntry & { readonly event: RoomEventOf<'chat.message'> } {
  const timestamp = at.toISOString();
  const message: ChatMessage = { ...unplaced, seq: Number(seq), trust, timestamp };
  return {
    event: {
      seq: message.seq,
      id: message.id,
      type: 'chat.message',
      actor: message.author,
      timestamp,
      data: { message },
    },
    publicEvent:
      view && publicSeq !== null ? { ...view, public_seq: Number(publicSeq), event_id: message.id, timestamp } : null,
  };
}
