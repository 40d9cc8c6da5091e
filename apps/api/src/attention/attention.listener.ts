import type { Actor, NotificationLevel } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { DomainEventMap } from '../events/domain-events.js';
import { OnDomainEvent } from '../platform/outbox/on-domain-event.js';
import { AttentionNews } from './attention-news.js';
import { reasonToTell } from './domain/reason-to-tell.js';
import { causeOfMessage, Notifications } from './notifications.service.js';

interface ConcernRow {
  user_id: string;
  level: NotificationLevel;
  is_author: boolean;
  is_mentioned: boolean;
  is_called: boolean;
  is_answered: boolean;
  is_read: boolean;
}

interface SaidRow {
  seq: string;
  author: Actor;
  created_at: Date;
}

/** What happens elsewhere and concerns people who may not be looking. Each of these may come twice, or late; who has a seat now is asked now. */
@Injectable()
export class AttentionListener {
  constructor(
    private readonly dataSource: DataSource,
    private readonly notifications: Notifications,
    private readonly news: AttentionNews,
  ) {}

  @OnDomainEvent('chat.message_sent')
  async tellOfMessage({ roomId, messageId }: DomainEventMap['chat.message_sent']): Promise<void> {
    const [message] = await this.dataSource.query<SaidRow[]>(
      `SELECT seq, json_build_object('type', author_type, 'id', author_id, 'name', author_name) AS author, created_at
       FROM messages WHERE id = $1 AND deleted_at IS NULL`,
      [messageId],
    );
    if (!message) {
      return;
    }
    const concerns = await this.dataSource.query<ConcernRow[]>(
      `SELECT seat.user_id, coalesce(marker.level, 'all') AS level, seat.user_id = said.author_id AS is_author,
              mention.member_id IS NOT NULL AND lower(person.username) = ANY (SELECT lower(name) FROM unnest(said.mentions) AS name) AS is_mentioned,
              mention.member_id IS NOT NULL AND said.mentions_here AS is_called,
              EXISTS (SELECT FROM messages answered WHERE answered.id = said.reply_to_id AND answered.author_id = seat.user_id)
                OR EXISTS (SELECT FROM messages spoken WHERE (spoken.id = said.thread_id OR spoken.thread_id = said.thread_id)
                             AND spoken.author_id = seat.user_id AND spoken.deleted_at IS NULL) AS is_answered,
              said.seq <= coalesce(marker.last_read_seq, 0) AS is_read
       FROM messages said
       JOIN room_members seat ON seat.room_id = said.room_id AND seat.agent_id IS NULL AND seat.joined_seq < said.seq
       JOIN users person ON person.id = seat.user_id
       LEFT JOIN room_reads marker ON marker.user_id = seat.user_id AND marker.room_id = said.room_id
       LEFT JOIN message_mentions mention ON mention.member_id = seat.user_id AND mention.room_id = said.room_id AND mention.seq = said.seq
       WHERE said.id = $1`,
      [messageId],
    );
    await this.notifications.tell(
      concerns.flatMap((row) => {
        const kind = reasonToTell({
          isAuthor: row.is_author,
          isMentioned: row.is_mentioned,
          isCalledByHere: row.is_called,
          isAnswered: row.is_answered,
          level: row.level,
        });
        return kind
          ? {
              userId: row.user_id,
              cause: causeOfMessage(messageId),
              kind,
              roomId,
              actor: message.author,
              messageId,
              directMessageId: null,
              seq: Number(message.seq),
              createdAt: message.created_at,
              isRead: row.is_read,
            }
          : [];
      }),
    );
  }

  @OnDomainEvent('direct.message_sent')
  async tellOfDirectMessage({
    roomId,
    messageId,
    authorId,
    recipientId,
  }: DomainEventMap['direct.message_sent']): Promise<void> {
    const [row] = await this.dataSource.query<(SaidRow & { level: NotificationLevel; is_read: boolean })[]>(
      `SELECT said.seq, json_build_object('type', said.author_type, 'id', said.author_id, 'name', said.author_name) AS author,
              said.created_at, coalesce(marker.level, 'all') AS level,
              said.seq <= CASE WHEN talk.low_id = seat.user_id THEN talk.low_read_seq ELSE talk.high_read_seq END AS is_read
       FROM direct_messages said
       JOIN direct_conversations talk USING (room_id, low_id, high_id)
       JOIN room_members seat ON seat.room_id = said.room_id AND seat.member_id = $2 AND seat.agent_id IS NULL
       LEFT JOIN room_reads marker ON marker.user_id = seat.user_id AND marker.room_id = said.room_id
       WHERE said.id = $1 AND said.deleted_at IS NULL`,
      [messageId, recipientId],
    );
    if (!row) {
      return;
    }
    this.news.changedFor({ userId: recipientId, roomId, memberId: authorId });
    if (row.level === 'none') {
      return;
    }
    await this.notifications.tell([
      {
        userId: recipientId,
        cause: `direct:${messageId}`,
        kind: 'direct_message',
        roomId,
        actor: row.author,
        messageId: null,
        directMessageId: messageId,
        seq: Number(row.seq),
        createdAt: row.created_at,
        isRead: row.is_read,
      },
    ]);
  }

  @OnDomainEvent('chat.message_deleted')
  forgetMessage({ messageId }: DomainEventMap['chat.message_deleted']): Promise<void> {
    return this.notifications.forget(messageId);
  }

  @OnDomainEvent('direct.message_deleted')
  forgetDirectMessage({ messageId }: DomainEventMap['direct.message_deleted']): Promise<void> {
    return this.notifications.forget(messageId);
  }

  @OnDomainEvent('direct.read')
  async clearDirectMessages(read: DomainEventMap['direct.read']): Promise<void> {
    const { readerId: userId, roomId, memberId, seq, connectionId } = read;
    await this.notifications.readDirectUpTo(userId, roomId, memberId, seq);
    this.news.changedFor({ userId, roomId, memberId, connectionId });
  }

  @OnDomainEvent('rooms.person_invited')
  async tellOfInvitation({ roomId, invitationId, inviteeId }: DomainEventMap['rooms.person_invited']): Promise<void> {
    const [invitation] = await this.dataSource.query<{ actor: Actor; created_at: Date }[]>(
      `SELECT json_build_object('type', 'human', 'id', inviter.id, 'name', inviter.username) AS actor, invitation.created_at
       FROM invitations invitation JOIN users inviter ON inviter.id = invitation.created_by
       WHERE invitation.id = $1 AND invitation.invitee_id = $2 AND invitation.revoked_at IS NULL`,
      [invitationId, inviteeId],
    );
    if (invitation) {
      await this.notifications.tell([
        {
          userId: inviteeId,
          cause: `invitation:${invitationId}`,
          kind: 'invitation',
          roomId,
          actor: invitation.actor,
          messageId: null,
          directMessageId: null,
          seq: null,
          createdAt: invitation.created_at,
          isRead: false,
        },
      ]);
    }
  }
}
