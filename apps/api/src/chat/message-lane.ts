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
import { abilitiesByRole, type LogEntry, publicView, RoomFeed, storedPayload } from '../rooms/index.js';
import { isPlain, plainMessage, trustOf, type UnplacedMessage } from './domain/plain-message.js';

interface Waiting {
  readonly message: UnplacedMessage;
  readonly view: PublicView | null;
  /** What the log keeps of it, as JSON. */
  readonly payload: string;
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

/** More would hold rooms for longer than others should wait: half a thousand take PostgreSQL some 30 ms. */
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

/** So many wait that it pays not to wait for the flush that is under way; the database begins with theirs as soon as it has done the other. */
const WORTH_A_SECOND = MAX_BATCH / 2;
const MAX_UNDER_WAY = 2;
/** Between texts of JSON, in which it cannot occur. */
const SEPARATOR = '\x1f';

/**
 * The fast way for plain messages: those that wait are stored by one transaction, over one connection of its own. There is no
 * timer. Idle means at once; while a flush is under way others queue up, and the next flush takes them all. When many wait it is sent
 * behind the other, so that the database need not wait for this process. Whatever the lane has the least doubt about it leaves
 * to the ordinary transaction of one message, which alone knows how to refuse.
 */
@Injectable()
export class MessageLane implements OnApplicationShutdown {
  private readonly logger = new Logger(MessageLane.name);
  private readonly databaseUrl: string;
  private connection: Promise<pg.Client> | null = null;
  private waiting: Waiting[] = [];
  private readonly underWay = new Set<Promise<void>>();

  constructor(
    @Inject(SETTINGS) { databaseUrl }: Settings,
    private readonly clock: Clock,
    private readonly feed: RoomFeed,
    private readonly telemetry: Telemetry,
  ) {
    this.databaseUrl = databaseUrl;
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.underWay);
    const client = await this.connection?.catch(() => null);
    await client?.end();
  }

  /** Stores and broadcasts a message of those it may take; null if it has not touched it. */
  async send(caller: Caller, request: SendMessage): Promise<ChatMessage | null> {
    if (!isPlain(request)) {
      return null;
    }
    const message = plainMessage(randomUUID(), { ...actorOf(caller), id: caller.id }, request);
    const event = unplacedEvent(message);
    const [view, payload] = [publicView(event), JSON.stringify(storedPayload(event))];
    return new Promise((settle, fail) => {
      this.waiting.push({ message, view, payload, settle, fail });
      this.flush();
    });
  }

  private flush(): void {
    while (this.waiting.length > 0 && (this.underWay.size === 0 || this.isWorthASecond())) {
      const batch = this.take();
      const next = () => {
        this.underWay.delete(flush);
        this.flush();
      };
      // The database works on the next flush while this process tells of the last.
      const flush = this.store(batch).then(
        (rows) => {
          next();
          this.tell(batch, rows);
        },
        (error: unknown) => {
          next();
          this.giveUp(batch, error);
        },
      );
      this.underWay.add(flush);
    }
  }

  private isWorthASecond(): boolean {
    return this.underWay.size < MAX_UNDER_WAY && this.waiting.length >= WORTH_A_SECOND;
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
    const roomIds = [...new Set(batch.map(({ message }) => message.roomId))].sort();
    const places = new Map(roomIds.map((roomId, index) => [roomId, index + 1]));
    const column = <Value>(of: (waiting: Waiting) => Value): Value[] => batch.map(of);
    return this.ask({
      name: 'store-messages',
      text: 'SELECT * FROM store_messages($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)',
      values: [
        roomIds,
        RULES,
        this.clock.now(),
        column(({ message }) => places.get(message.roomId)),
        // What needs no escaping is spared it.
        `{${column(({ message }) => message.id).join()}}`,
        `{${column(({ message }) => message.userId).join()}}`,
        `{${column(({ message }) => message.author.type).join()}}`,
        column(({ message }) => message.author.name),
        column(({ message }) => message.message),
        `{${column(({ message }) => message.visibility).join()}}`,
        column(({ message }) => message.clientMessageId),
        column(({ payload }) => payload).join(SEPARATOR),
        column(({ view }) => (view ? JSON.stringify(view) : '')).join(SEPARATOR),
      ],
    });
  }

  /** Questions are answered in the order in which they are asked. */
  private async ask(question: pg.QueryConfig): Promise<StoredRow[]> {
    const connection = (this.connection ??= this.connect());
    try {
      const { rows } = await (await connection).query<StoredRow>(question);
      return rows;
    } catch (error) {
      if (!(error instanceof pg.DatabaseError) || error.severity === 'FATAL') {
        this.forget(connection);
      }
      throw error;
    }
  }

  private connect(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.databaseUrl,
      application_name: 'clawtank chat',
      pipeline: true,
    });
    const connection = client.connect().then(() => client);
    client.on('error', (error) => {
      this.logger.warn(error.message);
      this.forget(connection);
    });
    client.on('end', () => this.forget(connection));
    return connection;
  }

  /** The next flush opens another. */
  private forget(connection: Promise<pg.Client>): void {
    if (this.connection === connection) {
      this.connection = null;
    }
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
