import type { PublicEvent, PublicMember, PublicTask, SpectatorWelcome } from '@clawtank/contracts';
import { SNAPSHOT_LIMITS } from '@clawtank/contracts';
import { Inject, Injectable } from '@nestjs/common';
import * as z from 'zod';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock } from '../platform/clock.js';
import { type Presence, PRESENCE } from '../platform/presence/presence.js';
import { readMembers, RoomEntity, RoomLog } from '../rooms/index.js';
import { currentFiles } from './domain/current-files.js';
import type { Resume } from './domain/incoming-message.js';
import { isTooMuchAtOnce } from './domain/replay.js';
import { refusalFor, roomNotFound } from './spectator-refusal.js';

/** What the public sees of a room at one moment of its log. */
export interface PublicRoom {
  readonly epoch: string;
  /** The place of this moment in the room's own log. Never told to anybody. */
  readonly seq: number;
  readonly publicSeq: number;
  readonly info: SpectatorWelcome['room_info'];
  readonly state: NonNullable<SpectatorWelcome['current_state']>;
}

interface TaskRow {
  task_id: string;
  number: number;
  title: string;
  state: string;
  agent_name: string | null;
}

const RECENT_ACTIVITY = 50;
/** Past this many missed events a fresh start is the shorter way. */
const MAX_REPLAYED = 1000;
/** A room that many arrive at is read once in this time; what happened since is added from the feed. */
const KEPT_MS = 1000;

const RoomId = z.uuid().lowercase();

/** Reads what newcomers to a public room are shown. A thousand who arrive together cause one read. */
@Injectable()
export class PublicRoomReader {
  private readonly kept = new Map<string, Promise<PublicRoom>>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly log: RoomLog,
    private readonly clock: Clock,
    @Inject(PRESENCE) private readonly presence: Presence,
  ) {}

  /** The room at a recent moment, not before `publicSeq` if it got that far; refuses if strangers may not watch it. */
  async read(roomId: string, publicSeq = 0): Promise<PublicRoom> {
    const kept = this.kept.get(roomId);
    if (kept) {
      const room = await kept;
      if (room.publicSeq >= publicSeq) {
        return room;
      }
      if (this.kept.get(roomId) === kept) {
        this.kept.delete(roomId);
      }
    }
    return this.kept.get(roomId) ?? this.readAnew(roomId);
  }

  /** Makes the next reading a fresh one. */
  forget(roomId: string): void {
    this.kept.delete(roomId);
  }

  /** The public events from where a client left off until `room`; null if it cannot go on there. */
  async replay(roomId: string, room: PublicRoom, { lastPublicSeq, epoch }: Resume): Promise<PublicEvent[] | null> {
    const missed = room.publicSeq - lastPublicSeq;
    if (epoch !== room.epoch || missed < 0 || missed > MAX_REPLAYED) {
      return null;
    }
    const newest = room.state.recent_activity;
    const events = missed <= newest.length ? newest : await this.log.publicAfter(roomId, lastPublicSeq, missed);
    const replay = events.filter(({ public_seq }) => public_seq > lastPublicSeq && public_seq <= room.publicSeq);
    return isTooMuchAtOnce(replay) ? null : replay;
  }

  private readAnew(roomId: string): Promise<PublicRoom> {
    const reading = this.readNow(roomId);
    this.kept.set(roomId, reading);
    const forget = () => {
      if (this.kept.get(roomId) === reading) {
        this.kept.delete(roomId);
      }
    };
    reading.then(() => setTimeout(forget, KEPT_MS).unref(), forget);
    return reading;
  }

  private async readNow(roomId: string): Promise<PublicRoom> {
    if (!RoomId.safeParse(roomId).success) {
      throw roomNotFound();
    }
    const { members, ...room } = await this.dataSource.transaction('REPEATABLE READ', (manager) =>
      this.readMoment(manager, roomId),
    );
    const presence = await this.presence.of(members.map(({ id }) => id));
    return {
      ...room,
      state: {
        ...room.state,
        members: members.map((member) => ({ ...member, status: presence.get(member.id)?.status ?? 'offline' })),
      },
    };
  }

  private async readMoment(manager: EntityManager, roomId: string) {
    const room = await manager.findOneBy(RoomEntity, { id: roomId });
    const refusal = room ? refusalFor(room) : roomNotFound();
    if (!room || refusal) {
      throw refusal ?? roomNotFound();
    }
    const activity = await this.log.publicNewest(roomId, RECENT_ACTIVITY, manager);
    return {
      epoch: room.epoch,
      seq: room.lastSeq,
      publicSeq: room.lastPublicSeq,
      info: { id: room.id, name: room.name, description: room.description, created_at: room.createdAt.toISOString() },
      members: await readPublicMembers(manager, roomId),
      state: {
        tasks: await readPublicTasks(manager, roomId),
        recent_activity: activity,
        current_files: currentFiles(activity, this.clock.now().getTime()),
      },
    };
  }
}

async function readPublicMembers(manager: EntityManager, roomId: string): Promise<Omit<PublicMember, 'status'>[]> {
  const members = await readMembers(manager, roomId);
  return members.map(({ id, name, type, ownerName }) => ({ id, name, type, owner: ownerName }));
}

/**
 * Unfinished tasks and the newest finished ones, as far as the public was told that they exist: what was created while the
 * room was private stays hidden when it becomes public. Their titles are those of the public log, masked.
 */
async function readPublicTasks(manager: EntityManager, roomId: string): Promise<PublicTask[]> {
  const rows = await manager.query<TaskRow[]>(
    `SELECT * FROM (
       SELECT t.id AS task_id, t.number, e.public_payload ->> 'title' AS title, t.state,
              CASE WHEN t.state <> 'open' THEN coalesce(t.lease_holder_name, t.assigned_to_name) END AS agent_name,
              t.state IN ('done', 'cancelled', 'failed') AS finished,
              row_number() OVER (PARTITION BY t.state IN ('done', 'cancelled', 'failed') ORDER BY t.updated_at DESC, t.number DESC) AS place
       FROM room_events e JOIN tasks t ON t.id = (e.public_payload ->> 'task_id')::uuid AND t.room_id = e.room_id
       WHERE e.room_id = $1 AND e.type = 'task.created' AND e.public_seq IS NOT NULL
     ) AS told
     WHERE NOT finished OR place <= $2
     ORDER BY number`,
    [roomId, SNAPSHOT_LIMITS.finishedTasks],
  );
  return rows.map(({ task_id, number, title, state, agent_name }) => ({ task_id, number, title, state, agent_name }));
}
