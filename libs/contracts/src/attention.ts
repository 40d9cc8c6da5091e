import * as z from 'zod';
import { Actor, Id, Instant } from './primitives.js';

/**
 * Of what a person wants to be told in a room. `all`: of what addresses them, and of the first message that they have not read,
 * once until they have. `mentions`: of what addresses them. `none` is a muted room: no badge but the silent one, no notification.
 */
export const NotificationLevel = z.enum(['all', 'mentions', 'none']);
export type NotificationLevel = z.infer<typeof NotificationLevel>;

/** Counting stops here; the interface shows `99+`. */
export const MAX_BADGE = 100;

/** What one person has not read in one room. A function of the log, of `lastReadSeq` and of nothing else. */
export const RoomBadge = z
  .object({
    roomId: Id,
    /** Messages of others after `lastReadSeq` that are not deleted, threads included; at most MAX_BADGE. */
    unread: z.int(),
    /** Those of them that mention this person, by name or by `@here`; at most MAX_BADGE. */
    mentions: z.int(),
    lastReadSeq: z.int(),
    /** The first of the unread; where "jump to first unread" leads. */
    firstUnreadSeq: z.int().nullable(),
    level: NotificationLevel,
  })
  .meta({ id: 'RoomBadge' });
export type RoomBadge = z.infer<typeof RoomBadge>;

/** What one person has not read of what one other wrote to them directly. */
export const DirectBadge = z
  .object({
    roomId: Id,
    /** The other one. */
    member: z.object({ id: Id, name: z.string(), type: z.enum(['human', 'agent']) }),
    unread: z.int(),
    lastReadSeq: z.int(),
    lastMessageAt: Instant,
  })
  .meta({ id: 'DirectBadge' });
export type DirectBadge = z.infer<typeof DirectBadge>;

export const Badges = z
  .object({ rooms: z.array(RoomBadge), direct: z.array(DirectBadge), notifications: z.int() })
  .meta({ id: 'Badges' });
export type Badges = z.infer<typeof Badges>;

/** Everything up to `seq` has been read; never moves back. On all devices. */
export const MarkRead = z.object({ roomId: Id, seq: z.int().min(0) });
export type MarkRead = z.infer<typeof MarkRead>;

export const MarkDirectRead = z.object({ roomId: Id, memberId: Id, seq: z.int().min(0) });
export type MarkDirectRead = z.infer<typeof MarkDirectRead>;

export const RoomPreferences = z.object({ level: NotificationLevel }).meta({ id: 'RoomPreferences' });
export type RoomPreferences = z.infer<typeof RoomPreferences>;

export const NOTIFICATION_KINDS = ['mention', 'here', 'reply', 'direct_message', 'invitation', 'message'] as const;

/** Something a person is told about once. What it says is read when it is shown, so that a deleted message leaves nothing here. */
export const Notification = z
  .object({
    id: Id,
    kind: z.enum(NOTIFICATION_KINDS),
    room: z.object({ id: Id, name: z.string() }),
    actor: Actor,
    /** The message it is about; null for an invitation. */
    messageId: Id.nullable(),
    /** Its place in the room's log, or in the two's conversation. */
    seq: z.int().nullable(),
    /** The beginning of what was said; empty if it is gone. */
    excerpt: z.string(),
    createdAt: Instant,
    readAt: Instant.nullable(),
  })
  .meta({ id: 'Notification' });
export type Notification = z.infer<typeof Notification>;

export const ListNotifications = z
  .object({
    unread: z.enum(['true']).optional(),
    cursor: z.string().max(300).optional(),
    limit: z.coerce.number().int().min(1).max(100).default(30),
  })
  .meta({ id: 'ListNotifications' });
export type ListNotifications = z.infer<typeof ListNotifications>;

export const NotificationPage = z
  .object({ notifications: z.array(Notification), unread: z.int(), nextCursor: z.string().nullable() })
  .meta({ id: 'NotificationPage' });
export type NotificationPage = z.infer<typeof NotificationPage>;

/** The named ones, or all of them. */
export const ReadNotifications = z
  .object({ ids: z.array(Id).min(1).max(100).optional() })
  .meta({ id: 'ReadNotifications' });
export type ReadNotifications = z.infer<typeof ReadNotifications>;
