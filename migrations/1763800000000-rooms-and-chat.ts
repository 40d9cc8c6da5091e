import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  `DROP INDEX room_events_activity_idx`,
  `CREATE INDEX room_events_activity_idx ON room_events (room_id, seq DESC) WHERE type NOT LIKE 'chat.%'`,

  // Rooms that can be found, archived and looked after
  `ALTER TABLE rooms ADD COLUMN language varchar(32),
     ADD COLUMN topics text[] NOT NULL DEFAULT '{}',
     ADD COLUMN archived_at timestamptz(3),
     ADD COLUMN person_count integer NOT NULL DEFAULT 0`,
  `UPDATE rooms SET person_count = (SELECT count(*) FROM room_members m WHERE m.room_id = rooms.id AND m.member_type = 'human')`,
  `CREATE FUNCTION count_people() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     UPDATE rooms SET person_count = person_count + CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END
      WHERE id = CASE TG_OP WHEN 'INSERT' THEN NEW.room_id ELSE OLD.room_id END;
     RETURN NULL;
   END $$`,
  `CREATE TRIGGER room_members_counted_in AFTER INSERT ON room_members
     FOR EACH ROW WHEN (NEW.member_type = 'human') EXECUTE FUNCTION count_people()`,
  `CREATE TRIGGER room_members_counted_out AFTER DELETE ON room_members
     FOR EACH ROW WHEN (OLD.member_type = 'human') EXECUTE FUNCTION count_people()`,
  `CREATE INDEX room_members_member_idx ON room_members (member_id)`,

  // The lobby's orders and filters. What is archived is looked for on purpose, and rarely
  `CREATE INDEX rooms_newest_idx ON rooms (created_at DESC, id) WHERE visibility = 'public' AND archived_at IS NULL`,
  `CREATE INDEX rooms_people_idx ON rooms (person_count DESC, id) WHERE visibility = 'public' AND archived_at IS NULL`,
  `CREATE INDEX rooms_language_idx ON rooms (language, last_activity_at DESC, id) WHERE visibility = 'public' AND archived_at IS NULL`,
  `CREATE INDEX rooms_topics_idx ON rooms USING gin (topics) WHERE visibility = 'public'`,
  `DROP INDEX rooms_public_idx`,
  `CREATE INDEX rooms_public_idx ON rooms (last_activity_at DESC, id) WHERE visibility = 'public' AND archived_at IS NULL`,

  // Who may not come back, and what somebody who comes back is still bound by
  `ALTER TABLE room_members ADD COLUMN muted_until timestamptz(3)`,
  `CREATE TABLE room_bans (
     room_id uuid NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
     user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
     banned_by uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
     reason text NOT NULL DEFAULT '',
     created_at timestamptz(3) NOT NULL,
     PRIMARY KEY (room_id, user_id)
   )`,
  `CREATE INDEX room_bans_user_idx ON room_bans (user_id)`,
  `CREATE TABLE seat_restrictions (
     room_id uuid NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
     member_id uuid NOT NULL,
     user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
     is_guest boolean NOT NULL,
     muted_until timestamptz(3),
     PRIMARY KEY (room_id, member_id)
   )`,

  // Invitations to one person, beside those by link
  `ALTER TABLE invitations ALTER COLUMN token_hash DROP NOT NULL,
     ADD COLUMN invitee_id uuid REFERENCES users (id) ON DELETE CASCADE,
     ADD COLUMN declined_at timestamptz(3),
     ADD CHECK ((token_hash IS NULL) <> (invitee_id IS NULL))`,
  `CREATE UNIQUE INDEX invitations_invitee_key ON invitations (room_id, invitee_id)
     WHERE invitee_id IS NOT NULL AND uses = 0 AND revoked_at IS NULL AND declined_at IS NULL`,
  `CREATE INDEX invitations_of_invitee_idx ON invitations (invitee_id) WHERE invitee_id IS NOT NULL`,

  // What was done with privilege stays on record, also when the room is gone
  `CREATE TABLE audit_entries (
     id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
     room_id uuid NOT NULL,
     number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
     action varchar(40) NOT NULL,
     actor_type varchar(20) NOT NULL,
     actor_id uuid,
     actor_name text NOT NULL,
     target text,
     details jsonb NOT NULL DEFAULT '{}'::jsonb,
     created_at timestamptz(3) NOT NULL
   )`,
  `CREATE INDEX audit_entries_room_idx ON audit_entries (room_id, number DESC)`,
  `CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     RAISE EXCEPTION 'The audit log is append-only';
   END $$`,
  `CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE ON audit_entries
     FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()`,
  `CREATE TRIGGER audit_entries_never_emptied BEFORE TRUNCATE ON audit_entries
     FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()`,

  // Chat: threads, replies, edits, pins, reactions, files
  `ALTER TABLE messages ADD COLUMN mentions_here boolean NOT NULL DEFAULT false,
     ADD COLUMN reply_to_id uuid,
     ADD COLUMN thread_id uuid,
     ADD COLUMN edited_at timestamptz(3),
     ADD COLUMN deleted_at timestamptz(3),
     ADD COLUMN pinned_at timestamptz(3)`,
  // What is unread is counted from this index alone
  `ALTER TABLE messages DROP CONSTRAINT messages_room_id_seq_key,
     ADD CONSTRAINT messages_room_id_seq_key UNIQUE (room_id, seq) INCLUDE (author_id, deleted_at)`,
  `CREATE INDEX messages_thread_idx ON messages (thread_id, seq) WHERE thread_id IS NOT NULL`,
  `CREATE INDEX messages_pinned_idx ON messages (room_id, pinned_at) WHERE pinned_at IS NOT NULL`,
  // Search: the newest first, and what words cannot find
  `CREATE INDEX messages_time_idx ON messages (room_id, created_at DESC, id DESC)`,
  `CREATE INDEX messages_code_idx ON messages (room_id, created_at DESC, id DESC) WHERE strpos(body, '\`') > 0 AND body ~ '\`[^\`]+\`'`,
  `CREATE INDEX messages_link_idx ON messages (room_id, created_at DESC, id DESC) WHERE strpos(body, '://') > 0 AND body ~* 'https?://[^[:space:]]'`,
  // What a deleted message said is taken out of the entries that report its edits, and where it led
  `CREATE INDEX room_events_edits_idx ON room_events ((payload -> 'message' ->> 'id')) WHERE type = 'chat.edited'`,
  `CREATE INDEX room_events_previews_idx ON room_events ((payload ->> 'messageId')) WHERE type = 'chat.previewed'`,
  `CREATE TABLE message_versions (
     message_id uuid NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
     version integer NOT NULL,
     body text NOT NULL,
     created_at timestamptz(3) NOT NULL,
     PRIMARY KEY (message_id, version)
   )`,
  `CREATE TABLE message_mentions (
     member_id uuid NOT NULL,
     room_id uuid NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
     seq bigint NOT NULL,
     message_id uuid NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
     PRIMARY KEY (room_id, member_id, seq)
   )`,
  `CREATE INDEX message_mentions_message_idx ON message_mentions (message_id)`,
  `CREATE TABLE message_reactions (
     message_id uuid NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
     member_id uuid NOT NULL,
     emoji varchar(64) NOT NULL,
     number bigint GENERATED ALWAYS AS IDENTITY,
     PRIMARY KEY (message_id, member_id, emoji)
   )`,
  `CREATE TABLE message_previews (
     message_id uuid PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
     url text NOT NULL,
     title text NOT NULL,
     description text,
     site text NOT NULL
   )`,
  `CREATE TABLE attachments (
     id uuid PRIMARY KEY,
     room_id uuid NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
     uploader_id uuid NOT NULL,
     user_id uuid NOT NULL,
     message_id uuid REFERENCES messages (id) ON DELETE CASCADE,
     position integer NOT NULL DEFAULT 0,
     kind varchar(20) NOT NULL CHECK (kind IN ('image', 'file')),
     name text NOT NULL,
     media_type varchar(100) NOT NULL,
     bytes integer NOT NULL,
     width integer,
     height integer,
     secret varchar(60) NOT NULL,
     content bytea NOT NULL,
     created_at timestamptz(3) NOT NULL
   )`,
  `ALTER TABLE attachments ALTER COLUMN content SET STORAGE EXTERNAL`,
  `CREATE INDEX attachments_message_idx ON attachments (message_id, position)`,
  `CREATE INDEX attachments_room_idx ON attachments (room_id)`,
  `CREATE INDEX attachments_user_idx ON attachments (user_id)`,
  `CREATE INDEX attachments_unused_idx ON attachments (created_at) WHERE message_id IS NULL`,

  // Between two members of a room
  `CREATE TABLE direct_conversations (
     room_id uuid NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
     low_id uuid NOT NULL,
     high_id uuid NOT NULL CHECK (low_id < high_id),
     last_seq bigint NOT NULL DEFAULT 0,
     revision bigint NOT NULL DEFAULT 0,
     low_read_seq bigint NOT NULL DEFAULT 0,
     high_read_seq bigint NOT NULL DEFAULT 0,
     last_message_at timestamptz(3) NOT NULL,
     PRIMARY KEY (room_id, low_id, high_id)
   )`,
  `CREATE INDEX direct_conversations_low_idx ON direct_conversations (low_id)`,
  `CREATE INDEX direct_conversations_high_idx ON direct_conversations (high_id)`,
  `CREATE TABLE direct_messages (
     id uuid PRIMARY KEY,
     room_id uuid NOT NULL,
     low_id uuid NOT NULL,
     high_id uuid NOT NULL,
     seq bigint NOT NULL,
     revision bigint NOT NULL,
     author_type varchar(20) NOT NULL CHECK (author_type IN ('human', 'agent')),
     author_id uuid NOT NULL,
     author_name text NOT NULL,
     body text NOT NULL,
     client_message_id varchar(100),
     created_at timestamptz(3) NOT NULL,
     edited_at timestamptz(3),
     deleted_at timestamptz(3),
     UNIQUE (room_id, low_id, high_id, seq) INCLUDE (author_id, deleted_at),
     FOREIGN KEY (room_id, low_id, high_id) REFERENCES direct_conversations ON DELETE CASCADE
   )`,
  `CREATE INDEX direct_messages_revision_idx ON direct_messages (room_id, low_id, high_id, revision)`,
  `CREATE UNIQUE INDEX direct_messages_client_key ON direct_messages (author_id, client_message_id) WHERE client_message_id IS NOT NULL`,

  // What each person has read, and wants to hear of
  `CREATE TABLE room_reads (
     room_id uuid NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
     user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
     last_read_seq bigint NOT NULL DEFAULT 0,
     level varchar(20) NOT NULL DEFAULT 'all' CHECK (level IN ('all', 'mentions', 'none')),
     PRIMARY KEY (user_id, room_id)
   )`,
  `CREATE INDEX room_reads_room_idx ON room_reads (room_id)`,
  `CREATE TABLE notifications (
     id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
     user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
     cause varchar(120) NOT NULL,
     kind varchar(20) NOT NULL,
     room_id uuid NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
     actor jsonb NOT NULL,
     message_id uuid REFERENCES messages (id) ON DELETE CASCADE,
     direct_message_id uuid REFERENCES direct_messages (id) ON DELETE CASCADE,
     seq bigint,
     created_at timestamptz(3) NOT NULL,
     read_at timestamptz(3),
     UNIQUE (user_id, cause)
   )`,
  `CREATE INDEX notifications_user_idx ON notifications (user_id, created_at DESC, id DESC)`,
  `CREATE INDEX notifications_unread_idx ON notifications (user_id, room_id) WHERE read_at IS NULL`,
  `CREATE INDEX notifications_room_idx ON notifications (room_id)`,
  `CREATE INDEX notifications_time_idx ON notifications (created_at)`,
  `CREATE INDEX notifications_message_idx ON notifications (message_id) WHERE message_id IS NOT NULL`,
  `CREATE INDEX notifications_direct_message_idx ON notifications (direct_message_id) WHERE direct_message_id IS NOT NULL`,
];

const DOWN = [
  `DROP INDEX room_events_activity_idx`,
  `CREATE INDEX room_events_activity_idx ON room_events (room_id, seq DESC) WHERE type <> 'chat.message'`,
  ...[
    'notifications',
    'room_reads',
    'direct_messages',
    'direct_conversations',
    'attachments',
    'message_previews',
    'message_reactions',
    'message_mentions',
    'message_versions',
  ].map((table) => `DROP TABLE ${table}`),
  ...['edits', 'previews'].map((name) => `DROP INDEX room_events_${name}_idx`),
  ...['time', 'code', 'link'].map((name) => `DROP INDEX messages_${name}_idx`),
  `ALTER TABLE messages DROP COLUMN mentions_here, DROP COLUMN reply_to_id, DROP COLUMN thread_id, DROP COLUMN edited_at,
     DROP COLUMN deleted_at, DROP COLUMN pinned_at`,
  `ALTER TABLE messages ADD CONSTRAINT messages_room_id_seq_key UNIQUE (room_id, seq)`,
  `DROP TABLE audit_entries`,
  `DROP FUNCTION refuse_audit_change()`,
  `DELETE FROM invitations WHERE token_hash IS NULL`,
  `ALTER TABLE invitations DROP COLUMN invitee_id, DROP COLUMN declined_at, ALTER COLUMN token_hash SET NOT NULL`,
  `DROP TABLE seat_restrictions`,
  `DROP TABLE room_bans`,
  `ALTER TABLE room_members DROP COLUMN muted_until`,
  `DROP INDEX room_members_member_idx`,
  `DROP TRIGGER room_members_counted_in ON room_members`,
  `DROP TRIGGER room_members_counted_out ON room_members`,
  `DROP FUNCTION count_people()`,
  `ALTER TABLE rooms DROP COLUMN language, DROP COLUMN topics, DROP COLUMN archived_at, DROP COLUMN person_count`,
  `CREATE INDEX rooms_public_idx ON rooms (last_activity_at DESC, id) WHERE visibility = 'public'`,
];

/** Rooms that are looked after, and the whole of chat. */
export class RoomsAndChat1763800000000 implements MigrationInterface {
  name = 'RoomsAndChat1763800000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) {
      await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) {
      await runner.query(statement);
    }
  }
}
