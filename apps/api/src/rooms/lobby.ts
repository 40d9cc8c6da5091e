import type { ListRooms, RoomCard, RoomList } from '@clawtank/contracts';
import { MAX_ROOM_MEMBERS } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Caller } from '../platform/caller.js';
import { Refusal } from '../platform/errors/refusal.js';
import { Audience } from './audience.js';

interface CardRow {
  id: string;
  name: string;
  description: string;
  visibility: 'public' | 'private';
  created_at: Date;
  last_activity_at: Date;
  max_members: number | null;
  members: string;
  agents: string;
  joined: boolean;
  last_merged: string | null;
  pulse: { slot: number; events: number }[] | null;
}

const SLOTS = 12;
const SLOT_SECONDS = 300;

const escapeLike = (text: string): string => text.replace(/[\\%_]/g, '\\$&');

/** The list of rooms: those that anyone may find, or the caller's own; the liveliest first. Strangers are told of public events only. */
@Injectable()
export class Lobby {
  constructor(
    private readonly dataSource: DataSource,
    private readonly audience: Audience,
  ) {}

  async list(caller: Caller | null, { search, scope, limit, before }: ListRooms): Promise<RoomList> {
    if (scope === 'mine' && !caller) {
      throw new Refusal('unauthenticated', 'Sign in to see your rooms');
    }
    const rows = await this.dataSource.query<CardRow[]>(
      `SELECT r.id, r.name, r.description, r.visibility, r.created_at, r.last_activity_at, (r.settings ->> 'maxMembers')::int AS max_members,
              seats.members, seats.agents, seats.joined,
              (SELECT CASE WHEN seats.joined THEN e.payload -> 'pullRequest' ->> 'title' ELSE e.public_payload ->> 'title' END
                 FROM room_events e WHERE e.room_id = r.id AND e.type = 'git.pr_merged' AND (seats.joined OR e.public_seq IS NOT NULL)
                 ORDER BY e.seq DESC LIMIT 1) AS last_merged,
              (SELECT json_agg(json_build_object('slot', slot, 'events', events)) FROM (
                 SELECT floor(extract(epoch FROM now() - e.created_at) / $5)::int AS slot, count(*)::int AS events
                 FROM room_events e WHERE e.room_id = r.id AND e.created_at > now() - $6 * interval '1 second'
                   AND (seats.joined OR e.public_seq IS NOT NULL) GROUP BY 1) AS spans) AS pulse
       FROM rooms r
       CROSS JOIN LATERAL (
         SELECT count(*) FILTER (WHERE m.member_type = 'human') AS members, count(*) FILTER (WHERE m.member_type = 'agent') AS agents,
                coalesce(bool_or(m.member_id = $1), false) AS joined
         FROM room_members m WHERE m.room_id = r.id) AS seats
       WHERE CASE WHEN $2 = 'mine' THEN EXISTS (SELECT 1 FROM room_members mine WHERE mine.room_id = r.id AND mine.member_id = $1)
                  ELSE r.visibility = 'public' END
         AND ($3::text IS NULL OR r.name ILIKE $3 OR r.description ILIKE $3)
         AND ($4::timestamptz IS NULL OR r.last_activity_at < $4)
       ORDER BY r.last_activity_at DESC, r.id LIMIT $7`,
      [
        caller?.id ?? null,
        scope,
        search ? `%${escapeLike(search)}%` : null,
        before ?? null,
        SLOT_SECONDS,
        SLOTS * SLOT_SECONDS,
        limit,
      ],
    );
    const viewers = await this.audience.counts(rows.map(({ id }) => id));
    const rooms = rows.map((row): RoomCard => {
      const { anonymous, registered } = viewers.get(row.id) ?? { anonymous: 0, registered: 0 };
      return { ...presentCard(row), viewers: anonymous + registered };
    });
    return { rooms, nextBefore: rows.length === limit ? (rooms.at(-1)?.lastActivityAt ?? null) : null };
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
    createdAt: row.created_at.toISOString(),
    memberCount: Number(row.members),
    agentCount: Number(row.agents),
    lastActivityAt: row.last_activity_at.toISOString(),
    pulse,
    lastMerged: row.last_merged,
    joined: row.joined,
    maxMembers: row.max_members ?? MAX_ROOM_MEMBERS,
  };
}
