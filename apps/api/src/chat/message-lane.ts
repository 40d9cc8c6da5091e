import { randomUUID } from 'node:crypto';
import type { ChatMessage, RoomEventOf, SendMessage } from '@clawtank/contracts';
import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import { actorOf, type Caller } from '../platform/caller.js';
import { Clock } from '../platform/clock.js';
import { SETTINGS, type Settings } from '../platform/config/settings.js';
import { Refusal } from '../platform/errors/refusal.js';
import { Telemetry } from '../platform/telemetry.js';
import { type LogEntry, publicView, RoomFeed, storedPayload } from '../rooms/index.js';
import { isPlain, plainMessage, type UnplacedMessage } from './domain/plain-message.js';
import { MessageFlow } from './message-flow.js';
import { MessageStore, type StoredRow, type UnstoredMessage } from './message-store.js';

interface Waiting extends UnstoredMessage {
  /** Null: the lane has not stored it, and somebody who can say why not must look at it. */
  readonly settle: (stored: ChatMessage | null) => void;
  readonly fail: (error: unknown) => void;
}

/** Each works while another waits for its commit, or for the database to tidy up. */
const FLOWS = 2;

/**
 * The fast way for plain messages: those that wait are stored by one transaction. Rooms are shared out among a few flows, so that
 * what is said in a room keeps its order. Whatever the lane has the least doubt about it leaves to the ordinary transaction of one
 * message, which alone knows how to refuse.
 */
@Injectable()
export class MessageLane implements OnApplicationShutdown {
  private readonly logger = new Logger(MessageLane.name);
  private readonly stores: readonly MessageStore[];
  private readonly flows: readonly MessageFlow<Waiting, StoredRow[]>[];

  constructor(
    @Inject(SETTINGS) { databaseUrl }: Settings,
    clock: Clock,
    private readonly feed: RoomFeed,
    private readonly telemetry: Telemetry,
  ) {
    this.stores = Array.from({ length: FLOWS }, () => new MessageStore(databaseUrl, clock));
    this.flows = this.stores.map(
      (store) =>
        new MessageFlow(
          (batch) => store.store(batch),
          (batch, rows) => this.tell(batch, rows),
          (batch, error) => this.giveUp(batch, error),
        ),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.stores.map((store) => store.end()));
  }

  /** Stores and broadcasts a message of those it may take; null if it has not touched it. */
  async send(caller: Caller, request: SendMessage): Promise<ChatMessage | null> {
    const flow = this.flows[Number.parseInt(request.roomId.slice(-4), 16) % FLOWS];
    // Whether an agent is to rest only the ordinary way asks.
    if (!flow || caller.type === 'agent' || !isPlain(request)) {
      return null;
    }
    const message = plainMessage(randomUUID(), { ...actorOf(caller), id: caller.id }, request);
    const event = unplacedEvent(message);
    const [view, payload] = [publicView(event), JSON.stringify(storedPayload(event))];
    return new Promise((settle, fail) => {
      flow.add({ message, view, payload, settle, fail });
    });
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
    addressed: [], // or the lane would not have taken it
    trust,
    publicEvent:
      view && publicSeq !== null ? { ...view, public_seq: Number(publicSeq), event_id: message.id, timestamp } : null,
  };
}
