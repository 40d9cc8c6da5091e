import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What spectators say beside a room, who of them may not, and what members brought into the room of it. */
export class SpectatorChat1764390000000 implements MigrationInterface {
  name = 'SpectatorChat1764390000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE spectator_chats (
         room_id uuid PRIMARY KEY REFERENCES rooms (id) ON DELETE CASCADE,
         last_seq bigint NOT NULL DEFAULT 0,
         revision bigint NOT NULL DEFAULT 0
       )`,
    );
    await runner.query(
      `CREATE TABLE spectator_messages (
         id uuid PRIMARY KEY,
         room_id uuid NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
         seq bigint NOT NULL,
         revision bigint NOT NULL,
         speaker varchar(100) NOT NULL,
         author_type varchar(20) NOT NULL CHECK (author_type IN ('anonymous', 'registered', 'member')),
         display_name varchar(64) NOT NULL,
         body text NOT NULL,
         reply_to_id uuid REFERENCES spectator_messages (id) ON DELETE SET NULL,
         request_id varchar(100),
         origin varchar(64),
         created_at timestamptz(3) NOT NULL,
         deleted_at timestamptz(3),
         UNIQUE (room_id, seq),
         UNIQUE (room_id, revision),
         CONSTRAINT spectator_messages_request_key UNIQUE (room_id, speaker, request_id)
       )`,
    );
    await runner.query(
      `CREATE INDEX spectator_messages_reply_idx ON spectator_messages (reply_to_id) WHERE reply_to_id IS NOT NULL`,
    );
    await runner.query(
      `CREATE INDEX spectator_messages_origin_idx ON spectator_messages (created_at) WHERE origin IS NOT NULL`,
    );
    await runner.query(
      `CREATE INDEX spectator_messages_speaker_idx ON spectator_messages (room_id, speaker, created_at)`,
    );
    await runner.query(
      `CREATE TABLE spectator_mutes (
         room_id uuid NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
         subject varchar(100) NOT NULL,
         muted_until timestamptz(3) NOT NULL,
         PRIMARY KEY (room_id, subject)
       )`,
    );
    await runner.query(
      `ALTER TABLE messages ADD COLUMN promoted_from_id uuid REFERENCES spectator_messages (id) ON DELETE SET NULL,
         ADD COLUMN promoted_by_name varchar(64)`,
    );
    await runner.query(
      `CREATE UNIQUE INDEX messages_promoted_key ON messages (promoted_from_id) WHERE promoted_from_id IS NOT NULL`,
    );
    await runner.query(
      `ALTER TABLE messages DROP CONSTRAINT messages_author_type_check,
         ADD CONSTRAINT messages_author_type_check CHECK (author_type IN ('human', 'agent', 'spectator'))`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DELETE FROM messages WHERE author_type = 'spectator'`);
    await runner.query(
      `ALTER TABLE messages DROP CONSTRAINT messages_author_type_check,
         ADD CONSTRAINT messages_author_type_check CHECK (author_type IN ('human', 'agent')),
         DROP COLUMN promoted_from_id, DROP COLUMN promoted_by_name`,
    );
    await runner.query(`DROP TABLE spectator_mutes, spectator_messages, spectator_chats`);
  }
}
