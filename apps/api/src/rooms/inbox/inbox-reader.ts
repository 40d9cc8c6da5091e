import type {
  Actor,
  AddressKind,
  ChatMessage,
  DirectMessage,
  InboxCursor,
  InboxItem,
  InboxPage,
  ReadInbox,
  RoomEvent,
} from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { SYSTEM } from '../../platform/caller.js';
import { entryForAgent } from '../domain/agent-view.js';
import { entryOf, LOG_COLUMNS, type LogEntry, type LogRow, trustByActor } from '../stream/log-entry.js';

interface HeadRow {
  epoch: string;
  last_number: string;
  acknowledged: string;
  forgotten: string;
}

interface ItemRow {
  number: string;
  kind: AddressKind;
  room_id: string;
  seq: string | null;
  direct_message_id: string | null;
  created_at: Date;
}

/** What features know of what lies in inboxes. */
interface Parts {
  /** Those of these direct messages that stand. */
  directMessages(ids: readonly string[]): Promise<DirectMessage[]>;
  /** Whether a task is made of a message for the agents that it mentions. */
  asksForWork(message: ChatMessage): boolean;
}

/** The epoch of an inbox into which nothing ever came. */
const NO_EPOCH = '00000000-0000-0000-0000-000000000000';
const EMPTY: HeadRow = { epoch: NO_EPOCH, last_number: '0', acknowledged: '0', forgotten: '0' };

/** Reads agents' inboxes, and moves their cursors. What an item is about is read where it stands: what was taken back is not told. */
@Injectable()
export class InboxReader {
  private readonly parts: Partial<Parts> = {};

  constructor(private readonly dataSource: DataSource) {}

  /** Makes a feature responsible for what it knows. */
  contribute(parts: Partial<Parts>): void {
    Object.assign(this.parts, parts);
  }

  /** What came after a number and was not acknowledged; of one room only, if one is named. */
  async read(agentId: string, { after, epoch, limit }: ReadInbox, roomId: string | null = null): Promise<InboxPage> {
    const head = await this.headOf(agentId);
    const acknowledged = Number(head.acknowledged);
    const from = Math.max(acknowledged, epoch === undefined || epoch === head.epoch ? after : 0);
    const rows = await this.dataSource.query<ItemRow[]>(
      `SELECT number, kind, room_id, seq, direct_message_id, created_at FROM inbox_items
       WHERE agent_id = $1 AND number > $2 AND ($4::uuid IS NULL OR room_id = $4) ORDER BY number LIMIT $3`,
      [agentId, from, limit + 1, roomId],
    );
    const page = rows.slice(0, limit);
    const hasMore = rows.length > limit;
    const last = Number(page.at(-1)?.number ?? from);
    const forgotten = Number(head.forgotten);
    return {
      epoch: head.epoch,
      items: await this.itemsOf(agentId, page),
      upTo: hasMore ? last : Math.max(last, Number(head.last_number)),
      hasMore,
      acknowledged,
      forgottenUpTo: forgotten > from ? forgotten : 0,
    };
  }

  /** Moves the cursor, never back and never past what there is. A number of another epoch moves nothing. */
  async acknowledge(agentId: string, upTo: number, epoch?: string): Promise<InboxCursor> {
    const [moved] = await this.dataSource.query<{ epoch: string; acknowledged: string }[]>(
      `WITH moved AS (
         UPDATE agent_inboxes
         SET acknowledged = CASE WHEN $3::uuid IS NULL OR epoch = $3
                                 THEN greatest(acknowledged, least($2::bigint, last_number)) ELSE acknowledged END
         WHERE agent_id = $1 RETURNING epoch, acknowledged
       ), gone AS (
         DELETE FROM inbox_items USING moved WHERE inbox_items.agent_id = $1 AND number <= moved.acknowledged
       ) SELECT epoch, acknowledged FROM moved`,
      [agentId, upTo, epoch ?? null],
    );
    return { epoch: moved?.epoch ?? NO_EPOCH, acknowledged: Number(moved?.acknowledged ?? 0) };
  }

  private async headOf(agentId: string): Promise<HeadRow> {
    const [head] = await this.dataSource.query<HeadRow[]>(
      `SELECT epoch, last_number, acknowledged, forgotten FROM agent_inboxes WHERE agent_id = $1`,
      [agentId],
    );
    return head ?? EMPTY;
  }

  private async itemsOf(agentId: string, rows: readonly ItemRow[]): Promise<InboxItem[]> {
    const [entries, directMessages] = await Promise.all([this.entriesOf(rows), this.directMessagesOf(rows)]);
    const hosts = await this.hostsAmong([...directMessages.values()]);
    return rows.flatMap((row) => {
      const item = { number: Number(row.number), kind: row.kind, roomId: row.room_id };
      if (row.seq !== null) {
        const entry = entries.get(`${row.room_id} ${row.seq}`);
        return entry && !isTakenBack(entry.event) ? this.itemOf(item, entry, agentId) : [];
      }
      const nothing = { event: null, direct: null, asksForWork: false };
      if (row.direct_message_id !== null) {
        const direct = directMessages.get(row.direct_message_id);
        const trust = direct && (hosts.has(direct.id) ? 'owner' : trustByActor(direct.author));
        return direct && trust && direct.deletedAt === null
          ? { ...item, ...nothing, at: direct.timestamp, actor: direct.author, trust, direct }
          : [];
      }
      const actor: Actor = SYSTEM;
      return { ...item, ...nothing, at: row.created_at.toISOString(), actor, trust: trustByActor(actor) };
    });
  }

  private itemOf(
    item: Pick<InboxItem, 'number' | 'kind' | 'roomId'>,
    entry: LogEntry,
    agentId: string,
  ): Omit<InboxItem, 'event'> & { event: RoomEvent } {
    const { event, trust } = entry;
    const asksForWork =
      item.kind === 'mention' &&
      event.type === 'chat.message' &&
      (this.parts.asksForWork?.(event.data.message) ?? false);
    const { actor, timestamp: at } = event;
    return { ...item, at, actor, trust, event: entryForAgent(entry, agentId), direct: null, asksForWork };
  }

  private async entriesOf(rows: readonly ItemRow[]): Promise<ReadonlyMap<string, LogEntry>> {
    const placed = rows.filter(({ seq }) => seq !== null);
    if (placed.length === 0) {
      return new Map();
    }
    const found = await this.dataSource.query<LogRow[]>(
      `SELECT ${LOG_COLUMNS} FROM room_events JOIN unnest($1::uuid[], $2::bigint[]) AS place (in_room, at_seq)
         ON room_id = in_room AND seq = at_seq`,
      [placed.map(({ room_id }) => room_id), placed.map(({ seq }) => seq)],
    );
    return new Map(found.map((row) => [`${row.room_id} ${row.seq}`, entryOf(row)]));
  }

  private async directMessagesOf(rows: readonly ItemRow[]): Promise<ReadonlyMap<string, DirectMessage>> {
    const ids = rows.flatMap(({ direct_message_id }) => direct_message_id ?? []);
    const messages = ids.length > 0 ? ((await this.parts.directMessages?.(ids)) ?? []) : [];
    return new Map(messages.map((message) => [message.id, message]));
  }

  /** Which of the messages are by whoever hosts the room. */
  private async hostsAmong(messages: readonly DirectMessage[]): Promise<ReadonlySet<string>> {
    if (messages.length === 0) {
      return new Set();
    }
    const rows = await this.dataSource.query<{ id: string }[]>(
      `SELECT said.id FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS said (id, room_id, author_id)
       JOIN room_members seat ON seat.room_id = said.room_id AND seat.member_id = said.author_id AND seat.role = 'host'`,
      [messages.map(({ id }) => id), messages.map(({ roomId }) => roomId), messages.map(({ userId }) => userId)],
    );
    return new Set(rows.map(({ id }) => id));
  }
}

const isTakenBack = (event: RoomEvent): boolean =>
  event.type === 'chat.message' && event.data.message.deletedAt !== null;
