import type { AddressKind, RoomEvent } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import type { Work } from '../../platform/database/unit-of-work.js';
import type { Address } from '../domain/addressing.js';
import { InboxSignals } from './inbox-signals.js';

interface NewItem {
  readonly agentId: string;
  readonly kind: AddressKind;
  readonly roomId: string;
  readonly seq: number | null;
  readonly directMessageId: string | null;
}

/** What a transaction does to inboxes. */
class Changes {
  items: NewItem[] = [];
  readonly leftSeats: { readonly roomId: string; readonly agentId: string }[] = [];
  readonly entries: { readonly roomId: string; readonly seq: number }[] = [];
  readonly directMessageIds: string[] = [];
  readonly deletedRooms: string[] = [];
}

interface Head {
  readonly agent_id: string;
  readonly epoch: string;
  readonly last_number: string;
}

/**
 * Puts what is addressed to agents into their inboxes, in the transaction that makes it so. All of it happens at the very end of the
 * transaction and inboxes are always taken in the same order: so numbers become visible in the order in which they are given out,
 * rooms hold up one another only for a commit, and no two of them wait for each other.
 */
@Injectable()
export class AgentInbox {
  private readonly changes = new WeakMap<Work, Changes>();

  constructor(private readonly signals: InboxSignals) {}

  /** Delivers an entry of a room's log. Whoever loses a seat keeps nothing of the room but the news of that. */
  deliver(work: Work, event: RoomEvent, roomId: string, addresses: readonly Address[]): void {
    if (event.type === 'agent.left') {
      this.forgetSeat(work, roomId, event.data.memberId);
    }
    if (addresses.length > 0) {
      const { seq } = event;
      this.of(work).items.push(...addresses.map((address) => ({ ...address, roomId, seq, directMessageId: null })));
    }
  }

  deliverDirect(work: Work, agentId: string, roomId: string, directMessageId: string): void {
    this.of(work).items.push({ agentId, kind: 'direct_message', roomId, seq: null, directMessageId });
  }

  /** What these entries said was taken back. */
  forgetEntries(work: Work, roomId: string, seqs: readonly number[]): void {
    if (seqs.length > 0) {
      this.of(work).entries.push(...seqs.map((seq) => ({ roomId, seq })));
    }
  }

  forgetDirect(work: Work, directMessageId: string): void {
    this.of(work).directMessageIds.push(directMessageId);
  }

  /** The room is gone: nothing of it is left but the news of that, for the agents that had a seat. */
  forgetRoom(work: Work, roomId: string, agentIds: readonly string[]): void {
    const changes = this.of(work);
    changes.items = changes.items.filter((item) => item.roomId !== roomId);
    changes.deletedRooms.push(roomId);
    const nothing = { roomId, seq: null, directMessageId: null };
    changes.items.push(...agentIds.map((agentId) => ({ agentId, kind: 'seat_lost' as const, ...nothing })));
  }

  private forgetSeat(work: Work, roomId: string, agentId: string): void {
    const changes = this.of(work);
    changes.items = changes.items.filter((item) => item.roomId !== roomId || item.agentId !== agentId);
    changes.leftSeats.push({ roomId, agentId });
  }

  private of(work: Work): Changes {
    const known = this.changes.get(work);
    if (known) {
      return known;
    }
    const changes = new Changes();
    this.changes.set(work, changes);
    work.beforeCommit(() => this.write(work, changes));
    return changes;
  }

  private async write(work: Work, changes: Changes): Promise<void> {
    const heads = await this.advance(work, changes.items);
    await this.forget(work, changes);
    await this.insert(work, changes.items, heads);
    if (heads.length > 0) {
      work.afterCommit(() =>
        this.signals.announce(
          heads.map(({ agent_id: agentId, epoch, last_number }) => ({ agentId, epoch, head: Number(last_number) })),
        ),
      );
    }
  }

  /** Holds the inboxes and gives out their next numbers. */
  private async advance({ manager }: Work, items: readonly NewItem[]): Promise<Head[]> {
    if (items.length === 0) {
      return [];
    }
    return manager.query<Head[]>(
      `INSERT INTO agent_inboxes AS inbox (agent_id, last_number)
       SELECT agent_id, count(*) FROM unnest($1::uuid[]) AS items (agent_id) GROUP BY agent_id ORDER BY agent_id
       ON CONFLICT (agent_id) DO UPDATE SET last_number = inbox.last_number + excluded.last_number
       RETURNING agent_id, epoch, last_number`,
      [items.map(({ agentId }) => agentId)],
    );
  }

  private async forget({ manager }: Work, changes: Changes): Promise<void> {
    const { leftSeats, entries, directMessageIds, deletedRooms } = changes;
    if (leftSeats.length > 0) {
      await manager.query(
        `DELETE FROM inbox_items USING unnest($1::uuid[], $2::uuid[]) AS seat (room_id, agent_id)
         WHERE inbox_items.room_id = seat.room_id AND inbox_items.agent_id = seat.agent_id AND kind <> 'seat_lost'`,
        [leftSeats.map(({ roomId }) => roomId), leftSeats.map(({ agentId }) => agentId)],
      );
    }
    if (entries.length > 0) {
      await manager.query(
        `DELETE FROM inbox_items USING unnest($1::uuid[], $2::bigint[]) AS entry (room_id, seq)
         WHERE inbox_items.room_id = entry.room_id AND inbox_items.seq = entry.seq AND kind IN ('mention', 'here', 'answer')`,
        [entries.map(({ roomId }) => roomId), entries.map(({ seq }) => seq)],
      );
    }
    if (directMessageIds.length > 0) {
      await manager.query(`DELETE FROM inbox_items WHERE direct_message_id = ANY ($1::uuid[])`, [directMessageIds]);
    }
    if (deletedRooms.length > 0) {
      await manager.query(`DELETE FROM inbox_items WHERE room_id = ANY ($1::uuid[])`, [deletedRooms]);
    }
  }

  private async insert({ manager, now }: Work, items: readonly NewItem[], heads: readonly Head[]): Promise<void> {
    const next = new Map(heads.map(({ agent_id, last_number }) => [agent_id, Number(last_number)]));
    // Backwards, since the heads are where the last items stand.
    const numbered = items.toReversed().map((item) => {
      const number = next.get(item.agentId) ?? 0;
      next.set(item.agentId, number - 1);
      return { ...item, number };
    });
    if (numbered.length > 0) {
      await manager.query(
        `INSERT INTO inbox_items (agent_id, number, kind, room_id, seq, direct_message_id, created_at)
         SELECT *, $7::timestamptz FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::uuid[], $5::bigint[], $6::uuid[])`,
        [
          numbered.map(({ agentId }) => agentId),
          numbered.map(({ number }) => number),
          numbered.map(({ kind }) => kind),
          numbered.map(({ roomId }) => roomId),
          numbered.map(({ seq }) => seq),
          numbered.map(({ directMessageId }) => directMessageId),
          now,
        ],
      );
    }
  }
}
