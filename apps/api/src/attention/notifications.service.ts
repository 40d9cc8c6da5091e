import type { Notification, ReadNotifications } from '@clawtank/contracts';
import { Injectable, Logger } from '@nestjs/common';
import type { HumanCaller } from '../platform/caller.js';
import { UnitOfWork, type Work } from '../platform/database/unit-of-work.js';
import { SocketServers } from '../platform/sockets/socket-servers.js';
import { PresenceUpdates } from '../rooms/index.js';
import { AttentionNews } from './attention-news.js';
import { NotificationReader } from './notification.reader.js';

/** Something to tell one person. */
export interface Notice {
  readonly userId: string;
  /** Names what it is about. Nobody is told of one cause twice. */
  readonly cause: string;
  readonly kind: Notification['kind'];
  readonly roomId: string;
  readonly actor: Notification['actor'];
  readonly messageId: string | null;
  readonly directMessageId: string | null;
  readonly seq: number | null;
  readonly createdAt: Date;
  /** They had read it before they could be told: it is kept, and not told. */
  readonly isRead: boolean;
}

/** Stands for a message of a room, whatever it is told for: one message, one notification. */
export const causeOfMessage = (messageId: string): string => `message:${messageId}`;

interface Told {
  readonly id: string;
  readonly user_id: string;
}

/**
 * Tells people, once each, and takes it back everywhere once it is read. What is told is a row first; the push follows the
 * commit and may get lost, the row and the count do not. Who is at the keyboard with the room open sees for themselves: they
 * get the row, and the badge if they have the room elsewhere too, but nothing pops up.
 */
@Injectable()
export class Notifications {
  private readonly logger = new Logger(Notifications.name);

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly reader: NotificationReader,
    private readonly presence: PresenceUpdates,
    private readonly servers: SocketServers,
    private readonly news: AttentionNews,
  ) {}

  async tell(notices: readonly Notice[]): Promise<void> {
    if (notices.length === 0) {
      return;
    }
    await this.unitOfWork.run(async (work) => {
      const told = await work.manager.query<(Told & { room_id: string; read_at: Date | null })[]>(
        `INSERT INTO notifications (user_id, cause, kind, room_id, actor, message_id, direct_message_id, seq, created_at, read_at)
         SELECT "userId", cause, kind, "roomId", actor, "messageId", "directMessageId", seq, "createdAt", CASE WHEN "isRead" THEN $2::timestamptz END
         FROM jsonb_to_recordset($1::jsonb) AS notice ("userId" uuid, cause text, kind text, "roomId" uuid, actor jsonb, "messageId" uuid,
              "directMessageId" uuid, seq bigint, "createdAt" timestamptz, "isRead" boolean)
         ON CONFLICT DO NOTHING RETURNING id, user_id, room_id, read_at`,
        [JSON.stringify(notices), work.now],
      );
      const unread = told.filter(({ read_at }) => read_at === null);
      if (unread.length > 0) {
        work.afterCommit(() => void this.push(unread).catch((error: unknown) => this.logger.warn(error)));
      }
    });
  }

  /** What was told of the room up to `seq` is read. */
  async readUpTo(work: Work, userId: string, roomId: string, seq: number): Promise<void> {
    const [read] = await work.manager.query<[Told[], number]>(
      `UPDATE notifications SET read_at = $4
       WHERE user_id = $1 AND room_id = $2 AND read_at IS NULL AND message_id IS NOT NULL AND seq <= $3 RETURNING id, user_id`,
      [userId, roomId, seq, work.now],
    );
    this.clearAfterCommit(work, read);
  }

  /** What was told of a direct conversation up to `seq` is read. */
  async readDirectUpTo(userId: string, roomId: string, memberId: string, seq: number): Promise<void> {
    await this.unitOfWork.run(async (work) => {
      const [read] = await work.manager.query<[Told[], number]>(
        `UPDATE notifications told SET read_at = $5 FROM direct_messages whispered
         WHERE told.user_id = $1 AND told.room_id = $2 AND told.read_at IS NULL AND whispered.id = told.direct_message_id
           AND whispered.author_id = $3 AND whispered.seq <= $4 RETURNING told.id, told.user_id`,
        [userId, roomId, memberId, seq, work.now],
      );
      this.clearAfterCommit(work, read);
    });
  }

  /** The person has seen these, or all of them. */
  async read({ userId }: HumanCaller, { ids }: ReadNotifications): Promise<void> {
    await this.unitOfWork.run(async (work) => {
      const [read] = await work.manager.query<[Told[], number]>(
        `UPDATE notifications SET read_at = $3
         WHERE user_id = $1 AND read_at IS NULL AND ($2::uuid[] IS NULL OR id = ANY ($2)) RETURNING id, user_id`,
        [userId, ids ?? null, work.now],
      );
      this.clearAfterCommit(work, read);
    });
  }

  /** A message of a room or between two is no more: nobody need be told of it. */
  async forget(messageId: string): Promise<void> {
    await this.unitOfWork.run(async (work) => {
      const [gone] = await work.manager.query<[Told[], number]>(
        `DELETE FROM notifications WHERE message_id = $1 OR direct_message_id = $1 RETURNING id, user_id`,
        [messageId],
      );
      this.clearAfterCommit(work, gone);
    });
  }

  private clearAfterCommit(work: Work, told: readonly Told[]): void {
    const byPerson = new Map<string, string[]>();
    for (const { id, user_id } of told) {
      byPerson.set(user_id, [...(byPerson.get(user_id) ?? []), id]);
    }
    work.afterCommit(() => {
      for (const [userId, ids] of byPerson) {
        this.servers.toMember(userId, 'notifications_read', { ids });
        this.news.changedFor({ userId });
      }
    });
  }

  private async push(told: readonly (Told & { room_id: string })[]): Promise<void> {
    const roomIds = [...new Set(told.map(({ room_id }) => room_id))];
    const looking = new Map(
      await Promise.all(roomIds.map(async (id) => [id, await this.presence.lookingAt(id)] as const)),
    );
    const standing = await this.reader.those(told.map(({ id }) => id));
    for (const { id, user_id, room_id } of told) {
      const notification = standing.get(id);
      this.news.changedFor({ userId: user_id });
      const isSeen = notification?.kind !== 'direct_message' && looking.get(room_id)?.has(user_id);
      if (notification && !isSeen) {
        this.servers.toMember(user_id, 'notification', { notification });
      }
    }
  }
}
