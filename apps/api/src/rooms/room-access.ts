import {
  type Ability,
  type AgentLimits,
  effectiveLimits,
  type EffectiveAgentLimits,
  USUAL_AGENT_LIMITS,
} from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In } from 'typeorm';
import type { Caller } from '../platform/caller.js';
import { Clock } from '../platform/clock.js';
import { GatheredReads } from '../platform/database/gathered-reads.js';
import type { Work } from '../platform/database/unit-of-work.js';
import { notFound, Refusal } from '../platform/errors/refusal.js';
import {
  abilitiesByRole,
  abilitiesOf,
  type Circumstances,
  isMuted,
  permissionFor,
  rests,
  type Seat,
} from './domain/permissions.js';
import { limitsOf, SET_LIMITS, setLimitsOf, type SetLimitsRow } from './limits/limits-of-seats.js';
import { notPermitted } from './limits/not-permitted.js';
import { MemberEntity } from './member.entity.js';
import { RoomEntity } from './room.entity.js';

/** A room that somebody may enter, and their seat in it. */
export interface Entered {
  readonly room: RoomEntity;
  readonly seat: MemberEntity;
  readonly abilities: readonly Ability[];
  /** What an agent is held to here; nothing for people. */
  readonly limits: EffectiveAgentLimits;
}

/** What a member may do at one moment. */
export interface Standing {
  readonly abilities: readonly Ability[];
  /** When a mute ends, and with it what it took away. */
  readonly mutedUntil: Date | null;
}

/** How somebody stands in a room, and how far its log went when that was read: whatever changed it since is behind that place. */
export interface Arrival extends Standing {
  readonly headSeq: number;
}

interface ArrivalRow extends SetLimitsRow {
  room_id: string;
  member_id: string;
  last_seq: string;
  archived_at: Date | null;
  member_type: Seat['memberType'] | null;
  role: Seat['role'];
  muted_until: Date | null;
  paused_at: Date | null;
  agents_paused: boolean;
  is_banned: boolean;
  room_limits: AgentLimits | null;
}

const UNLIMITED: EffectiveAgentLimits = {
  commands: null,
  paths: [],
  messagesPerHour: null,
  mentionsPerHour: null,
  tasksPerHour: null,
  parallelTasks: null,
};

/** The only way to learn who may do what in a room, and to hold a room still while something is decided in it. */
@Injectable()
export class RoomAccess {
  private readonly arrivals = new GatheredReads<{ caller: Caller; roomId: string }, ArrivalRow>(
    ({ caller, roomId }) => `${roomId} ${caller.id}`,
    (asked) => this.readArrivals(asked),
  );

  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /**
   * Requires the caller to have `ability` in the room, and holds the room until the transaction ends, so that whatever
   * happens in one room happens in order. Every use case that appends to a room's log comes through here or `hold`, first.
   */
  async enter(work: Work, caller: Caller, roomId: string, ability: Ability): Promise<Entered> {
    return this.admit(work.manager, await this.hold(work, roomId), caller, ability);
  }

  /** Requires the caller to have `ability` in the room, without holding it. */
  async look(
    caller: Caller,
    roomId: string,
    ability: Ability,
    manager: EntityManager = this.dataSource.manager,
  ): Promise<Entered> {
    const room = await manager.findOneBy(RoomEntity, { id: roomId });
    if (!room) {
      throw notFound('room');
    }
    return this.admit(manager, room, caller, ability);
  }

  /** Requires the caller to have a seat from which the room can be read; for all who join at the same time together. */
  async arrive(caller: Caller, roomId: string): Promise<Arrival> {
    const row = await this.arrivals.ask({ caller, roomId });
    if (!row?.member_type) {
      throw row?.is_banned ? isBannedHere() : notFound('room');
    }
    const seat: Seat = {
      memberType: row.member_type,
      role: row.role,
      mutedUntil: row.muted_until,
      pausedAt: row.paused_at,
    };
    const room = { archivedAt: row.archived_at, settings: { agentsPaused: row.agents_paused } };
    const now = this.clock.now();
    const limits =
      seat.memberType === 'agent'
        ? effectiveLimits(setLimitsOf(row), row.room_limits ?? USUAL_AGENT_LIMITS)
        : UNLIMITED;
    return {
      abilities: requireAbility(seat, room, 'read', now, limits),
      mutedUntil: isMuted(seat, now) ? seat.mutedUntil : null,
      headSeq: Number(row.last_seq),
    };
  }

  /** Holds the room until the transaction ends, for what the server does by itself. */
  async hold(work: Work, roomId: string): Promise<RoomEntity> {
    const [room] = await this.holdAll(work, [roomId]);
    if (!room) {
      throw notFound('room');
    }
    return room;
  }

  /**
   * Holds the rooms that still exist, always in the same order so that two who need several never wait for each other. Time in a
   * room never goes back: what the transaction writes from now on is not older than what is there.
   */
  async holdAll(work: Work, roomIds: readonly string[]): Promise<RoomEntity[]> {
    const rooms: RoomEntity[] = [];
    for (const id of [...new Set(roomIds)].sort()) {
      const room = await work.manager.findOne(RoomEntity, { where: { id }, lock: { mode: 'for_no_key_update' } });
      if (room) {
        rooms.push(room);
        work.now = room.lastEventAt > work.now ? room.lastEventAt : work.now;
      }
    }
    return rooms;
  }

  /** The rooms in which the person or agent has a seat. */
  async roomsOf(memberId: string, manager: EntityManager = this.dataSource.manager): Promise<string[]> {
    const rows = await manager.query<{ room_id: string }[]>(
      `SELECT room_id FROM room_members WHERE member_id = $1 ORDER BY room_id`,
      [memberId],
    );
    return rows.map(({ room_id }) => room_id);
  }

  /** Whether the person, and with them their agents, may not come into the room. */
  async isBanned(roomId: string, userId: string, manager: EntityManager = this.dataSource.manager): Promise<boolean> {
    const rows = await manager.query<unknown[]>(`SELECT 1 FROM room_bans WHERE room_id = $1 AND user_id = $2`, [
      roomId,
      userId,
    ]);
    return rows.length > 0;
  }

  async requireNotBanned(roomId: string, userId: string, manager: EntityManager): Promise<void> {
    if (await this.isBanned(roomId, userId, manager)) {
      throw isBannedHere();
    }
  }

  /** What these members may do in the room right now, and when that changes by itself; nothing for those without a seat. */
  async standingOf(
    roomId: string,
    memberIds: readonly string[],
    manager: EntityManager = this.dataSource.manager,
  ): Promise<ReadonlyMap<string, Standing>> {
    const room = await manager.findOneBy(RoomEntity, { id: roomId });
    const seats = room ? await manager.findBy(MemberEntity, { roomId, memberId: In([...memberIds]) }) : [];
    const agentIds = seats.flatMap(({ agentId }) => agentId ?? []);
    const limits = agentIds.length > 0 ? await limitsOf(manager, roomId, agentIds) : new Map<string, never>();
    const now = this.clock.now();
    return new Map(
      seats.map((seat) => [
        seat.memberId,
        {
          abilities: abilitiesOf(seat, room!, now, limits.get(seat.memberId)?.commands ?? null),
          mutedUntil: isMuted(seat, now) ? seat.mutedUntil : null,
        },
      ]),
    );
  }

  private async admit(manager: EntityManager, room: RoomEntity, caller: Caller, ability: Ability): Promise<Entered> {
    const seat = await manager.findOneBy(MemberEntity, { roomId: room.id, memberId: caller.id });
    if (!seat) {
      await this.requireNotBanned(room.id, caller.userId, manager);
      // The same answer as for a room that does not exist: strangers learn nothing.
      throw notFound('room');
    }
    const limits = (seat.agentId && (await limitsOf(manager, room.id, [seat.agentId])).get(seat.agentId)) || UNLIMITED;
    return { room, seat, abilities: requireAbility(seat, room, ability, this.clock.now(), limits), limits };
  }

  private async readArrivals(
    asked: readonly { caller: Caller; roomId: string }[],
  ): Promise<ReadonlyMap<string, ArrivalRow>> {
    const rows = await this.dataSource.query<ArrivalRow[]>(
      `SELECT asked.room_id, asked.member_id, room.last_seq, room.archived_at, seat.member_type, seat.role, seat.muted_until, seat.paused_at,
              coalesce((room.settings ->> 'agentsPaused')::boolean, false) AS agents_paused,
              room.settings -> 'agentLimits' AS room_limits, ${SET_LIMITS},
              seat.member_id IS NULL
                AND EXISTS (SELECT FROM room_bans ban WHERE ban.room_id = asked.room_id AND ban.user_id = asked.user_id) AS is_banned
       FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS asked (room_id, member_id, user_id)
       JOIN rooms room ON room.id = asked.room_id
       LEFT JOIN room_members seat ON seat.room_id = asked.room_id AND seat.member_id = asked.member_id`,
      [
        asked.map(({ roomId }) => roomId),
        asked.map(({ caller }) => caller.id),
        asked.map(({ caller }) => caller.userId),
      ],
    );
    return new Map(rows.map((row) => [`${row.room_id} ${row.member_id}`, row]));
  }
}

const isBannedHere = (): Refusal =>
  new Refusal('banned', 'You are banned from this room. Its host or a moderator can lift the ban.');

/** All that somebody may do from their seat; refuses unless `ability` is among it. */
function requireAbility(
  seat: Seat,
  room: Circumstances,
  ability: Ability,
  now: Date,
  { commands }: EffectiveAgentLimits,
): readonly Ability[] {
  const abilities = abilitiesOf(seat, room, now, commands);
  if (!abilities.includes(ability)) {
    const permission = permissionFor(ability, commands);
    throw permission && !rests(seat, room) ? notPermitted(permission) : whyNot(room, seat, ability, now);
  }
  return abilities;
}

export const roomIsArchived = (): Refusal =>
  new Refusal(
    'room_archived',
    'This room is archived: it can be read, and nothing more happens in it. Its host can open it again.',
  );

/** Says what stands in the way of somebody who has a seat. */
function whyNot(room: Circumstances, seat: Seat, ability: Ability, now: Date): Refusal {
  if (rests(seat, room)) {
    return new Refusal('agent_paused', 'This agent rests here until its owner or a moderator lets it go on');
  }
  if (abilitiesByRole(seat).includes(ability)) {
    return room.archivedAt
      ? roomIsArchived()
      : new Refusal(
          'muted',
          `You are muted in this room until ${seat.mutedUntil?.toISOString() ?? 'later'}. Read on meanwhile.`,
          {
            retryAfter: Math.max(1, (seat.mutedUntil?.getTime() ?? 0) - now.getTime()),
          },
        );
  }
  return new Refusal('forbidden', `In this room you may not do that (${ability.replaceAll('_', ' ')})`);
}
