import {
  type Approval,
  type ChatMessage,
  type PullRequest,
  type RoomState,
  SNAPSHOT_LIMITS,
  type Task,
  type TaskConflict,
  type TaskPaths,
} from '@clawtank/contracts';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { SharedReads } from '../platform/database/shared-reads.js';
import { notFound } from '../platform/errors/refusal.js';
import { RoomEntity } from './room.entity.js';
import { presentRoom, readMembers } from './room.presenter.js';
import { RoomLog } from './stream/room-log.js';

interface Parts {
  messages: ChatMessage[];
  tasks: Task[];
  paths: TaskPaths[];
  conflicts: TaskConflict[];
  approvals: Approval[];
  pullRequests: PullRequest[];
}

const PARTS = [
  'messages',
  'tasks',
  'paths',
  'conflicts',
  'approvals',
  'pullRequests',
] as const satisfies readonly (keyof Parts)[];

type Read<Part> = (manager: EntityManager, roomId: string) => Promise<Part>;

/** What a newcomer to a room is given. Features contribute what is theirs; all of it is read at one moment. */
@Injectable()
export class RoomSnapshot implements OnApplicationBootstrap {
  private readonly reads = new SharedReads<RoomState>();
  private readonly parts: Partial<{ [Name in keyof Parts]: Read<Parts[Name]> }> = {};

  constructor(
    private readonly dataSource: DataSource,
    private readonly log: RoomLog,
  ) {}

  /** Makes a feature responsible for one part of every snapshot. */
  contribute<Name extends keyof Parts>(name: Name, read: Read<Parts[Name]>): void {
    Object.assign(this.parts, { [name]: read });
  }

  onApplicationBootstrap(): void {
    const missing = PARTS.filter((name) => !this.parts[name]);
    if (missing.length > 0) {
      throw new Error(`Nobody contributes to the snapshot: ${missing.join(', ')}`);
    }
  }

  /**
   * The room as its log has it up to `seq`: one consistent moment of the database, whatever is written meanwhile. Later than
   * whatever was committed when it was asked for; shared by those who ask at the same time.
   */
  read(roomId: string): Promise<RoomState> {
    return this.reads.ask(roomId, () => this.readNow(roomId));
  }

  private readNow(roomId: string): Promise<RoomState> {
    return this.dataSource.transaction('REPEATABLE READ', async (manager) => {
      const room = await manager.findOneBy(RoomEntity, { id: roomId });
      if (!room) {
        throw notFound('room');
      }
      return {
        epoch: room.epoch,
        seq: room.lastSeq,
        room: presentRoom(room),
        members: await readMembers(manager, roomId),
        messages: (await this.parts.messages?.(manager, roomId)) ?? [],
        tasks: (await this.parts.tasks?.(manager, roomId)) ?? [],
        paths: (await this.parts.paths?.(manager, roomId)) ?? [],
        conflicts: (await this.parts.conflicts?.(manager, roomId)) ?? [],
        approvals: (await this.parts.approvals?.(manager, roomId)) ?? [],
        pullRequests: (await this.parts.pullRequests?.(manager, roomId)) ?? [],
        activity: await this.log.activity(roomId, SNAPSHOT_LIMITS.activity, undefined, manager),
      };
    });
  }
}
