import { RoomRole, RoomSettings, type PublicView, type Trust } from '@clawtank/contracts';
import { Logger } from '@nestjs/common';
import pg from 'pg';
import type { Clock } from '../platform/clock.js';
import { abilitiesByRole } from '../rooms/index.js';
import { trustOf, type UnplacedMessage } from './domain/plain-message.js';

export interface UnstoredMessage {
  readonly message: UnplacedMessage;
  readonly view: PublicView | null;
  /** What the log keeps of it, as JSON. */
  readonly payload: string;
}

/** What the database says of a message it has stored. */
export interface StoredRow {
  readonly number: number;
  readonly seq: string;
  readonly public_seq: string | null;
  readonly trust: Trust;
  readonly epoch: string;
  readonly created_at: Date;
}

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

/** Between texts of JSON, in which it cannot occur. */
const SEPARATOR = '\x1f';

/** Stores messages of many rooms by one call, over a connection of its own. */
export class MessageStore {
  private readonly logger = new Logger(MessageStore.name);
  private readonly pool: pg.Pool;

  constructor(
    databaseUrl: string,
    private readonly clock: Clock,
  ) {
    this.pool = new pg.Pool({ connectionString: databaseUrl, max: 1, application_name: 'clawtank chat' });
    this.pool.on('error', (error) => this.logger.warn(error.message)); // an idle connection ended; the next flush opens another
  }

  async end(): Promise<void> {
    await this.pool.end();
  }

  /** What it has stored; it did not touch the others, which have to be looked at one by one. */
  async store(batch: readonly UnstoredMessage[]): Promise<StoredRow[]> {
    const [first, ...others] = batch;
    const call = first && others.length === 0 ? this.callForOne(first) : this.callForMany(batch);
    return (await this.pool.query<StoredRow>(call)).rows;
  }

  private callForOne({ message, view, payload }: UnstoredMessage): pg.QueryConfig {
    return {
      name: 'store-message',
      text: 'SELECT * FROM store_message($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)',
      values: [
        message.roomId,
        RULES,
        this.clock.now(),
        message.id,
        message.userId,
        message.author.type,
        message.author.name,
        message.message,
        message.visibility,
        message.clientMessageId,
        payload,
        view && JSON.stringify(view),
      ],
    };
  }

  private callForMany(batch: readonly UnstoredMessage[]): pg.QueryConfig {
    const roomIds = [...new Set(batch.map(({ message }) => message.roomId))].sort();
    const places = new Map(roomIds.map((roomId, index) => [roomId, index + 1]));
    const column = <Value>(of: (message: UnstoredMessage) => Value): Value[] => batch.map(of);
    return {
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
    };
  }
}
