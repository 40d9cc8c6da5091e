import { randomUUID } from 'node:crypto';
import type { Actor, Room, RoomInfo, CreateRoom, RepositoryView, UpdateRoom } from '@clawtank/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { actorOf, type Caller, type HumanCaller, SYSTEM } from '../platform/caller.js';
import { Clock } from '../platform/clock.js';
import { UnitOfWork, type Work } from '../platform/database/unit-of-work.js';
import { notFound } from '../platform/errors/refusal.js';
import { PRESENCE, type Presence } from '../platform/presence/presence.js';
import { Audience } from './audience.js';
import { AuditLog } from './audit/audit-log.js';
import { abilitiesOf } from './domain/permissions.js';
import { changesBetween } from './domain/room-changes.js';
import { AgentInbox } from './inbox/agent-inbox.js';
import { readAgents } from './inbox/agents-in-room.js';
import { limitsOf } from './limits/limits-of-seats.js';
import { MemberEntity } from './member.entity.js';
import { RoomAccess } from './room-access.js';
import { RoomEntity } from './room.entity.js';
import { presentRoom, readMembers } from './room.presenter.js';
import { Seating } from './seating.js';
import { RoomFeed } from './stream/room-feed.js';
import { RoomLog } from './stream/room-log.js';
import { DataSource } from 'typeorm';

type PauseChange = 'agents_paused' | 'agents_resumed';

const pauseOf = ({ settings }: RoomEntity): PauseChange => (settings.agentsPaused ? 'agents_paused' : 'agents_resumed');

/** Making, reading, changing and deleting rooms. */
@Injectable()
export class RoomService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly dataSource: DataSource,
    private readonly access: RoomAccess,
    private readonly seating: Seating,
    private readonly audit: AuditLog,
    private readonly log: RoomLog,
    private readonly inbox: AgentInbox,
    private readonly feed: RoomFeed,
    private readonly audience: Audience,
    @Inject(PRESENCE) private readonly presence: Presence,
    private readonly clock: Clock,
  ) {}

  /** Makes a room with the caller as its host. */
  async create(caller: HumanCaller, request: CreateRoom, commandId?: string): Promise<Room> {
    const key = { actorId: caller.id, commandId, name: 'create_room', request };
    const { roomId } = await this.unitOfWork.runOnce(key, async (work) => {
      const room = await this.insert(work, caller, request);
      await this.log.append(work, room, {
        type: 'room.created',
        actor: actorOf(caller),
        data: { room: presentRoom(room) },
      });
      await this.seating.seatPerson(work, room, caller, 'host');
      await this.audit.record(work, {
        roomId: room.id,
        action: 'room.created',
        actor: actorOf(caller),
        details: { name: room.name, visibility: room.visibility },
      });
      work.announce({ name: 'rooms.created', data: { roomId: room.id, createdBy: caller.userId } });
      return { roomId: room.id };
    });
    return this.get(caller, roomId);
  }

  /** The room as this caller may see it. A public room shows itself to everyone; a private one to its members only. */
  async get(caller: Caller | null, roomId: string): Promise<Room> {
    const { manager } = this.dataSource;
    const room = await manager.findOneBy(RoomEntity, { id: roomId });
    const seat = caller && room ? await manager.findOneBy(MemberEntity, { roomId, memberId: caller.id }) : null;
    if (!room || (!seat && room.visibility !== 'public')) {
      throw notFound('room');
    }
    const permitted = seat?.agentId
      ? (await limitsOf(manager, roomId, [seat.agentId])).get(seat.agentId)?.commands
      : null;
    const members = await readMembers(manager, roomId);
    const presence = await this.presence.of(members.map(({ id }) => id));
    const { anonymous, registered } = await this.audience.count(roomId);
    return {
      ...presentRoom(room),
      ...(!seat && { gitRepo: null, repository: null }),
      members: members.map((member) => ({
        ...member,
        ...(presence.get(member.id) ?? { status: 'offline', lastSeenAt: null }),
      })),
      abilities: [...abilitiesOf(seat, room, this.clock.now(), permitted ?? null)],
      viewers: anonymous + registered,
    };
  }

  /** Changes what is named and leaves the rest; everybody in the room sees it at once. */
  async update(caller: HumanCaller, roomId: string, change: UpdateRoom): Promise<RoomInfo> {
    return this.unitOfWork.run(async (work) => {
      const { room } = await this.access.enter(work, caller, roomId, 'configure');
      const before = presentRoom(room);
      const { settings, ...rest } = change;
      Object.assign(room, rest, settings && { storedSettings: { ...room.storedSettings, ...settings } });
      const changes = changesBetween(before, presentRoom(room));
      if (Object.keys(changes).length > 0) {
        const change = 'settings.agentsPaused' in changes ? pauseOf(room) : undefined;
        await this.saveAndTell(work, room, actorOf(caller), change);
        if (change) {
          work.announce({ name: `rooms.${change}`, data: { roomId, agentId: null } });
        }
        if ('settings.agentLimits' in changes) {
          work.announce({ name: 'rooms.agents_limited', data: { roomId, agentId: null } });
        }
        if ('settings.autoMergeEnabled' in changes && room.settings.autoMergeEnabled) {
          work.announce({ name: 'rooms.auto_merge_enabled', data: { roomId } });
        }
        await this.audit.record(work, {
          roomId,
          action: 'room.updated',
          actor: actorOf(caller),
          details: { changes },
        });
      }
      return presentRoom(room);
    });
  }

  /** Ends what happens in the room: from now on it is only read. Who leases a task there is told to stop. */
  async archive(caller: HumanCaller, roomId: string): Promise<RoomInfo> {
    return this.unitOfWork.run(async (work) => {
      const { room } = await this.access.enter(work, caller, roomId, 'archive_room');
      await this.close(work, room, actorOf(caller));
      return presentRoom(room);
    });
  }

  /** Archives a room, which is held, that nobody is left to look after. */
  archiveAbandoned(work: Work, room: RoomEntity): Promise<void> {
    return this.close(work, room, SYSTEM);
  }

  /** Opens an archived room again. */
  async unarchive(caller: HumanCaller, roomId: string): Promise<RoomInfo> {
    return this.unitOfWork.run(async (work) => {
      const { room } = await this.access.enter(work, caller, roomId, 'archive_room');
      if (room.archivedAt) {
        room.archivedAt = null;
        await this.saveAndTell(work, room, actorOf(caller));
        await this.audit.record(work, { roomId, action: 'room.unarchived', actor: actorOf(caller) });
      }
      return presentRoom(room);
    });
  }

  /** Changes which repository the room works on; for the git feature. */
  async setRepository(work: Work, room: RoomEntity, repository: RepositoryView | null): Promise<void> {
    room.repository = repository;
    await work.manager.update(RoomEntity, { id: room.id }, { repository: repository });
  }

  /** Removes the room with all that is in it. What was done there with privilege stays on record. */
  async delete(caller: HumanCaller, roomId: string): Promise<void> {
    await this.unitOfWork.run(async (work) => {
      const { room } = await this.access.enter(work, caller, roomId, 'delete_room');
      const agents = await readAgents(work.manager, roomId);
      await work.manager.delete(RoomEntity, { id: roomId });
      this.inbox.forgetRoom(
        work,
        roomId,
        agents.map(({ id }) => id),
      );
      await this.audit.record(work, {
        roomId,
        action: 'room.deleted',
        actor: actorOf(caller),
        details: { name: room.name },
      });
      work.announce({ name: 'rooms.deleted', data: { roomId } });
      work.afterCommit(() => this.feed.publishEnd(roomId));
    });
  }

  private async close(work: Work, room: RoomEntity, actor: Actor): Promise<void> {
    if (!room.archivedAt) {
      room.archivedAt = work.now;
      await this.saveAndTell(work, room, actor);
      await this.audit.record(work, { roomId: room.id, action: 'room.archived', actor });
      work.announce({ name: 'rooms.archived', data: { roomId: room.id } });
    }
  }

  private async saveAndTell(work: Work, room: RoomEntity, actor: Actor, change?: PauseChange): Promise<void> {
    await work.manager.save(room);
    const data = { room: presentRoom(room), ...(change && { change }) };
    await this.log.append(work, room, { type: 'room.updated', actor, data });
  }

  private async insert(
    { manager, now }: Work,
    caller: HumanCaller,
    { settings, ...request }: CreateRoom,
  ): Promise<RoomEntity> {
    const room = manager.create(RoomEntity, {
      ...request,
      id: randomUUID(),
      epoch: randomUUID(),
      createdBy: caller.userId,
      createdAt: now,
      lastEventAt: now,
      repository: null,
      archivedAt: null,
      storedSettings: settings ?? {},
    });
    await manager.insert(RoomEntity, room);
    return Object.assign(room, { lastSeq: 0, lastPublicSeq: 0 });
  }
}
