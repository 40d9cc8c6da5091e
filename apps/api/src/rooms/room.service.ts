import { randomUUID } from 'node:crypto';
import type { Room, RoomInfo, CreateRoom, RepositoryView, UpdateRoom } from '@clawtank/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { actorOf, type Caller, type HumanCaller } from '../platform/caller.js';
import { UnitOfWork, type Work } from '../platform/database/unit-of-work.js';
import { notFound } from '../platform/errors/refusal.js';
import { PRESENCE, type Presence } from '../platform/presence/presence.js';
import { Audience } from './audience.js';
import { abilitiesOf } from './domain/permissions.js';
import { MemberEntity } from './member.entity.js';
import { RoomAccess } from './room-access.js';
import { RoomEntity } from './room.entity.js';
import { presentRoom, readMembers } from './room.presenter.js';
import { SeatService } from './seat.service.js';
import { RoomFeed } from './stream/room-feed.js';
import { RoomLog } from './stream/room-log.js';
import { DataSource } from 'typeorm';

/** Making, reading, changing and deleting rooms. */
@Injectable()
export class RoomService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly dataSource: DataSource,
    private readonly access: RoomAccess,
    private readonly seats: SeatService,
    private readonly log: RoomLog,
    private readonly feed: RoomFeed,
    private readonly audience: Audience,
    @Inject(PRESENCE) private readonly presence: Presence,
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
      await this.seats.seatPerson(work, room, caller, 'host');
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
      abilities: [...abilitiesOf(seat)],
      viewers: anonymous + registered,
    };
  }

  async update(caller: HumanCaller, roomId: string, change: UpdateRoom): Promise<RoomInfo> {
    return this.unitOfWork.run(async (work) => {
      const { room } = await this.access.enter(work, caller, roomId, 'configure');
      const before = JSON.stringify(presentRoom(room));
      const { settings, ...rest } = change;
      Object.assign(room, rest, settings && { storedSettings: { ...room.storedSettings, ...settings } });
      if (JSON.stringify(presentRoom(room)) !== before) {
        await work.manager.save(room);
        await this.log.append(work, room, {
          type: 'room.updated',
          actor: actorOf(caller),
          data: { room: presentRoom(room) },
        });
      }
      return presentRoom(room);
    });
  }

  /** Changes which repository the room works on; for the git feature. */
  async setRepository(work: Work, room: RoomEntity, repository: RepositoryView | null): Promise<void> {
    room.repository = repository;
    await work.manager.update(RoomEntity, { id: room.id }, { repository: repository });
  }

  async delete(caller: HumanCaller, roomId: string): Promise<void> {
    await this.unitOfWork.run(async (work) => {
      await this.access.enter(work, caller, roomId, 'delete_room');
      await work.manager.delete(RoomEntity, { id: roomId });
      work.announce({ name: 'rooms.deleted', data: { roomId } });
      work.afterCommit(() => this.feed.publishEnd(roomId));
    });
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
      repository: null,
      storedSettings: settings ?? {},
    });
    await manager.insert(RoomEntity, room);
    return Object.assign(room, { lastSeq: 0, lastPublicSeq: 0 });
  }
}
