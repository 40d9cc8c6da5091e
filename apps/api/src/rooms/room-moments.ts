import type { RoomMoment } from '@clawtank/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { GatheredReads } from '../platform/database/gathered-reads.js';
import { PRESENCE, type Presence } from '../platform/presence/presence.js';
import { Audience } from './audience.js';

export type Moment = Omit<RoomMoment, 'abilities'>;

/** Who is there and how many watch, for those who join. What they show is not in the log; all who join together are shown the same. */
@Injectable()
export class RoomMoments {
  private readonly moments = new GatheredReads<string, Moment>(
    (roomId) => roomId,
    (roomIds) => this.readAll(roomIds),
  );

  constructor(
    private readonly dataSource: DataSource,
    private readonly audience: Audience,
    @Inject(PRESENCE) private readonly presence: Presence,
  ) {}

  async of(roomId: string): Promise<Moment> {
    return (await this.moments.ask(roomId)) ?? { presence: {}, viewers: 0 };
  }

  private async readAll(roomIds: readonly string[]): Promise<ReadonlyMap<string, Moment>> {
    const rooms = await this.dataSource.query<{ room_id: string; members: string }[]>(
      `SELECT room_id, string_agg(member_id::text, ',') AS members FROM room_members
       WHERE room_id = ANY ($1::uuid[]) GROUP BY room_id`,
      [roomIds],
    );
    const membersOf = new Map(rooms.map(({ room_id, members }) => [room_id, members.split(',')]));
    const [presence, viewers] = await Promise.all([
      this.presence.of([...new Set([...membersOf.values()].flat())]),
      this.audience.counts(roomIds),
    ]);
    return new Map(
      roomIds.map((roomId) => [
        roomId,
        {
          presence: Object.fromEntries(
            (membersOf.get(roomId) ?? []).map((id) => [
              id,
              presence.get(id) ?? { status: 'offline', lastSeenAt: null },
            ]),
          ),
          viewers: (viewers.get(roomId)?.anonymous ?? 0) + (viewers.get(roomId)?.registered ?? 0),
        },
      ]),
    );
  }
}
