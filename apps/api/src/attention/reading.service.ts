import type { MarkRead, RoomPreferences } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { HumanCaller } from '../platform/caller.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import type { Connection } from '../platform/sockets/connection.js';
import { RoomAccess } from '../rooms/index.js';
import { AttentionNews } from './attention-news.js';
import { Notifications } from './notifications.service.js';

/** How far people have read, and of what they want to be told. Both outlive a seat: who comes back finds the room as silent as it was left. */
@Injectable()
export class Reading {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly dataSource: DataSource,
    private readonly rooms: RoomAccess,
    private readonly notifications: Notifications,
    private readonly news: AttentionNews,
  ) {}

  /** Everything up to `seq` was read. The marker never moves back, and never past what has been said. */
  async markRead(caller: HumanCaller, { roomId, seq }: MarkRead, connection: Connection): Promise<void> {
    await this.unitOfWork.run(async (work) => {
      const { room } = await this.rooms.look(caller, roomId, 'read', work.manager);
      const place = Math.min(seq, room.lastSeq);
      const moved: unknown[] = await work.manager.query(
        `INSERT INTO room_reads AS marker (room_id, user_id, last_read_seq) VALUES ($1, $2, $3)
         ON CONFLICT (user_id, room_id) DO UPDATE SET last_read_seq = excluded.last_read_seq
           WHERE marker.last_read_seq < excluded.last_read_seq
         RETURNING room_id`,
        [roomId, caller.userId, place],
      );
      if (moved.length > 0) {
        await this.notifications.readUpTo(work, caller.userId, roomId, place);
        work.afterCommit(() => this.news.changedFor({ userId: caller.userId, roomId, connectionId: connection.id }));
      }
    });
  }

  async preferences(caller: HumanCaller, roomId: string): Promise<RoomPreferences> {
    await this.rooms.look(caller, roomId, 'read');
    const [row] = await this.dataSource.query<RoomPreferences[]>(
      `SELECT level FROM room_reads WHERE user_id = $1 AND room_id = $2`,
      [caller.userId, roomId],
    );
    return { level: row?.level ?? 'all' };
  }

  async prefer(caller: HumanCaller, roomId: string, { level }: RoomPreferences): Promise<RoomPreferences> {
    await this.unitOfWork.run(async (work) => {
      await this.rooms.look(caller, roomId, 'read', work.manager);
      await work.manager.query(
        `INSERT INTO room_reads (room_id, user_id, level) VALUES ($1, $2, $3)
         ON CONFLICT (user_id, room_id) DO UPDATE SET level = excluded.level`,
        [roomId, caller.userId, level],
      );
      work.afterCommit(() => this.news.changedFor({ userId: caller.userId, roomId }));
    });
    return { level };
  }
}
