import type { Actor, AuditAction, AuditEntry, AuditPage, AuditPageOfRooms, ListAudit } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import * as z from 'zod';
import type { Caller, HumanCaller } from '../../platform/caller.js';
import type { Work } from '../../platform/database/unit-of-work.js';
import { Refusal } from '../../platform/errors/refusal.js';
import { decodeCursor, encodeCursor } from '../../platform/http/cursor.js';
import { RoomAccess } from '../room-access.js';

/** A deed that somebody's privilege made possible. */
export interface Deed {
  readonly roomId: string;
  readonly action: AuditAction;
  readonly actor: Actor;
  /** Whom or what it was done to, by name; left out where the room itself is meant. */
  readonly target?: string;
  /** What else one would want to know of it; never what people wrote. */
  readonly details?: Readonly<Record<string, unknown>>;
}

interface AuditRow {
  id: string;
  number: string;
  room_id: string;
  action: AuditAction;
  actor_type: Actor['type'];
  actor_id: string | null;
  actor_name: string;
  target: string | null;
  details: Record<string, unknown>;
  created_at: Date;
}

const Place = z.object({ before: z.int().min(1) });

/** What was done with privilege, for good: the database refuses to change or remove an entry, and it outlives its room. */
@Injectable()
export class AuditLog {
  constructor(
    private readonly dataSource: DataSource,
    private readonly access: RoomAccess,
  ) {}

  /** Keeps a deed, in the transaction that does it: neither is there without the other. */
  async record({ manager, now }: Work, { roomId, action, actor, target, details = {} }: Deed): Promise<void> {
    await manager.query(
      `INSERT INTO audit_entries (room_id, action, actor_type, actor_id, actor_name, target, details, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [roomId, action, actor.type, actor.id, actor.name, target ?? null, JSON.stringify(details), now],
    );
  }

  /** What was done in a room, newest first. */
  async list(caller: Caller, roomId: string, query: ListAudit): Promise<AuditPage> {
    await this.access.look(caller, roomId, 'read_audit_log');
    const { entries, nextCursor } = await this.read(roomId, query);
    return { entries: entries.map(({ roomId: _, ...entry }) => entry), nextCursor };
  }

  /** What was done in all rooms, or in one that may be gone; for administrators. */
  async listOfRooms(caller: HumanCaller, roomId: string | undefined, query: ListAudit): Promise<AuditPageOfRooms> {
    if (!caller.isAdmin) {
      throw new Refusal('forbidden', 'Only an administrator can do this');
    }
    return this.read(roomId ?? null, query);
  }

  private async read(roomId: string | null, { cursor, action, limit }: ListAudit): Promise<AuditPageOfRooms> {
    const before = cursor === undefined ? null : decodeCursor(Place, cursor).before;
    const rows = await this.dataSource.query<AuditRow[]>(
      `SELECT * FROM audit_entries
       WHERE ($1::uuid IS NULL OR room_id = $1) AND ($2::bigint IS NULL OR number < $2) AND ($3::text IS NULL OR action = $3)
       ORDER BY number DESC LIMIT $4`,
      [roomId, before, action ?? null, limit + 1],
    );
    const page = rows.slice(0, limit);
    const last = rows.length > limit ? page.at(-1) : undefined;
    return {
      entries: page.map(present),
      nextCursor: last ? encodeCursor({ before: Number(last.number) } satisfies z.infer<typeof Place>) : null,
    };
  }
}

const present = (row: AuditRow): AuditEntry & { roomId: string } => ({
  id: row.id,
  roomId: row.room_id,
  at: row.created_at.toISOString(),
  action: row.action,
  actor: { type: row.actor_type, id: row.actor_id, name: row.actor_name },
  target: row.target,
  details: row.details,
});
