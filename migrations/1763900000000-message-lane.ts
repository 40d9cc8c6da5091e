import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Stores plain messages of many rooms at once. Answers those it stored, by their place in `messages`; what it leaves out it did
 * not touch, and the ordinary transaction of one message has to decide. `rules` carries what the code knows: `trust`, by the
 * voices that may chat, and `settings`, as they are where a room has set nothing.
 *
 * It is a function for the sake of its second statement: that one sees what was committed while the first waited for the
 * rooms, so that a removal or a mute that came before us wins. In a single statement it would read the past.
 */
const STORE_MESSAGES = `
CREATE FUNCTION store_messages(messages jsonb, views jsonb, room_ids uuid[], rules jsonb, said_at timestamptz)
RETURNS TABLE (ordinal bigint, seq bigint, public_seq bigint, trust text, epoch uuid, created_at timestamptz)
LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
SET lock_timeout = '500ms'
AS $$
#variable_conflict use_column
BEGIN
  PERFORM FROM rooms WHERE id = ANY (room_ids) ORDER BY id FOR NO KEY UPDATE;

  RETURN QUERY
  WITH open_rooms AS MATERIALIZED (
    SELECT room.id AS room_id, room.epoch, room.last_seq, room.last_public_seq, moment.at,
           to_char(moment.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS instant,
           room.visibility = 'public' AND (rules -> 'settings' || room.settings -> 'spectatorAllowed')::boolean AS is_watchable,
           (rules -> 'settings' || room.settings -> 'linkPreviews')::boolean AS follows_links
    FROM rooms room
    -- Clocks of several servers differ, the order of a room does not. OFFSET 0: look once, not wherever it is used.
    CROSS JOIN LATERAL (
      SELECT greatest(said_at, (
        SELECT last.created_at FROM room_events last WHERE last.room_id = room.id ORDER BY last.seq DESC LIMIT 1)) AS at OFFSET 0
    ) moment
    WHERE room.id = ANY (room_ids) AND room.archived_at IS NULL
      AND (rules -> 'settings' || room.settings -> 'slowModeSeconds')::integer = 0
  ),
  said AS MATERIALIZED (
    SELECT n AS ordinal, message, views -> (n::int - 1) AS view,
           (message ->> 'id')::uuid AS id, (message ->> 'roomId')::uuid AS room_id, (message ->> 'userId')::uuid AS author_id,
           message ->> 'clientMessageId' AS client_message_id,
           row_number() OVER (PARTITION BY message ->> 'userId', message ->> 'clientMessageId' ORDER BY n) AS attempt
    FROM jsonb_array_elements(messages) WITH ORDINALITY AS input (message, n)
  ),
  admitted AS MATERIALIZED (
    SELECT said.*, room.epoch, room.last_seq, room.last_public_seq, room.at, room.instant,
           rules -> 'trust' ->> CASE seat.member_type WHEN 'agent' THEN 'agent' ELSE seat.role END AS trust,
           room.is_watchable AND jsonb_typeof(said.view) = 'object' AS is_public
    FROM said
    JOIN open_rooms room USING (room_id)
    JOIN room_members seat ON seat.room_id = said.room_id AND seat.member_id = said.author_id
    WHERE rules -> 'trust' ? CASE seat.member_type WHEN 'agent' THEN 'agent' ELSE seat.role END
      AND (seat.muted_until IS NULL OR seat.muted_until <= said_at)
      AND NOT (room.follows_links AND said.message ->> 'message' LIKE '%://%')
      AND (said.client_message_id IS NULL OR said.attempt = 1 AND NOT EXISTS (
            -- OFFSET 0: a look into the index for each, never one pass over all there ever was
            SELECT FROM messages known
            WHERE known.author_id = said.author_id AND known.client_message_id = said.client_message_id OFFSET 0))
  ),
  placed AS (
    SELECT admitted.*, last_seq + row_number() OVER spoken AS seq,
           CASE WHEN is_public THEN last_public_seq + count(*) FILTER (WHERE is_public) OVER spoken END AS public_seq
    FROM admitted WINDOW spoken AS (PARTITION BY room_id ORDER BY ordinal)
  ),
  stored AS MATERIALIZED (
    SELECT placed.*, message || jsonb_build_object('seq', seq, 'trust', trust, 'timestamp', instant) AS whole FROM placed
  ),
  heads AS (
    UPDATE rooms SET
      last_seq = rooms.last_seq + entries,
      last_public_seq = rooms.last_public_seq + public_entries,
      -- To five seconds: whatever changes an indexed column puts the row into every index of its table again
      last_activity_at = CASE WHEN (public_entries > 0 OR visibility = 'private') AND at > last_activity_at + interval '5 seconds'
                              THEN at ELSE last_activity_at END
    FROM (
      SELECT room_id, at, count(*) AS entries, count(*) FILTER (WHERE is_public) AS public_entries
      FROM admitted GROUP BY room_id, at
    ) grown
    WHERE rooms.id = grown.room_id
  ),
  entries AS (
    INSERT INTO room_events (room_id, seq, id, type, actor_type, actor_id, actor_name, visibility, payload, public_seq, public_payload, created_at)
    SELECT room_id, seq, id, 'chat.message', message -> 'author' ->> 'type', author_id, message -> 'author' ->> 'name',
           CASE WHEN is_public THEN 'public' ELSE 'members' END, jsonb_build_object('message', whole), public_seq,
           CASE WHEN is_public THEN view END, at
    FROM stored
  ),
  texts AS (
    INSERT INTO messages (id, room_id, seq, author_type, author_id, author_name, body, visibility, trust, client_message_id, created_at)
    SELECT id, room_id, seq, message -> 'author' ->> 'type', author_id, message -> 'author' ->> 'name', message ->> 'message',
           message ->> 'visibility', trust, client_message_id, at
    FROM stored ORDER BY author_id, client_message_id -- two servers that are sent the same messages wait for each other in one direction only
  )
  SELECT ordinal, seq, public_seq, trust, epoch, at FROM stored ORDER BY ordinal;
END $$`;

/** Many messages in one transaction. */
export class MessageLane1763900000000 implements MigrationInterface {
  name = 'MessageLane1763900000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(STORE_MESSAGES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION store_messages');
  }
}
