import { MAX_ROOM_MEMBERS, type RoomCard } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Caller } from '../../platform/caller.js';
import { Audience } from '../audience.js';

interface CardRow {
  id: string;
  name: string;
  description: string;
  visibility: 'public' | 'private';
  language: string | null;
  topics: string[];
  archived_at: Date | null;
  created_at: Date;
  last_activity_at: Date;
  max_members: number | null;
  members: number;
  agents: string;
  joined: boolean;
  last_merged: string | null;
  pulse: { slot: number; events: number }[] | null;
}

const SLOTS = 12;
const SLOT_SECONDS = 300;

/** Rooms as the lobby shows them. Of rooms they have no seat in, callers are told of public events only. */
@Injectable()
export class RoomCards {
  constructor(
    private readonly dataSource: DataSource,
    private readonly audience: Audience,
  ) {}

  /** The cards of these rooms, in this order; those that vanished meanwhile are left out. */
  async of(caller: Caller | null, roomIds: readonly string[]): Promise<RoomCard[]> {
    const [rows, viewers] = await Promise.all([this.read(caller, roomIds), this.audience.counts(roomIds)]);
    const cards = rows.map((row): RoomCard => {
      const { anonymous, registered } = viewers.get(row.id) ?? { anonymous: 0, registered: 0 };
      return { ...presentCard(row), viewers: anonymous + registered };
    });
    const byId = new Map(cards.map((card) => [card.id, card]));
    return roomIds.flatMap((id) => byId.get(id) ?? []);
  }

  private read(caller: Caller | null, roomIds: readonly string[]): Promise<CardRow[]> {
    return this.dataSource.query<CardRow[]>(
      `SELECT r.id, r.name, r.description, r.visibility, r.language, r.topics, r.archived_at, r.created_at, r.last_activity_at,
              (r.settings ->> 'maxMembers')::int AS max_members, r.person_count AS members, seats.agents, seats.joined,
              (SELECT CASE WHEN seats.joined THEN e.payload -> 'pullRequest' ->> 'title' ELSE e.public_payload ->> 'title' END
                 FROM room_events e WHERE e.room_id = r.id AND e.type = 'git.pr_merged' AND (seats.joined OR e.public_seq IS NOT NULL)
                 ORDER BY e.seq DESC LIMIT 1) AS last_merged,
              (SELECT json_agg(json_build_object('slot', slot, 'events', events)) FROM (
                 SELECT floor(extract(epoch FROM now() - e.created_at) / $3)::int AS slot, count(*)::int AS events
                 FROM room_events e WHERE e.room_id = r.id AND e.created_at > now() - $4 * interval '1 second'
                   AND (seats.joined OR e.public_seq IS NOT NULL) GROUP BY 1) AS spans) AS pulse
       FROM rooms r
       CROSS JOIN LATERAL (
         SELECT count(*) FILTER (WHERE m.member_type = 'agent') AS agents, coalesce(bool_or(m.member_id = $2), false) AS joined
         FROM room_members m WHERE m.room_id = r.id) AS seats
       WHERE r.id = ANY ($1::uuid[])`,
      [roomIds, caller?.id ?? null, SLOT_SECONDS, SLOTS * SLOT_SECONDS],
    );
  }
}

function presentCard(row: CardRow): Omit<RoomCard, 'viewers'> {
  const pulse = Array.from({ length: SLOTS }, () => 0);
  for (const { slot, events } of row.pulse ?? []) {
    if (slot >= 0 && slot < SLOTS) {
      pulse[SLOTS - 1 - slot] = events;
    }
  }
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    visibility: row.visibility,
    language: row.language,
    topics: row.topics,
    archivedAt: row.archived_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
    memberCount: row.members,
    agentCount: Number(row.agents),
    lastActivityAt: row.last_activity_at.toISOString(),
    pulse,
    lastMerged: row.last_merged,
    joined: row.joined,
    maxMembers: row.max_members ?? MAX_ROOM_MEMBERS,
  };
}
